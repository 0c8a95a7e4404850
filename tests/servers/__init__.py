"""Real servers for the tests, each started at most once by each process that runs tests and stopped by its process id."""

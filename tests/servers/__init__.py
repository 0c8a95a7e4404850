"""Real servers for the tests, each started at most once a session and stopped by its process id."""

"""python -m graphql_api is the command `expense`."""

from graphql_api.cli import main

main()

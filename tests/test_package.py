"""The package's own facts."""

from importlib.metadata import version

import graphql_api


def test_installed_version_is_the_packages() -> None:
    assert version("expense-ledger") == graphql_api.__version__

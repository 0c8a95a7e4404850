"""An OpenID Connect provider for the tests."""

from collections.abc import Iterator

import pytest

from tests.identity.publishing import Publisher
from tests.identity.running import Provider


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """A provider whose keys no test rotates."""
    with Provider(tmp_path_factory.mktemp("provider") / "provider.log") as running:
        yield running


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A server that publishes whatever a test wants."""
    with Publisher() as running:
        yield running

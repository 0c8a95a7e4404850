"""The service that generated requests are sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rest.service import Service, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server of its own process."""
    with running(tmp_path_factory.mktemp("schemathesis")) as found:
        yield found

"""Helm as tools/build builds it."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.named import ignored_unless_named

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHART = ROOT / "helm"
ENVIRONMENTS = ("dev", "staging", "prod")
GIVEN = {
    "image.repository": "registry.example/expense",
    "ingress.host": "ledger.example.org",
    "secrets.store.name": "aws",
    "secrets.remote.database": "expense/dev/database",
    "secrets.remote.redis": "expense/dev/redis",
}

Helm = Callable[..., "subprocess.CompletedProcess[str]"]
Render = Callable[..., list[dict[str, Any]]]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these out of a run that does not name them: Helm takes minutes to build."""
    return ignored_unless_named(HERE, collection_path, config)


@pytest.fixture(scope="session")
def helm_program() -> str:
    """Where Helm is."""
    build = [str(ROOT / "tools" / "build"), "kubernetes"]
    built = subprocess.run(build, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own script
    return str(Path(built.stdout.strip()) / "helm")


@pytest.fixture(scope="session")
def helm(helm_program: str) -> Helm:
    """Runs Helm on the chart with an environment's values and others."""

    def run(*words: str, environment: str = "dev", **values: str) -> "subprocess.CompletedProcess[str]":
        given = {**GIVEN, **{name.replace("__", "."): value for name, value in values.items()}}
        flags = [flag for name, value in given.items() for flag in ("--set", f"{name}={value}")]
        command = [helm_program, *words, str(CHART), "--values", str(CHART / f"values-{environment}.yaml"), *flags]
        return subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  built by us

    return run


@pytest.fixture(scope="session")
def render(helm: Helm) -> Render:
    """Gives the manifests as they are sent."""

    def run(environment: str = "dev", **values: str) -> list[dict[str, Any]]:
        ended = helm("template", "expense", environment=environment, **values)
        assert ended.returncode == 0, ended.stderr
        return [document for document in yaml.safe_load_all(ended.stdout) if document]

    return run

"""The cluster, its operators' custom resources, and Helm on it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster.control_plane import ROOT, ControlPlane, module
from tests.named import ignored_unless_named

HERE = Path(__file__).parent
CHART = ROOT / "helm"
CRDS = {
    "github.com/prometheus-operator/prometheus-operator": (
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
    ),
    "github.com/external-secrets/external-secrets": ("config/crds/bases/external-secrets.io_externalsecrets.yaml",),
}
GIVEN = {
    "image.repository": "registry.example/expense",
    "image.tag": "1.0.0",
    "ingress.host": "ledger.example.org",
    "secrets.store.name": "aws",
    "secrets.remote.database": "expense/database-url",
    "secrets.remote.redis": "expense/redis-url",
    "migration.backoffLimit": "0",
}

Helm = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these out of a run that does not name them: the control plane takes minutes to build."""
    return ignored_unless_named(HERE, collection_path, config)


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of what tools/kubernetes builds."""
    return built("kubernetes")


def built(name: str) -> Path:
    """The folder of the tools that tools/<name> pins, built if they are not there."""
    done = subprocess.run([ROOT / "tools" / "build", name], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def cluster(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that knows what the chart makes."""
    with ControlPlane(programs, tmp_path_factory.mktemp("cluster")) as running:
        for path, files in CRDS.items():
            for file in files:
                content = yaml.safe_load((module("crds", path) / file).read_text())
                running.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", content)
        yield running


@pytest.fixture(scope="session")
def helm(programs: Path, cluster: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """Runs Helm on the cluster; words come first, then whole flags by their names."""
    home = tmp_path_factory.mktemp("helm")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig), "HELM_CACHE_HOME": str(home)}
        command = [str(programs / "helm"), *words]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603

    return run


def values(environment: str, **others: str) -> list[str]:
    """The flags of a release's values."""
    given = {**GIVEN, **{name.replace("__", "."): value for name, value in others.items()}}
    files = ["--values", str(CHART / f"values-{environment}.yaml")]
    return [*files, *(word for name, value in given.items() for word in ("--set", f"{name}={value}"))]

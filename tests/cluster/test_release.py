"""A release's life on a cluster: installed, upgraded, taken back when it fails, tested, removed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster.conftest import CHART, Helm, values
from tests.cluster.control_plane import ControlPlane

ENVIRONMENTS = ("dev", "staging", "prod")
KINDS = (
    "/api/v1/namespaces/{}/services",
    "/api/v1/namespaces/{}/configmaps",
    "/apis/apps/v1/namespaces/{}/deployments",
    "/apis/autoscaling/v2/namespaces/{}/horizontalpodautoscalers",
    "/apis/batch/v1/namespaces/{}/jobs",
    "/apis/networking.k8s.io/v1/namespaces/{}/ingresses",
    "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "/apis/policy/v1/namespaces/{}/poddisruptionbudgets",
    "/apis/monitoring.coreos.com/v1/namespaces/{}/servicemonitors",
    "/apis/monitoring.coreos.com/v1/namespaces/{}/prometheusrules",
)


class Release:
    """One release in a namespace of its own."""

    def __init__(self, helm: Helm, cluster: ControlPlane, environment: str) -> None:
        """Make the namespace, which takes only pods of Pod Security's strictest level."""
        self._helm = helm
        self._cluster = cluster
        self.environment = environment
        self.namespace = f"expense-{environment}"
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        cluster.create("/api/v1/namespaces", {"metadata": {"name": self.namespace, "labels": labels}})

    def upgrade(self, **given: str) -> tuple[int, str]:
        """Install or upgrade it; gives the exit status and what was said."""
        words = ("upgrade", "--install", "expense", str(CHART), "--rollback-on-failure", "--wait", "--timeout", "3m")
        done = self._helm(*words, "--namespace", self.namespace, *values(self.environment, **given))
        return done.returncode, done.stdout + done.stderr

    def run(self, *words: str) -> str:
        """Run another command of Helm on it, which must succeed."""
        done = self._helm(*words, "--namespace", self.namespace)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        """What Helm says of it."""
        found: dict[str, Any] = json.loads(self.run("status", "expense", "--output", "json"))
        return found

    def deployment(self) -> dict[str, Any]:
        """The servers' deployment as it is now."""
        path = f"/apis/apps/v1/namespaces/{self.namespace}/deployments/expense"
        found: dict[str, Any] = self._cluster.get(path)
        return found

    def image(self) -> str:
        """The image that the servers run."""
        return str(self.deployment()["spec"]["template"]["spec"]["containers"][0]["image"])

    def left(self) -> list[str]:
        """What of the release is there."""
        return [
            f"{path}: {one['metadata']['name']}"
            for path in KINDS
            for one in self._cluster.get(path.format(self.namespace))["items"]
            if one["metadata"]["name"].startswith("expense")
        ]


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def release(request: pytest.FixtureRequest, helm: Helm, cluster: ControlPlane) -> Iterator[Release]:
    """A release that was installed."""
    found = Release(helm, cluster, request.param)
    status, told = found.upgrade()
    assert status == 0, told
    yield found
    # a migration that failed stays, for its log, until the next one
    status, told = found.upgrade()
    assert status == 0, told
    found.run("uninstall", "expense", "--wait", "--timeout", "2m")
    assert found.left() == []


def test_an_install_is_ready(release: Release) -> None:
    assert release.status()["info"]["status"] == "deployed"
    least = {"dev": 1, "staging": 2, "prod": 3}[release.environment]
    # a first install begins with one; the autoscaler brings it to its least
    until = time.monotonic() + 120
    while release.deployment()["status"].get("availableReplicas", 0) < least:
        assert time.monotonic() < until, release.deployment()["status"]
        time.sleep(1)
    assert release.deployment()["spec"]["replicas"] == least


def test_helm_test_asks_the_release(release: Release) -> None:
    assert "Phase:          Succeeded" in release.run("test", "expense", "--timeout", "2m")


def test_an_upgrade_replaces_the_servers(release: Release) -> None:
    status, told = release.upgrade(image__tag="1.1.0")
    assert status == 0, told
    assert release.image() == "registry.example/expense:1.1.0"
    assert release.deployment()["status"]["updatedReplicas"] == release.deployment()["spec"]["replicas"]


def test_what_helm_applies_belongs_to_helm_alone(release: Release) -> None:
    status, told = release.upgrade(image__tag="1.1.0")
    assert status == 0, told
    assert "conflict" not in told.lower()
    appliers = {
        entry["manager"]
        for entry in release.deployment()["metadata"]["managedFields"]
        if entry["operation"] == "Apply" and "subresource" not in entry
    }
    assert appliers == {"helm"}


def test_an_upgrade_whose_migration_fails_is_taken_back(release: Release) -> None:
    before = release.image()
    revision = release.status()["version"]
    status, told = release.upgrade(image__tag="broken")
    assert status != 0
    assert "expense-migrate" in told or "failed" in told.lower()
    assert release.image() == before
    assert release.status()["info"]["status"] == "deployed"
    assert release.status()["version"] > revision


def test_a_pod_that_asks_for_too_much_is_refused(release: Release, cluster: ControlPlane) -> None:
    pod = {"metadata": {"name": "root"}, "spec": {"containers": [{"name": "one", "image": "x"}]}}
    answer = cluster.client.post(f"/api/v1/namespaces/{release.namespace}/pods", json=pod)
    assert answer.status_code == 403
    assert "restricted" in answer.text

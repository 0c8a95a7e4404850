"""What the chart renders for each environment, and that the service runs with exactly that."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_api.database.engine import open_engines
from graphql_api.database.schema import migrate
from graphql_api.settings import Settings
from tests.chart.conftest import CHART, ENVIRONMENTS, Helm, Render
from tests.http.running import RunningServer
from tests.servers.ports import LOOPBACK, free_port

KINDS = {
    "Deployment",
    "Service",
    "ServiceAccount",
    "Ingress",
    "PodDisruptionBudget",
    "NetworkPolicy",
    "ExternalSecret",
    "Job",
    "ServiceMonitor",
    "Pod",
}


def pods(manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The specification of every pod, of the deployment, the migration and the test."""
    return [
        one["spec"] if one["kind"] == "Pod" else one["spec"]["template"]["spec"]
        for one in manifests
        if one["kind"] in {"Deployment", "Job", "Pod"}
    ]


def server(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [one for one in manifests if one["kind"] == "Deployment"]
    container: dict[str, Any] = found["spec"]["template"]["spec"]["containers"][0]
    return container


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_it_is_clean_and_whole(helm: Helm, render: Render, environment: str) -> None:
    ended = helm("lint", "--strict", environment=environment)
    assert ended.returncode == 0, ended.stdout
    scales = {"HorizontalPodAutoscaler"} if environment != "dev" else set()
    rules = {"PrometheusRule"} if list(CHART.glob("files/rules/*.yaml")) else set()
    boards = {"ConfigMap"} if list(CHART.glob("files/dashboards/*.json")) else set()
    assert {one["kind"] for one in render(environment)} == KINDS | scales | rules | boards


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_pod_is_restricted(render: Render, environment: str) -> None:
    found = pods(render(environment))
    assert len(found) == 3
    for pod in found:
        assert pod["enableServiceLinks"] is False
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]


def test_a_pod_outlasts_the_load_balancer_and_its_requests(render: Render) -> None:
    (found,) = [one for one in render() if one["kind"] == "Deployment"]
    pod = found["spec"]["template"]["spec"]
    waits = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    environment = {one["name"]: one.get("value") for one in pod["containers"][0]["env"]}
    assert pod["terminationGracePeriodSeconds"] > waits + int(environment["EXPENSE_SHUTDOWN_TIMEOUT"])


def test_only_the_servers_are_behind_the_service(render: Render) -> None:
    manifests = render()
    (service,) = [one for one in manifests if one["kind"] == "Service"]
    wanted = service["spec"]["selector"].items()
    labels = {
        one["kind"]: (one if one["kind"] == "Pod" else one["spec"]["template"])["metadata"]["labels"].items()
        for one in manifests
        if one["kind"] in {"Deployment", "Job", "Pod"}
    }
    assert [kind for kind, found in labels.items() if wanted <= found] == ["Deployment"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"image__repository": ""}, "/image/repository"),
        ({"image__tag": "latest"}, "/image/tag"),
        ({"ingress__host": ""}, "/ingress/host"),
        ({"secrets__store__name": ""}, "/secrets/store/name"),
        ({"ingres__host": "x"}, "ingres"),
        ({"settings__host": "0.0.0.0"}, "'host'"),  # noqa: S104  it is refused
        ({"ingress__certificateArn": "x"}, "/ingress/certificateArn"),
        ({"identity__mode": "ldap"}, "/identity/mode"),
        ({"identity__mode": "oidc", "identity__audience": "x"}, "/identity/issuer"),
        ({"identity__mode": "oidc", "identity__issuer": "https://a.example"}, "/identity/audience"),
        ({"identity__issuer": "http://a.example"}, "/identity/issuer"),
        ({"settings__oidc_issuer": "https://a.example"}, "'oidc_issuer'"),
    ],
)
def test_a_wrong_value_is_refused_by_name(helm: Helm, value: dict[str, str], words: str) -> None:
    ended = helm("template", "expense", **value)
    assert ended.returncode != 0
    assert words in ended.stderr


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_variable_is_a_setting(render: Render, environment: str) -> None:
    known = {f"EXPENSE_{name.upper()}" for name in Settings.model_fields}
    assert {one["name"] for one in server(render(environment))["env"]} <= known


ISSUER = {"identity__mode": "oidc", "identity__issuer": "https://a.example", "identity__audience": "urn:expense"}


def test_with_an_issuer_callers_say_who_they_are(render: Render) -> None:
    manifests = render(**ISSUER)
    given = {one["name"]: one.get("value") for one in server(manifests)["env"]}
    assert "EXPENSE_INSECURE_BIND" not in given
    variables = {name.removeprefix("EXPENSE_").lower(): value for name, value in given.items() if value is not None}
    settings = Settings.model_validate(variables)
    assert (settings.identity, settings.oidc_issuer, settings.oidc_audience) == (
        "oidc",
        "https://a.example",
        "urn:expense",
    )
    assert 443 in _egress(manifests)
    assert 443 not in _egress(render())
    by_token = {one["name"]: one.get("value") for one in server(render(identity__mode="tokens"))["env"]}
    assert by_token["EXPENSE_IDENTITY"] == "tokens"
    assert not {"EXPENSE_INSECURE_BIND", "EXPENSE_OIDC_ISSUER"} & set(by_token)


def _egress(manifests: list[dict[str, Any]]) -> set[int]:
    (policy,) = [one for one in manifests if one["kind"] == "NetworkPolicy"]
    return {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}


def test_metrics_are_not_behind_the_load_balancer(render: Render) -> None:
    (ingress,) = [one for one in render() if one["kind"] == "Ingress"]
    first, *_ = ingress["spec"]["rules"][0]["http"]["paths"]
    assert (first["path"], first["pathType"]) == ("/metrics", "Exact")
    action = ingress["metadata"]["annotations"][
        f"alb.ingress.kubernetes.io/actions.{first['backend']['service']['name']}"
    ]
    assert json.loads(action)["fixedResponseConfig"]["statusCode"] == "404"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_service_serves_with_exactly_this_environment(render: Render, tmp_path: Path, environment: str) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'ledger.sqlite3'}"
    asyncio.run(_migrated(url))
    given = {one["name"]: one.get("value") for one in server(render(environment))["env"]}
    secrets = {name for name, value in given.items() if value is None}
    assert secrets == {"EXPENSE_DATABASE_URL", "EXPENSE_REDIS_URL"}
    variables = {name: value for name, value in given.items() if value is not None}
    running = RunningServer(
        [sys.executable, "-m", "graphql_api", "serve"],
        log=tmp_path / "log",
        environment={
            "PATH": os.environ["PATH"],
            **variables,
            "EXPENSE_DATABASE_URL": url,
            # the pod's own address and port, which a test must not take
            "EXPENSE_HOST": LOOPBACK,
            "EXPENSE_PORT": str(free_port()),
        },
        directory=tmp_path,
    )
    try:
        address = running.address()
        host = {"Host": "ledger.example.org"}
        assert httpx.get(f"{address}/readyz", headers=host).status_code == httpx.codes.OK
        answer = httpx.post(f"{address}/graphql", json={"query": "{ ledger { version } }"}, headers=host)
        assert answer.json()["data"] == {"ledger": {"version": 1}}
        assert httpx.get(f"{address}/readyz", headers={"Host": "elsewhere.example"}).status_code == 421
        assert "is no setting" not in running.output()
    finally:
        running.process.stop()


async def _migrated(url: str) -> None:
    engines = open_engines(url)
    await migrate(engines.write)
    await engines.dispose()


def test_alerts_link_to_where_the_runbooks_are_read(render: Render) -> None:
    rules = [one for one in render(monitoring__runbooks="https://wiki.example/ops") if one["kind"] == "PrometheusRule"]
    links = [
        rule["annotations"]["runbook_url"]
        for one in rules
        for group in one["spec"]["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]
    assert links
    assert all(link.startswith("https://wiki.example/ops#expense") for link in links)


def test_what_is_scraped_is_the_job_that_alerts_ask_for(render: Render) -> None:
    (monitor,) = [one for one in render() if one["kind"] == "ServiceMonitor"]
    assert monitor["spec"]["endpoints"][0]["relabelings"] == [{"targetLabel": "job", "replacement": "expense"}]


def test_the_databases_authorities_are_mounted_where_the_address_names_them(render: Render) -> None:
    documents = render(database__authorities="rds-authorities")
    pods = [one["spec"]["template"]["spec"] for one in documents if one["kind"] in {"Deployment", "Job"}]
    assert len(pods) == 2
    for pod in pods:
        (mount,) = [one for one in pod["containers"][0]["volumeMounts"] if one["name"] == "authorities"]
        assert (mount["mountPath"], mount["readOnly"]) == ("/etc/expense/authorities", True)
        assert {"name": "authorities", "configMap": {"name": "rds-authorities"}} in pod["volumes"]

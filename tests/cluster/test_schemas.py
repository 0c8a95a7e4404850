"""The manifests are of the shapes that this very API server tells, without a cluster at hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import CHART, Helm, built, values
from tests.cluster.control_plane import ControlPlane

Schema = dict[str, Any]


@pytest.fixture(scope="module")
def schemas(cluster: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of JSON schemas, made of the server's own description."""
    folder = tmp_path_factory.mktemp("schemas")
    definitions: dict[str, Schema] = cluster.get("/openapi/v2")["definitions"]
    for definition in definitions.values():
        strict(definition)
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", ()):
            group = f"-{kind['group'].split('.')[0]}" if kind["group"] else ""
            file = folder / f"{kind['kind'].lower()}{group}-{kind['version']}.json"
            file.write_text(json.dumps({"$ref": f"#/definitions/{name}", "definitions": definitions}))
    return folder


def strict(schema: Any) -> None:
    """Let an object have the properties that are named and no others, and a number or text be either."""
    if isinstance(schema, list):
        for one in schema:
            strict(one)
    if not isinstance(schema, dict):
        return
    if schema.get("format") == "int-or-string":
        schema.pop("type", None)
        schema["anyOf"] = [{"type": "string"}, {"type": "integer"}]
    if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        schema.setdefault("additionalProperties", False)
    for one in schema.values():
        strict(one)


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_every_manifest_is_valid(helm: Helm, schemas: Path, environment: str) -> None:
    rendered = helm("template", "expense", str(CHART), *values(environment))
    assert rendered.returncode == 0, rendered.stderr
    told = checked(schemas, rendered.stdout)
    assert told["summary"]["invalid"] == told["summary"]["errors"] == told["summary"]["skipped"] == 0, told
    assert told["summary"]["valid"] > 10


def test_a_misspelt_field_is_found(helm: Helm, schemas: Path) -> None:
    rendered = helm("template", "expense", str(CHART), *values("prod"))
    told = checked(
        schemas, rendered.stdout.replace("minAvailable:", "minAvailabel:").replace("maxUnavailable:", "most:")
    )
    assert told["summary"]["invalid"] > 0


def checked(schemas: Path, manifests: str) -> Any:
    """What kubeconform says of manifests."""
    location = f"{schemas}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
    command = [str(built("lint") / "kubeconform"), "-summary", "-output", "json", "-schema-location", location]
    done = subprocess.run(command, input=manifests, capture_output=True, text=True, check=False)  # noqa: S603
    return json.loads(done.stdout)

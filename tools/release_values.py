"""Turn what the infrastructure made into values of the chart.

    python3 tools/release_values.py REPOSITORY@sha256:DIGEST FOLDER

The folder holds the outputs of the units edge and secrets, each in a file of its name, as `terragrunt output -json`
prints them. The values are printed as JSON, which Helm reads as YAML.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any


def values(image: str, edge: dict[str, Any], secrets: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a release.

    Raises:
        LookupError: if a unit does not put out what the chart needs: it has not been applied as it is now.
    """
    repository, _, digest = image.partition("@")
    names = _output(secrets, "secret_names")
    return {
        "image": {"repository": repository, "digest": digest},
        "ingress": {
            "host": _output(edge, "domain_name"),
            "certificateArn": _output(edge, "certificate_arn"),
            "webAclArn": _output(edge, "web_acl_arn"),
            "securityGroup": _output(edge, "security_group_id"),
            "accessLogsBucket": _output(edge, "access_log_bucket_name"),
        },
        "database": {"authorities": "rds-authorities"},
        "secrets": {
            "store": {"name": "aws"},
            "remote": {"database": names["database-url"], "redis": names["redis-url"]},
        },
    }


def _output(outputs: dict[str, Any], name: str) -> Any:
    found = outputs[name]["value"]
    if not found:
        raise LookupError(f"the output {name} is empty")
    return found


def main() -> int:
    """Print the values."""
    parser = ArgumentParser(description="Turn what the infrastructure made into values of the chart.")
    parser.add_argument("image", help="REPOSITORY@sha256:DIGEST")
    parser.add_argument("folder", type=Path, help="with the outputs of the units edge and secrets")
    given = parser.parse_args()
    edge, secrets = (json.loads((given.folder / f"{unit}.json").read_text()) for unit in ("edge", "secrets"))
    try:
        print(json.dumps(values(given.image, edge, secrets), indent=2))
    except LookupError as error:
        print(f"tools/release_values.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

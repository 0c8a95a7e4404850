"""Tell a workflow which role to assume in an account, where, and which registry is the account's.

    python3 tools/account.py ACCOUNT ROLE

Prints `role`, `region` and `repository` as NAME=VALUE, from the folders of live/ and live/organisation.hcl.
Needs nothing but Python: a workflow asks before it has any credentials.
"""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNIT = "account"
"""Folder beside the environments of what an account has once: its roles and registries."""


def outputs(account: str, role: str, root: Path = ROOT) -> dict[str, str]:
    """Return what a workflow needs to know of an account.

    Raises:
        LookupError: if live/ has no such account, or the account's number is not filled in.
    """
    text = (root / "live" / "organisation.hcl").read_text()
    project = re.search(r'^  project = "([a-z0-9-]+)"$', text, re.MULTILINE)
    number = re.search(rf'^    {re.escape(account)} +?= "([0-9]{{12}})"$', text, re.MULTILINE)
    regions = sorted(folder.parent.name for folder in (root / "live" / account).glob(f"*/{UNIT}"))
    if project is None or number is None or len(regions) != 1:
        raise LookupError(f"live/organisation.hcl or live/ does not have the account {account!r}")
    name, region = f"{project[1]}-{UNIT}", regions[0]
    return {
        "role": f"arn:aws:iam::{number[1]}:role/{name}-{role}",
        "region": region,
        "repository": f"{number[1]}.dkr.ecr.{region}.amazonaws.com/{name}/api",
    }


def main() -> int:
    """Print the outputs."""
    parser = ArgumentParser(description="Tell a workflow what it needs to know of an account.")
    parser.add_argument("account", help="name of a folder in live/")
    parser.add_argument("role", help="such as plan or deploy-dev")
    given = parser.parse_args()
    try:
        found = outputs(given.account, given.role)
    except LookupError as error:
        print(f"tools/account.py: {error}", file=sys.stderr)
        return 1
    print("\n".join(f"{name}={value}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

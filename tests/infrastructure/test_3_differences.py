"""Environments differ in exactly what their env.hcl says, and in nothing else."""

import json
import re
from itertools import combinations

import pytest

from tests.infrastructure import programs
from tests.infrastructure.conftest import ENVIRONMENTS
from tests.infrastructure.layout import Layout, Plan

Input = tuple[str, str]  # unit, variable

# What the wiring in live/_env makes of a value that is no unit's input by itself.
DERIVED: dict[str, set[Input]] = {
    "api_server_public": {("eks", "endpoint_public_access_cidrs")},
    "log_retention_days": set(),  # an input of every unit, added below
    "protected": {
        ("backups", "force_destroy"),
        ("edge", "force_destroy"),
        ("elasticache", "secret_recovery_window_days"),
        ("kms", "deletion_window_in_days"),
        ("rds", "apply_immediately"),
        ("rds", "deletion_protection"),
        ("rds", "skip_final_snapshot"),
        ("secrets", "recovery_window_days"),
    },
    "subdomain": set(),  # the same name as the environment's, which every input is freed of
    "zone_count": {
        ("vpc", "availability_zones"),
        ("eks", "subnet_ids"),
        ("elasticache", "subnet_ids"),
        ("rds", "subnet_ids"),
    },
}


def _written(environment: str) -> dict[str, str]:
    """Return what env.hcl says: scalars by name, inputs as ``unit.variable``."""
    found, unit, name = {}, "", ""
    for line in (programs.ROOT / "live" / environment / "env.hcl").read_text().splitlines():
        if block := re.fullmatch(r'  "?([\w-]+)"? = \{', line):
            unit = block[1]
        elif line == "  }":
            unit = ""
        elif value := re.fullmatch(r"  (  )?(\w+) += (.+)", line):
            name = f"{unit}.{value[2]}" if value[1] else value[2]
            found[name] = value[3]
        elif unit and line.startswith("      "):
            found[name] += line.strip()
    return found


def _inputs(layout: Layout, plans: dict[str, Plan], environment: str) -> dict[Input, object]:
    """Return every unit's inputs from its plan, freed of names, numbers and addresses of their own."""
    account, _, name = environment.split("/")
    text = json.dumps(
        {
            unit.rsplit("/", 1)[1]: {key: value["value"] for key, value in plan["variables"].items()}
            for unit, plan in plans.items()
            if unit.startswith(f"{environment}/")
        }
    )
    zone, project = layout.setting("domain"), layout.setting("project")
    domain = zone if account == "prod" else f"{name}.{account}.{zone}"
    for own, common in (
        (layout.account_ids()[account], "ACCOUNT"),
        (domain, "DOMAIN"),
        (f"deploy-{name}", "deploy-NAME"),
        (f"{project}-{name}", f"{project}-NAME"),
        (f'"{name}"', '"NAME"'),
    ):
        text = text.replace(own, common)
    text = re.sub(r"\b(vpc|subnet|sg)-[0-9a-f]{8,}", r"\1-ID", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text)
    text = re.sub(r'\bZ[0-9A-Z]{8,}"', 'ZONE"', text)
    text = re.sub(r"(secret:[^\"]*)-[0-9A-Za-z]{6}\"", r'\1-SUFFIX"', text)
    text = re.sub(r"secret:rds![^\"]*", "secret:rds", text)
    units = json.loads(text)
    return {(unit, variable): value for unit, own in units.items() for variable, value in own.items()}


@pytest.mark.parametrize(("first", "second"), list(combinations(ENVIRONMENTS, 2)))
def test_two_environments_differ_in_what_env_hcl_says(
    applied: Layout, plans: dict[str, Plan], first: str, second: str
) -> None:
    one, other = _inputs(applied, plans, first), _inputs(applied, plans, second)
    different = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}

    written, written_other = _written(first), _written(second)
    expected: set[Input] = set()
    for name in written.keys() | written_other.keys():
        if written.get(name) == written_other.get(name):
            continue
        unit, dot, variable = name.partition(".")
        expected |= {(unit, variable)} if dot else DERIVED[name]
        if name == "log_retention_days":
            expected |= {key for key in one if key[1] == name}
    # A default that one of them says again is no difference of values.
    expected = {key for key in expected if key in different}
    # The range of the network reaches further units as an output.
    expected |= {(unit, "vpc_cidr_block") for unit in ("bastion", "edge")}
    assert different == expected


def test_no_module_knows_an_environment() -> None:
    """A module that asked for the environment's name could differ behind env.hcl's back."""
    for file in programs.ROOT.glob("modules/*/*.tf"):
        text = re.sub(r'description\s+= (".*"|<<-EOT.*?EOT)', "", file.read_text(), flags=re.DOTALL)
        assert not re.search(r'"(dev|staging|prod)"', text), file

#!/usr/bin/env python3
"""Adds up what each environment costs a month, from Terraform's plans and a table of list prices.

    tools/cost.py write .cache/plans    writes docs/cost.md
    tools/cost.py check .cache/plans    exits with 1 where docs/cost.md says something else

``make test-infra`` leaves the plans there, one JSON file a unit, as Terraform writes them.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "cost.md"
PRICES = json.loads(Path(__file__).with_name("prices.json").read_text())
HOURS = PRICES["hours_a_month"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One line of the bill.

    Attributes:
        name: What is paid for.
        quantity: How many of it.
        price: US dollars a month for one.
    """

    name: str
    quantity: float
    price: float

    @property
    def cost(self) -> float:
        """US dollars a month."""
        return self.quantity * self.price


def _hourly(name: str, quantity: float = 1) -> Item:
    return Item(name, quantity, PRICES["hourly"][name] * HOURS)


def _monthly(name: str, quantity: float = 1) -> Item:
    return Item(name, quantity, PRICES["monthly"][name])


def _node_group(row: Row) -> list[Item]:
    spot = " spot" if row["capacity_type"] == "SPOT" else ""
    nodes = row["scaling_config"][0]["desired_size"]
    return [_hourly(f"{row['instance_types'][0]}{spot}", nodes)]


def _instance(row: Row) -> list[Item]:
    disk = row["root_block_device"][0]["volume_size"]
    return [_hourly(row["instance_type"]), _monthly("gp3 volume GiB", disk)]


def _database(row: Row) -> list[Item]:
    standby = " multi-az" if row["multi_az"] else ""
    storage = _monthly(f"database gp3 GiB{standby}", row["allocated_storage"])
    # The administrator's secret is RDS's own, so no resource of Terraform stands for it.
    return [_hourly(f"{row['instance_class']}{standby}"), storage, _monthly("secret")]


def _cache(row: Row) -> list[Item]:
    return [_hourly(f"{row['node_type']} {row['engine']}", row["num_cache_clusters"])]


def _endpoint(row: Row) -> list[Item]:
    if row["vpc_endpoint_type"] != "Interface":
        return []
    return [_hourly("interface endpoint", len(row["subnet_ids"]))]


def _web_acl(row: Row) -> list[Item]:
    return [_monthly("web ACL"), _monthly("web ACL rule", len(row["rule"]))]


BILLED: dict[str, Callable[[Row], list[Item]]] = {
    "aws_cloudwatch_dashboard": lambda _: [_monthly("dashboard")],
    "aws_cloudwatch_metric_alarm": lambda _: [_monthly("alarm")],
    "aws_db_instance": _database,
    "aws_eip": lambda _: [_hourly("public IPv4 address")],
    "aws_eks_cluster": lambda _: [_hourly("eks cluster, standard support")],
    "aws_eks_node_group": _node_group,
    "aws_elasticache_replication_group": _cache,
    "aws_instance": _instance,
    "aws_kms_key": lambda _: [_monthly("KMS key")],
    "aws_nat_gateway": lambda _: [_hourly("nat gateway")],
    "aws_route53_zone": lambda _: [_monthly("hosted zone")],
    "aws_secretsmanager_secret": lambda _: [_monthly("secret")],
    "aws_vpc_endpoint": _endpoint,
    "aws_wafv2_web_acl": _web_acl,
}


def _resources(module: Row) -> Iterator[Row]:
    yield from (row for row in module.get("resources", []) if row["mode"] == "managed")
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _node_disks(rows: list[Row]) -> list[Item]:
    """The nodes' volumes: a launch template says their size, a node group how many there are."""
    groups = [row["values"] for row in rows if row["type"] == "aws_eks_node_group"]
    templates = [row["values"] for row in rows if row["type"] == "aws_launch_template"]
    sizes = {row["id"]: row["block_device_mappings"][0]["ebs"][0]["volume_size"] for row in templates}
    items = []
    for group in groups:
        template = group["launch_template"][0]["id"]
        items.append(_monthly("gp3 volume GiB", sizes[template] * group["scaling_config"][0]["desired_size"]))
    return items


def _assumed(environment: str) -> list[Item]:
    """What no resource of Terraform's stands for: the ingress's load balancer, and traffic."""
    assumed = PRICES["assumed"]
    zones = assumed["load balancer addresses"]
    return [
        _hourly("load balancer"),
        _hourly("load balancer capacity unit", assumed["load balancer capacity units"]),
        _hourly("public IPv4 address", 2 * zones),
        _monthly("log GiB ingested", assumed["log GiB"][environment]),
        _monthly("NAT GiB", assumed["NAT GiB"][environment]),
        _monthly("backup GiB", assumed["backup GiB"][environment]),
    ]


def _sum(items: list[Item]) -> list[Item]:
    """Return one item a name, the dearest first."""
    every: dict[str, Item] = {}
    for item in items:
        quantity = item.quantity + (every[item.name].quantity if item.name in every else 0)
        every[item.name] = Item(item.name, quantity, item.price)
    return sorted(every.values(), key=lambda item: (-item.cost, item.name))


def bills(plans: Path) -> dict[str, list[Item]]:
    """Return the bill of each environment, and of each account's own units, by name."""
    rows: dict[str, list[Row]] = {}
    for file in sorted(plans.rglob("*.json")):
        account, _, environment, _ = file.relative_to(plans).with_suffix("").parts
        name = f"{account} account" if environment == "account" else environment
        values = json.loads(file.read_text())["planned_values"]["root_module"]
        rows.setdefault(name, []).extend(_resources(values))
    found = {}
    for name, own in rows.items():
        items = [item for row in own if row["type"] in BILLED for item in BILLED[row["type"]](row["values"])]
        items += _node_disks(own)
        if name in PRICES["targets"]:
            items += _assumed(name)
        found[name] = _sum(items)
    return found


def _table(name: str, items: list[Item]) -> list[str]:
    total = sum(item.cost for item in items)
    lines = [f"## {name}: {total:.0f} USD a month", ""]
    if name in PRICES["targets"]:
        low, high = PRICES["targets"][name]
        within = "below" if total < low else "within" if total <= high else "above"
        lines += [f"The target is {low} to {high}: {within} it.", ""]
    lines += ["| item | quantity | USD a month each | USD a month |", "| --- | ---: | ---: | ---: |"]
    lines += [f"| {item.name} | {item.quantity:g} | {item.price:.2f} | {item.cost:.2f} |" for item in items]
    return [*lines, f"| **sum** | | | **{total:.2f}** |", ""]


def page(plans: Path) -> str:
    """Return docs/cost.md."""
    text = Path(__file__).with_name("cost.md").read_text().rstrip("\n")
    found = bills(plans)
    order = [*PRICES["targets"], *sorted(set(found) - set(PRICES["targets"]))]
    lines = [text.format(**{key: PRICES[key] for key in ("date", "region", "source")}), ""]
    for name in order:
        lines += _table(name, found[name])
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write or check the page and return the exit code."""
    if len(arguments) != 2 or arguments[0] not in ("write", "check"):  # noqa: PLR2004 - two arguments
        print("usage: tools/cost.py write|check <folder of plans>", file=sys.stderr)
        return 2
    text = page(Path(arguments[1]))
    if arguments[0] == "write":
        PAGE.write_text(text)
        return 0
    if PAGE.read_text() != text:
        print("docs/cost.md is not what the plans cost: run make docs-infra", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""RDS's event subscriptions, which ministack lacks: made, described, deleted."""

from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import rds

Parameters = dict[str, Any]
Response = tuple[int, dict[str, str], str | bytes]

SUBSCRIPTIONS = AccountRegionScopedDict()


def _members(name: str, values: list[str]) -> str:
    return "".join(f"<{name}>{value}</{name}>" for value in values)


def _xml(row: dict[str, Any]) -> str:
    return (
        f"<CustSubscriptionId>{row['name']}</CustSubscriptionId>"
        f"<EventSubscriptionArn>{row['arn']}</EventSubscriptionArn>"
        f"<CustomerAwsId>{get_account_id()}</CustomerAwsId>"
        f"<SnsTopicArn>{row['topic']}</SnsTopicArn>"
        f"<SourceType>{row['source_type']}</SourceType>"
        f"<SourceIdsList>{_members('SourceId', row['sources'])}</SourceIdsList>"
        f"<EventCategoriesList>{_members('EventCategory', row['categories'])}</EventCategoriesList>"
        f"<Enabled>{row['enabled']}</Enabled>"
        "<Status>active</Status>"
    )


def _answer(action: str, content: str) -> Response:
    inner = f"<{action}Result>{content}</{action}Result>"
    response: Response = rds._xml(200, f"{action}Response", inner)
    return response


def _missing(name: str) -> Response:
    response: Response = rds._error("SubscriptionNotFound", f"No subscription named {name}", 404)
    return response


def _create(parameters: Parameters) -> Response:
    name = rds._p(parameters, "SubscriptionName")
    arn = f"arn:aws:rds:{get_region()}:{get_account_id()}:es:{name}"
    SUBSCRIPTIONS[name] = {
        "name": name,
        "arn": arn,
        "topic": rds._p(parameters, "SnsTopicArn"),
        "source_type": rds._p(parameters, "SourceType"),
        "sources": rds._parse_member_list(parameters, "SourceIds"),
        "categories": rds._parse_member_list(parameters, "EventCategories"),
        "enabled": rds._p(parameters, "Enabled") or "true",
    }
    rds._tags[arn] = rds._parse_tags(parameters)
    content = f"<EventSubscription>{_xml(SUBSCRIPTIONS[name])}</EventSubscription>"
    return _answer("CreateEventSubscription", content)


def _describe(parameters: Parameters) -> Response:
    name = rds._p(parameters, "SubscriptionName")
    if name and name not in SUBSCRIPTIONS:
        return _missing(name)
    rows = [SUBSCRIPTIONS[name]] if name else list(SUBSCRIPTIONS.values())
    every = _members("EventSubscription", [_xml(row) for row in rows])
    content = f"<EventSubscriptionsList>{every}</EventSubscriptionsList>"
    return _answer("DescribeEventSubscriptions", content)


def _delete(parameters: Parameters) -> Response:
    name = rds._p(parameters, "SubscriptionName")
    if name not in SUBSCRIPTIONS:
        return _missing(name)
    row = SUBSCRIPTIONS.pop(name)
    rds._tags.pop(row["arn"], None)
    return _answer("DeleteEventSubscription", f"<EventSubscription>{_xml(row)}</EventSubscription>")


rds._ACTION_MAP["CreateEventSubscription"] = _create
rds._ACTION_MAP["DescribeEventSubscriptions"] = _describe
rds._ACTION_MAP["DeleteEventSubscription"] = _delete

"""Ask a running service whether it works, as a client would: health, the schema, and an error that is one.

    python3 tools/smoke.py https://dev.example.com

Reads only, needs no account of the service, and nothing but Python.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from http import HTTPStatus

LIMIT = 10.0
"""Seconds that an answer may take."""

PATIENCE = 120.0
"""Seconds until a new address must answer: a load balancer's targets need some to become healthy."""

PAUSE = 2.0

Answer = tuple[int, str]


def ask(url: str, body: object = None) -> Answer:
    """Return the status and text of an answer; 0 and the reason if there is none."""
    headers = {"Accept": "application/graphql-response+json, application/health+json;q=0.9, */*;q=0.1"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - an address that the caller chose
    try:
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError as error:
        return 0, str(error)


def ready(url: str) -> str | None:
    """Tell why the service is not ready, None if it is; waits for it."""
    until = time.monotonic() + PATIENCE
    while True:
        status, text = ask(f"{url}/readyz")
        if status == HTTPStatus.OK:
            return None
        if time.monotonic() > until:
            return f"/readyz answered {status}: {text[:200]}"
        time.sleep(PAUSE)


def answers_graphql(url: str) -> str | None:
    """Tell why GraphQL does not answer, None if it does: with data, or by asking who calls."""
    status, text = ask(f"{url}/graphql", {"query": "{ __typename }"})
    if status == HTTPStatus.OK and json.loads(text).get("data") == {"__typename": "Query"}:
        return None
    if status == HTTPStatus.UNAUTHORIZED:
        return None
    return f"/graphql answered {status}: {text[:200]}"


def refuses_nonsense(url: str) -> str | None:
    """Tell why a query of no field is not refused as one, None if it is."""
    status, text = ask(f"{url}/graphql", {"query": "{ noSuchField }"})
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
        return None
    return f"a query of an unknown field was answered with {status}: {text[:200]}"


CHECKS: tuple[Callable[[str], str | None], ...] = (ready, answers_graphql, refuses_nonsense)


def main() -> int:
    """Run every check and print what it found."""
    parser = ArgumentParser(description="Ask a running service whether it works.")
    parser.add_argument("url")
    url = parser.parse_args().url.rstrip("/")
    if not url.startswith(("http://", "https://")):
        parser.error(f"{url} is no address of HTTP")
    failed = 0
    for check in CHECKS:
        trouble = check(url)
        failed += trouble is not None
        print(f"{'ok' if trouble is None else 'FAILED'}  {check.__name__}{'' if trouble is None else ': ' + trouble}")
        if trouble is not None and check is ready:
            break
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

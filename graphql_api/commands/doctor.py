"""expense doctor."""

from __future__ import annotations

import typer

from graphql_api.commands.console import Json, say, say_json

_SIGNS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


def doctor(as_json: Json = False) -> None:
    """Check every setting and dependency, and say what to do. The exit code is 1 if something fails."""
    from graphql_api.commands.checks import examine
    from graphql_api.commands.opening import run

    checks = run(examine())
    failed = any(check.status == "fail" for check in checks)
    if as_json:
        items = [
            {"name": check.name, "status": check.status, "found": check.found, "advice": check.advice}
            for check in checks
        ]
        say_json({"ok": not failed, "checks": items})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            sign, colour = _SIGNS[check.status]
            say(f"{typer.style(sign, fg=colour)}  {check.name:<{width}}  {check.found}")
            if check.advice:
                say(f"      {'':<{width}}  -> {check.advice}")
    if failed:
        raise typer.Exit(1)

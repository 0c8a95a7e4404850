"""expense profiles."""

from __future__ import annotations

from graphql_api.commands.console import Json, note, say, say_json


def profiles(as_json: Json = False) -> None:
    """List the saved profiles of `expense import`."""
    from graphql_api.transfers.profiles import folder, names

    found = names()
    if as_json:
        say_json({"folder": str(folder()), "profiles": found})
        return
    for name in found:
        say(name)
    if not found:
        note(f"No profile is saved in {folder()}: save one with expense import FILE ... --save-profile NAME.")

"""Saved mappings: one TOML file each, in the user's folder of configuration or wherever a path leads."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import platformdirs
import tomli_w

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.transfers.mapping import Mapping

FOLDER_VARIABLE = "EXPENSE_PROFILES_DIR"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def folder() -> Path:
    """Where profiles are saved."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_config_dir("expense-ledger")) / "profiles"


def names() -> list[str]:
    """The saved profiles, by name."""
    return sorted(path.stem for path in folder().glob("*.toml") if _NAME.fullmatch(path.stem))


def load(name_or_path: str) -> Mapping:
    """A profile by its saved name, or by a path, which holds a slash or ends in .toml."""
    path = _path(name_or_path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(names()) or "none yet"
        message = f"There is no profile {name_or_path!r} ({path}). Saved profiles: {known}."
        raise Refused.because(Code.NOT_FOUND, message, "profile") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused.because(Code.INVALID, f"The profile {path} cannot be read: {error}.", "profile") from error
    except tomllib.TOMLDecodeError as error:
        raise Refused.because(Code.INVALID, f"The profile {path} is not TOML: {error}.", "profile") from error
    mapping = Mapping.from_profile(table, str(path))
    mapping.check()
    return mapping


def save(name: str, mapping: Mapping) -> Path:
    """Write a profile, over one of the same name; gives its file."""
    if not _NAME.fullmatch(name):
        message = "A profile's name has letters, digits, - and _, at most 64."
        raise Refused.because(Code.INVALID, message, "save-profile")
    path = folder() / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomli_w.dumps(mapping.to_profile()), encoding="utf-8")
    except OSError as error:
        raise Refused.because(
            Code.INVALID, f"The profile {path} cannot be written: {error}.", "save-profile"
        ) from error
    return path


def _path(name_or_path: str) -> Path:
    if "/" in name_or_path or os.sep in name_or_path or name_or_path.endswith(".toml"):
        return Path(name_or_path)
    if not _NAME.fullmatch(name_or_path):
        message = "A profile is named by letters, digits, - and _, or by the path of its file."
        raise Refused.because(Code.INVALID, message, "profile")
    return folder() / f"{name_or_path}.toml"

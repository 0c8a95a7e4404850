# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""Replaces one function of an emulator by another that may call it."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

Answer = Any
Function = Callable[..., Answer]


def replace(module: ModuleType | type, name: str) -> Callable[[Function], Function]:
    """Put the decorated function in the place of ``module.name``, wherever the module holds it.

    The decorated function gets the replaced one as its first argument. The module's dispatch
    tables captured the function when they were built, so they are rewritten as well.

    Raises:
        AttributeError: The module has no such function (the emulator's version has changed).
    """
    original: Function = getattr(module, name)

    def decorate(function: Function) -> Function:
        def patched(*args: object, **keywords: object) -> Answer:
            return function(original, *args, **keywords)

        setattr(module, name, patched)
        for table in list(vars(module).values()):
            if isinstance(table, dict):
                for key, value in list(table.items()):
                    if value is original:
                        table[key] = patched
        return function

    return decorate

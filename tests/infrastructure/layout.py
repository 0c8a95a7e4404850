# ruff: noqa: S603 - the programs are our own, their arguments too
"""A copy of the live layout, and Terragrunt runs from its live/ folder against the emulators."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.infrastructure import programs
from tests.infrastructure.emulation import Emulation

Plan = dict[str, Any]

COPIED = ("live", "modules", "terragrunt.hcl", ".terragrunt-filters")
PARALLELISM = "4"


class RunError(AssertionError):
    """A Terragrunt run failed; the message holds the errors it printed."""


@dataclass(frozen=True)
class Change:
    """What a plan would do to one resource.

    Attributes:
        address: The resource's address within its unit.
        actions: Terraform's words: no-op, create, update, delete; two of them for a replacement.
    """

    address: str
    actions: tuple[str, ...]


@dataclass
class Layout:
    """A copy of live/ and modules/ in a folder of its own.

    Attributes:
        folder: Holds the copy, the logs of the runs and the plans.
        emulation: The emulators that the runs reach.
    """

    folder: Path
    emulation: Emulation
    _runs: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Copy what the repository holds."""
        ignore = shutil.ignore_patterns(".terragrunt-cache", ".terraform*")
        for name in COPIED:
            source, target = programs.ROOT / name, self.folder / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=ignore)
            else:
                shutil.copy(source, target)

    @property
    def live(self) -> Path:
        """The folder that every run starts from."""
        return self.folder / "live"

    def units(self) -> list[str]:
        """Return every unit's path from live/, for example ``nonprod/us-east-1/dev/vpc``."""
        files = self.live.glob("*/*/*/*/terragrunt.hcl")
        return sorted(str(file.parent.relative_to(self.live)) for file in files)

    def account_ids(self) -> dict[str, str]:
        """Return the number of each account by its folder, as organisation.hcl says."""
        text = (self.live / "organisation.hcl").read_text()
        block = re.search(r"account_ids = {(.*?)}", text, re.DOTALL)
        assert block is not None
        return dict(re.findall(r'(\w+)\s*=\s*"(\d{12})"', block[1]))

    def setting(self, name: str) -> str:
        """Return a text that organisation.hcl gives, for example ``domain``."""
        found = re.search(rf'^  {name} += "(.*)"$', (self.live / "organisation.hcl").read_text(), re.MULTILINE)
        assert found is not None
        return found[1]

    def replace(self, file: str, old: str, new: str) -> None:
        """Edit the copy: ``file`` (from live/) must hold ``old`` exactly once."""
        path = self.live / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} does not hold {old!r} once"
        path.write_text(text.replace(old, new))

    def run(
        self,
        command: str,
        *,
        paths: tuple[str, ...] = (),
        legacy: bool = False,
        variables: dict[str, str] | None = None,
    ) -> str:
        """Run one command over all units, or over those below ``paths`` (from live/).

        Returns:
            Everything it printed.

        Raises:
            RunError: It ended with an error.
        """
        if legacy:
            program, line = programs.terragrunt_legacy(), ["run-all"]
            if paths:
                line.append("--queue-strict-include")
            for path in paths:
                # This version's `**` matches folders only together with what lies in them.
                line += ["--queue-include-dir", f"{path}/**/*"]
        else:
            program, line = programs.terragrunt(), ["run", "--all"]
            for path in paths:
                unit = (self.live / path / "terragrunt.hcl").is_file()
                line += ["--filter", f"./{path}" if unit else f"./{path}/**"]
        return self._execute(program, [*line, command], self.live, variables or {})

    def run_unit(self, unit: str, *arguments: str) -> str:
        """Run Terragrunt in one unit's folder and return what it printed."""
        return self._execute(programs.terragrunt(), ["run", *arguments], self.live / unit, {})

    def _execute(self, program: Path, command: list[str], folder: Path, variables: dict[str, str]) -> str:
        self._runs += 1
        log = self.folder / f"run-{self._runs:02}-{program.parent.name.rsplit('-', 1)[0]}.log"
        environment = {
            **programs.environment(),
            **self.emulation.environment(),
            **variables,
            "TG_PARALLELISM": PARALLELISM,
            # Programs that live for seconds: memory is cheaper than their garbage collection.
            "GOGC": "400",
            "TG_NON_INTERACTIVE": "true",
            "TG_NO_COLOR": "true",
            "TG_BACKEND_BOOTSTRAP": "true",
            "TG_DEPENDENCY_FETCH_OUTPUT_FROM_STATE": "true",
            "TG_TF_PATH": str(programs.terraform()),
            "TF_CLI_ARGS": "-no-color",
        }
        with log.open("w") as output:
            done = subprocess.run(
                [program, *command], check=False, cwd=folder, env=environment, stdout=output, stderr=output
            )
        text = log.read_text()
        if done.returncode != 0:
            errors = [line for line in text.splitlines() if re.search(r"Error|ERROR|rror:", line)]
            message = f"{program.name} {' '.join(command)}: {log}\n" + "\n".join(errors[-40:])
            raise RunError(message)
        return text

    def plan(self, *, paths: tuple[str, ...] = (), legacy: bool = False) -> dict[str, Plan]:
        """Plan all units, or those below ``paths``, and return each unit's plan as JSON."""
        name = f"plans-{self._runs + 1:02}"
        binary, decoded = self.folder / name, self.folder / f"{name}-json"
        variables = {"TG_OUT_DIR": str(binary), "TG_JSON_OUT_DIR": str(decoded)}
        self.run("plan", paths=paths, legacy=legacy, variables=variables)
        return {
            str(file.parent.relative_to(decoded)): json.loads(file.read_text())
            for file in sorted(decoded.rglob("tfplan.json"))
        }


def changes(plan: Plan) -> list[Change]:
    """Return what the plan would change: nothing when what exists is what is written."""
    every = [
        Change(resource["address"], tuple(resource["change"]["actions"]))
        for resource in plan.get("resource_changes", [])
        if resource["mode"] == "managed"
    ]
    outputs = [
        Change(f"output.{name}", tuple(output["actions"])) for name, output in plan.get("output_changes", {}).items()
    ]
    return [change for change in every + outputs if change.actions != ("no-op",)]


def resources(plan: Plan) -> list[dict[str, Any]]:
    """Return every managed resource that exists once the plan is applied, modules' included."""

    def walk(module: dict[str, Any]) -> list[dict[str, Any]]:
        own = [row for row in module.get("resources", []) if row["mode"] == "managed"]
        return own + [row for child in module.get("child_modules", []) for row in walk(child)]

    return walk(plan["planned_values"]["root_module"])

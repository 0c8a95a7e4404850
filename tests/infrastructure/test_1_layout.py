# ruff: noqa: S603 - the programs are our own, their arguments too
"""The layout as it is written: valid, formatted, and each value in one place."""

import re
import subprocess
import sys
from pathlib import Path

from tests.infrastructure import programs
from tests.infrastructure.layout import Layout

LIVE = programs.ROOT / "live"
UNITS = sorted(LIVE.glob("*/*/*/*/terragrunt.hcl"))


def _terragrunt(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs.terragrunt(), *arguments],
        cwd=folder,
        env=programs.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_file_is_formatted() -> None:
    done = _terragrunt("hcl", "fmt", "--check", "--diff", folder=programs.ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_is_valid(layout: Layout) -> None:
    done = _terragrunt("hcl", "validate", folder=layout.live)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_unit_only_includes_what_it_shares() -> None:
    """No unit holds a value, so environments can differ in env.hcl alone."""
    for unit in UNITS:
        text = re.sub(r'include "[a-z-]+" \{\n  path = find_in_parent_folders\("[^"]+"\)\n\}', "", unit.read_text())
        assert text.strip() == "", f"{unit} holds more than includes"


def test_every_environment_has_the_same_units() -> None:
    environments = {unit.parents[1] for unit in UNITS if unit.parents[1].name != "account"}
    names = {frozenset(folder.name for folder in parent.iterdir() if folder.is_dir()) for parent in environments}
    assert len(environments) == 3
    assert len(names) == 1


def test_mock_outputs_are_outputs_of_their_modules() -> None:
    """A mock for an output that its module does not have would hide a broken dependency."""
    text = (LIVE / "_env" / "mocks.hcl").read_text()
    used: dict[str, set[str]] = {}
    for file in (LIVE / "_env").glob("*.hcl"):
        for name, output in re.findall(r"dependency\.(\w+)\.outputs\.(\w+)", file.read_text()):
            # The other account's zone has a dependency's name of its own.
            used.setdefault("dns" if name == "nonprod" else name, set()).add(output)
    assert used
    for name, outputs in used.items():
        mock = re.search(rf"^  {name} += \{{(.*?)(?: \}}|^  \}})$", text, re.MULTILINE | re.DOTALL)
        assert mock is not None, f"mocks.hcl does not mock {name}"
        mocked = {output for output in outputs if re.search(rf"\b{output} += ", mock[1])}
        assert mocked == outputs, f"mocks.hcl does not mock {name}'s {outputs - mocked}"
        module = programs.ROOT / "modules" / name / "outputs.tf"
        declared = set(re.findall(r'^output "(\w+)"', module.read_text(), re.MULTILINE))
        assert outputs <= declared, f"{name} has no output {outputs - declared}"


def test_one_file_names_the_accounts_and_people() -> None:
    """What a person fills in stands in organisation.hcl and nowhere else."""
    text = (LIVE / "organisation.hcl").read_text()
    values = {value for value in re.findall(r'"([^"\s]+)"', text) if re.search(r"[.@/]|\d{12}", value)}
    others = [
        file for file in [*LIVE.rglob("*.hcl"), programs.ROOT / "terragrunt.hcl"] if file.name != "organisation.hcl"
    ]
    copies = [(file, value) for file in others for value in values if f'"{value}"' in file.read_text()]
    assert copies == []


def test_the_graph_in_the_documentation_is_the_layouts() -> None:
    """docs/architecture-infrastructure.md draws what the dependency blocks say."""
    program = [sys.executable, "tools/graph.py", "check"]
    done = subprocess.run(program, cwd=programs.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

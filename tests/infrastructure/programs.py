# ruff: noqa: S603 - the programs are our own, their arguments too
"""The programs that the proofs run: where each is found, and how Terraform finds its provider."""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM_MINIMUM = (1, 11)


class MissingToolError(RuntimeError):
    """A program that the proofs need is not on this machine."""


def _build(*command: str) -> Path:
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


@functools.cache
def terraform() -> Path:
    """Return Terraform from PATH.

    Raises:
        MissingToolError: There is none, or it is older than the modules need.
    """
    found = shutil.which("terraform")
    if found is None:
        message = "terraform (1.11 or newer) is not on PATH"
        raise MissingToolError(message)
    answer = subprocess.run([found, "version", "-json"], check=True, capture_output=True, text=True, env=environment())
    version = json.loads(answer.stdout)["terraform_version"]
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < TERRAFORM_MINIMUM:
        message = f"terraform is {version}; the modules need 1.11 or newer"
        raise MissingToolError(message)
    return Path(found)


@functools.cache
def terragrunt() -> Path:
    """Return the current Terragrunt (``terragrunt run --all``), built when it is not there yet."""
    return _build("tools/build", "terragrunt") / "terragrunt"


@functools.cache
def terragrunt_legacy() -> Path:
    """Return the last Terragrunt with ``terragrunt run-all``, built when it is not there yet."""
    return _build("tools/build", "terragrunt-legacy") / "terragrunt"


@functools.cache
def emulators_python() -> Path:
    """Return the Python of the emulators' own environment, installed when it is not there yet."""
    lock = "tests/infrastructure/requirements.lock"
    return _build("tools/build-python", "emulators", lock) / "bin" / "python"


@functools.cache
def cli_configuration() -> Path:
    """Return a Terraform CLI configuration: the mirror where there is one, else the registry."""
    return _build("tools/terraform-config")


def environment() -> dict[str, str]:
    """Return this process's environment without its own AWS settings, with Terraform's CLI file."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "TF_", "TG_", "TERRAGRUNT_")) or name == "AWS_CA_BUNDLE"
    }
    return {**kept, "TF_CLI_CONFIG_FILE": str(cli_configuration()), "TF_IN_AUTOMATION": "1"}

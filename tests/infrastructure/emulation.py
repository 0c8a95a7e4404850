"""AWS, emulated: moto and ministack side by side, told apart by the endpoint of each service."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tools

PLUGINS = Path(__file__).parent / "emulators"
START_SECONDS = 60

# Services that ministack emulates; moto has the rest.
MINISTACK_SERVICES = ("EKS", "RDS", "ELASTICACHE", "BUDGETS", "BACKUP")


@dataclass(frozen=True)
class Emulation:
    """Two running emulators.

    Attributes:
        moto: URL of moto.
        ministack: URL of ministack.
    """

    moto: str
    ministack: str

    def environment(self) -> dict[str, str]:
        """Return what makes Terraform, Terragrunt and boto3 use the emulators: nothing but variables."""
        return {
            "AWS_ACCESS_KEY_ID": "emulated",
            "AWS_SECRET_ACCESS_KEY": "emulated",
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.moto,
            **{f"AWS_ENDPOINT_URL_{service}": self.ministack for service in MINISTACK_SERVICES},
        }

    def holdings(self, account_ids: list[str]) -> dict[str, list[str]]:
        """Return what the emulators hold in the accounts by kind, by their own listings."""
        program = [tools.emulators_python(), PLUGINS / "holdings.py", *account_ids]
        environment = {**os.environ, **self.environment()}
        done = subprocess.run(program, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        listing: dict[str, list[str]] = json.loads(done.stdout)
        return listing


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    message = f"{process.args} does not answer on {url}: {log.read_text()[-2000:]}"
    raise RuntimeError(message)


@contextlib.contextmanager
def _running(
    name: str, arguments: list[str], port: int, variables: dict[str, str], folder: Path
) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    log = folder / f"{name}.log"
    environment = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
    program = [str(tools.emulators_python()), str(PLUGINS / f"{name}_main.py"), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(
            program, env=environment, stdout=output, stderr=output, cwd=folder
        )
        try:
            _await_answer(process, url, log)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def emulated_aws(folder: Path) -> Iterator[Emulation]:
    """Run both emulators on free ports, with their logs in ``folder``, until the context ends."""
    moto_port, ministack_port = _free_port(), _free_port()
    moto_variables = {
        # Some of AWS's managed policies are attached to roles.
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        # A certificate is issued as soon as it is described.
        "MOTO_ACM_VALIDATION_WAIT": "0",
    }
    arguments = ["-H", "127.0.0.1", "-p", str(moto_port)]
    with _running("moto", arguments, moto_port, moto_variables, folder) as moto:
        variables = {
            "GATEWAY_PORT": str(ministack_port),
            "GATEWAY_HOST": "127.0.0.1",
            "MOTO_URL": moto,
            "PERSIST_STATE": "0",
        }
        with _running("ministack", [], ministack_port, variables, folder) as ministack:
            yield Emulation(moto, ministack)

# ruff: noqa: S603 - the programs are our own, their arguments too
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

from tests.infrastructure import programs

PLUGINS = Path(__file__).parent / "emulators"
START_SECONDS = 60

# Services that moto emulates; ministack has the rest. (It is the general endpoint because Terraform's
# backend addresses a bucket by path only there, and names below an address cannot be resolved.)
MOTO_SERVICES = (
    "ACM",
    "AUTO_SCALING",
    "CLOUDTRAIL",
    "CLOUDWATCH",
    "CLOUDWATCH_LOGS",
    "COST_EXPLORER",
    "EC2",
    "ECR",
    "ELASTIC_LOAD_BALANCING_V2",
    "EVENTBRIDGE",
    "GUARDDUTY",
    "IAM",
    "KMS",
    "ROUTE_53",
    "S3_CONTROL",
    "SECRETS_MANAGER",
    "SNS",
    "SSM",
    "STS",
    "WAFV2",
)


@dataclass(frozen=True)
class Emulation:
    """Running emulators.

    Attributes:
        moto: URL of moto.
        ministack: URL of ministack.
        access_analyzer: URL of our own server of the one service that neither has.
    """

    moto: str
    ministack: str
    access_analyzer: str

    def environment(self) -> dict[str, str]:
        """Return what makes Terraform, Terragrunt and boto3 use the emulators: nothing but variables."""
        return {
            "AWS_ACCESS_KEY_ID": "emulated",
            "AWS_SECRET_ACCESS_KEY": "emulated",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.ministack,
            "AWS_ENDPOINT_URL_ACCESSANALYZER": self.access_analyzer,
            # S3 Control puts the account's number before the host, a name nobody can resolve: a proxy
            # is asked for it instead, and moto answers as one.
            "HTTP_PROXY": self.moto,
            "NO_PROXY": "127.0.0.1",
            **{f"AWS_ENDPOINT_URL_{service}": self.moto for service in MOTO_SERVICES},
        }

    def holdings(self, account_ids: list[str]) -> dict[str, dict[str, list[str]]]:
        """Return what the emulators hold in the accounts by kind, by their own listings."""
        program: list[str | Path] = [programs.emulators_python(), PLUGINS / "holdings.py", *account_ids]
        environment = {**os.environ, **self.environment(), "MOTO_URL": self.moto}
        done = subprocess.run(program, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        listing: dict[str, dict[str, list[str]]] = json.loads(done.stdout)
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
    message = f"{process.args!r} does not answer on {url}: {log.read_text()[-2000:]}"
    raise RuntimeError(message)


@contextlib.contextmanager
def _running(name: str, arguments: list[str], port: int, variables: dict[str, str], folder: Path) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    log = folder / f"{name}.log"
    environment = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
    program = [str(programs.emulators_python()), str(PLUGINS / f"{name}_main.py"), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(program, env=environment, stdout=output, stderr=output, cwd=folder)
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
        "MINISTACK_URL": f"http://127.0.0.1:{ministack_port}",
    }
    with contextlib.ExitStack() as stack:
        arguments = ["-H", "127.0.0.1", "-p", str(moto_port)]
        start = stack.enter_context
        moto = start(_running("moto", arguments, moto_port, moto_variables, folder))
        ministack_variables = {
            "GATEWAY_PORT": str(ministack_port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "MOTO_URL": moto,
            "PERSIST_STATE": "0",
        }
        ministack = start(_running("ministack", [], ministack_port, ministack_variables, folder))
        port = _free_port()
        variables = {"MOTO_URL": moto}
        analyzer = start(_running("accessanalyzer", [str(port)], port, variables, folder))
        yield Emulation(moto, ministack, analyzer)

"""A control plane of Kubernetes on free ports of this machine, with a data folder of its own."""

from __future__ import annotations

import json
import ssl
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

ROOT = Path(__file__).parents[2]
STAGES = Path(__file__).with_name("stages.yaml")
TOKEN = "only-on-this-machine"
CONTROLLERS = "*,-node-ipam-controller,-node-route-controller"
KWOK_STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat/node-heartbeat.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-delete.yaml",
)
ZONES = ("us-east-1a", "us-east-1b")


class ControlPlane:
    """Runs for as long as the block lasts. `programs` is the folder of what tools/kubernetes builds."""

    def __init__(self, programs: Path, folder: Path) -> None:
        """Start nothing yet."""
        self._programs = programs
        self._folder = folder
        self._stack = ExitStack()
        self._port = free_port()
        self.kubeconfig = folder / "kubeconfig"

    def __enter__(self) -> Self:
        """Start it, with two nodes in two zones."""
        try:
            self._keys()
            self._start_etcd()
            self._start_api_server()
            self._start_controllers()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, what depends on others first."""
        self._stack.close()

    def get(self, path: str) -> Any:
        """An object or a list by its path, None if it is not there."""
        answer = self.client.get(path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def create(self, path: str, content: dict[str, Any]) -> None:
        """Make an object."""
        answer = self.client.post(path, json=content)
        assert answer.status_code == httpx.codes.CREATED, answer.text

    def _keys(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (self._folder / "accounts.key").write_bytes(private)
        (self._folder / "accounts.pub").write_bytes(public)
        (self._folder / "tokens.csv").write_text(f"{TOKEN},admin,admin,system:masters\n")

    def _start(self, name: str, *flags: str) -> ServerProcess:
        command: Sequence[str | Path] = [self._programs / name, *flags]
        process = ServerProcess(name, command, log=self._folder / f"{name}.log", directory=self._folder)
        return self._stack.enter_context(process)

    def _start_etcd(self) -> None:
        clients, peers = (f"http://{LOOPBACK}:{free_port()}" for _ in range(2))
        self._etcd = clients
        self._start(
            "etcd",
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls={clients}",
            f"--advertise-client-urls={clients}",
            f"--listen-peer-urls={peers}",
            f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=default={peers}",
            "--unsafe-no-fsync",
        )

    def _start_api_server(self) -> None:
        server = self._start(
            "kube-apiserver",
            f"--etcd-servers={self._etcd}",
            f"--bind-address={LOOPBACK}",
            f"--secure-port={self._port}",
            f"--cert-dir={self._folder / 'certificates'}",
            f"--token-auth-file={self._folder / 'tokens.csv'}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self._folder / 'accounts.pub'}",
            f"--service-account-signing-key-file={self._folder / 'accounts.key'}",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--shutdown-delay-duration=0s",
        )
        certificate = self._folder / "certificates" / "apiserver.crt"
        server.wait_for(certificate.exists, seconds=180)
        address = f"https://{LOOPBACK}:{self._port}"
        self._write_kubeconfig(address, certificate)
        trusted = ssl.create_default_context(cafile=certificate)
        self.client = self._stack.enter_context(
            httpx.Client(base_url=address, verify=trusted, timeout=60, headers={"Authorization": f"Bearer {TOKEN}"})
        )
        server.wait_for(self._is_ready, seconds=180)

    def _is_ready(self) -> bool:
        try:
            return self.client.get("/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _write_kubeconfig(self, address: str, certificate: Path) -> None:
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": {"server": address, "certificate-authority": str(certificate)}}],
            "users": [{"name": "admin", "user": {"token": TOKEN}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
            "current-context": "test",
        }
        self.kubeconfig.write_text(yaml.safe_dump(config))

    def _start_controllers(self) -> None:
        self._start(
            "kube-controller-manager",
            f"--kubeconfig={self.kubeconfig}",
            f"--service-account-private-key-file={self._folder / 'accounts.key'}",
            "--use-service-account-credentials",
            f"--bind-address={LOOPBACK}",
            f"--secure-port={free_port()}",
            "--leader-elect=false",
            f"--controllers={CONTROLLERS}",
            f"--cert-dir={self._folder / 'controllers'}",
        )
        self._start(
            "kube-scheduler",
            f"--kubeconfig={self.kubeconfig}",
            "--leader-elect=false",
            f"--bind-address={LOOPBACK}",
            f"--secure-port={free_port()}",
            f"--cert-dir={self._folder / 'scheduler'}",
        )
        stages = [module("kubernetes", "sigs.k8s.io/kwok") / "kustomize" / "stage" / name for name in KWOK_STAGES]
        self._start(
            "kwok",
            f"--kubeconfig={self.kubeconfig}",
            "--manage-all-nodes=true",
            *(f"--config={file}" for file in [*stages, STAGES]),
        )
        for zone in ZONES:
            self._add_node(zone)

    def _add_node(self, zone: str) -> None:
        name = f"node-{zone}"
        labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone}
        room = {"cpu": "8", "memory": "16Gi", "pods": "110"}
        self.create(
            "/api/v1/nodes",
            {
                "metadata": {"name": name, "labels": labels},
                "status": {"allocatable": room, "capacity": room},
            },
        )


def module(tool: str, path: str) -> Path:
    """The folder of a Go module that tools/<tool>/go.mod pins, fetched if it is not there."""
    command = ["go", "mod", "download", "-json", path]
    done = subprocess.run(command, cwd=ROOT / "tools" / tool, capture_output=True, text=True, check=True)  # noqa: S603
    return Path(json.loads(done.stdout)["Dir"])

"""TLS to MySQL and MariaDB, with an authority and certificates made for the test."""

import datetime as dt
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from graphql_api.database.engine import open_engines
from graphql_api.settings import Settings, SettingsError
from tests.servers.database import DatabaseServer
from tests.servers.mariadb import MariaDBServer
from tests.servers.mysql import MySQLServer

pytestmark = pytest.mark.anyio

SERVERS: dict[str, type[DatabaseServer]] = {"mysql": MySQLServer, "mariadb": MariaDBServer}


@dataclass
class Authority:
    """Signs certificates of hosts. Files are in `folder`."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        self._certificate = (
            self._begun(subject, subject, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=True,
                    crl_sign=True,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .sign(self._key, hashes.SHA256())
        )
        self.path = self._written(f"{self.name}.pem", self._certificate)

    def sign(self, host: str) -> tuple[Path, Path]:
        """The files of a certificate for a host, a name or an address, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host[0].isdigit():
            names = [x509.IPAddress(ipaddress.ip_address(host))]
        certificate = (
            self._begun(subject, self._certificate.subject, key.public_key())
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        secret = self.folder / f"{host}.key"
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return self._written(f"{host}.pem", certificate), secret

    def _begun(self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )

    def _written(self, name: str, certificate: x509.Certificate) -> Path:
        path = self.folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """The authority that signs the servers' certificates."""
    folder = tmp_path_factory.mktemp("authority")
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    return Authority(folder, "ours")


@pytest.fixture(scope="module", params=list(SERVERS))
def server(
    request: pytest.FixtureRequest, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DatabaseServer]:
    """A server whose certificate is of 127.0.0.1."""
    certificate, key = authority.sign("127.0.0.1")
    options = [f"--ssl-ca={authority.path}", f"--ssl-cert={certificate}", f"--ssl-key={key}"]
    found = SERVERS[request.param](logs=tmp_path_factory.mktemp("tls"), options=options)
    try:
        found.start()
        yield found
    finally:
        found.stop()


def address(server: DatabaseServer, driver: str, authority: Path | None, host: str = "127.0.0.1") -> str:
    """The URL of the server's own database, which every server has."""
    ending = "" if authority is None else f"?ssl_ca={authority}"
    return f"mysql+{driver}://{server.user}:{server.password}@{host}:{server.port}/mysql{ending}"


async def cipher(url: str) -> str:
    """What the connection is encrypted with; nothing for a plain one."""
    engines = open_engines(url, pool_size=1)
    try:
        async with engines.read.connect() as connection:
            row = (await connection.execute(text("SHOW SESSION STATUS LIKE 'Ssl_cipher'"))).one()
            return str(row[1])
    finally:
        await engines.dispose()


DRIVERS = pytest.mark.parametrize("driver", ["aiomysql", "asyncmy"])


@DRIVERS
async def test_what_asks_for_tls_has_it(server: DatabaseServer, driver: str, authority: Authority) -> None:
    assert await cipher(address(server, driver, authority.path))
    assert await cipher(address(server, driver, None)) == ""


@DRIVERS
async def test_another_authority_is_not_believed(server: DatabaseServer, driver: str, tmp_path: Path) -> None:
    other = Authority(tmp_path, "another")
    with pytest.raises((DBAPIError, OSError)):
        await cipher(address(server, driver, other.path))


@DRIVERS
async def test_a_certificate_of_another_host_is_not_believed(
    server: DatabaseServer, driver: str, authority: Authority
) -> None:
    with pytest.raises((DBAPIError, OSError)):
        await cipher(address(server, driver, authority.path, host="localhost"))


@DRIVERS
@pytest.mark.parametrize("kind", list(SERVERS))
async def test_a_server_without_tls_is_told_no_password(
    kind: str, driver: str, authority: Authority, tmp_path: Path
) -> None:
    plain = SERVERS[kind](logs=tmp_path, options=["--tls-version="] if kind == "mysql" else ["--skip-ssl"])
    try:
        plain.start()
        with pytest.raises((DBAPIError, OSError)):
            await cipher(address(plain, driver, authority.path))
        assert await cipher(address(plain, driver, None)) == ""
    finally:
        plain.stop()


def test_what_is_no_file_of_certificates_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for url in (
        f"mysql+aiomysql://me:secret@127.0.0.1/x?ssl_ca={tmp_path / 'missing.pem'}",
        f"mysql+aiomysql://me:secret@127.0.0.1/x?ssl_ca={empty}",
        f"sqlite+aiosqlite:///x.sqlite3?ssl_ca={empty}",
    ):
        monkeypatch.setenv("EXPENSE_DATABASE_URL", url)
        with pytest.raises(SettingsError, match=r"EXPENSE_DATABASE_URL.*ssl_ca") as refused:
            Settings.load()
        assert "secret" not in str(refused.value)

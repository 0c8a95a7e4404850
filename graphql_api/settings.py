"""Every setting, read once from the environment. docs/configuration.md is written from this file."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from ssl import SSLError
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from graphql_api.database.engine import DRIVERS
from graphql_api.database.tls import SSL_CA, split
from graphql_api.ledgers.errors import LedgerError, Refused
from graphql_api.ledgers.money import parse_currency
from graphql_api.telemetry.tracing import EXTRA, is_installed

PREFIX = "EXPENSE_"

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that an issuer's tokens may have (RFC 7518): by a key pair, so that what is published cannot sign."""

_HOST = re.compile(r"\*|(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", re.ASCII)


class SettingsError(LedgerError):
    """One or more variables of the environment are wrong; the text names each and its rule, and no value."""


def _database_url(url: SecretStr) -> SecretStr:
    try:
        found = make_url(url.get_secret_value())
    except ArgumentError:
        found = None
    if found is None or found.drivername not in DRIVERS:
        message = f"must be a database URL with one of the drivers {', '.join(DRIVERS)}"
        raise ValueError(message)
    if SSL_CA in found.query:
        _certificates(found)
    if not found.database or ":memory:" in found.database or found.query.get("mode") == "memory":
        message = "must name a file or a database: one in memory cannot be shared by the connections of the service"
        raise ValueError(message)
    return url


def _certificates(address: URL) -> None:
    if address.get_backend_name() == "sqlite":
        message = "must name no ssl_ca: SQLite is a file"
        raise ValueError(message)
    try:
        split(address)
    except (OSError, SSLError):
        message = "must name by ssl_ca a file with certificates in PEM form that can be read"
        raise ValueError(message) from None


def _redis_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("redis://", "rediss://")):
        message = "must begin with redis:// or rediss://"
        raise ValueError(message)
    return url


def _otlp_endpoint(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        message = "must be the address of a receiver of OTLP over HTTP, without a path, such as http://127.0.0.1:4318"
        raise ValueError(message)
    if not is_installed():
        message = f"needs OpenTelemetry: pip install 'expense-ledger[{EXTRA}]'"
        raise ValueError(message)
    return url


def _currency(code: str) -> str:
    try:
        return parse_currency(code)
    except Refused as refusal:
        raise ValueError(str(refusal)) from refusal


def _list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _origins(origins: list[str]) -> list[str]:
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and (not parts.netloc or origin.lower() != f"{parts.scheme}://{parts.netloc}".lower()):
            message = f"{origin!r} is not an origin such as https://example.org, without a path, or *"
            raise ValueError(message)
    return origins


def _hosts(hosts: list[str]) -> list[str]:
    for host in hosts:
        if not _HOST.fullmatch(host):
            message = f"{host!r} is not a host name without port such as example.org, *.example.org or *"
            raise ValueError(message)
    return hosts


def _networks(networks: list[str]) -> list[str]:
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            message = f"{network!r} is no address or network such as 10.0.0.0/16"
            raise ValueError(message) from None
    return networks


def _issuer(address: str) -> str:
    if not is_fit_for_keys(address):
        message = (
            "must begin with https://, or be on this machine: what vouches for keys must not be changed on its way"
        )
        raise ValueError(message)
    parts = urlsplit(address)
    if parts.query or parts.fragment or parts.username:
        message = "must be the issuer's address such as https://login.example.org, as its discovery document has it"
        raise ValueError(message)
    return address


def _algorithms(names: list[str]) -> list[str]:
    if not names or set(names) - set(ALGORITHMS):
        message = f"must be some of {', '.join(ALGORITHMS)}"
        raise ValueError(message)
    return names


def is_fit_for_keys(address: str) -> bool:
    """Whether nobody on the way can change what comes from an address: it has TLS, or is this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and is_this_machine(parts.hostname or "")
    )


def is_this_machine(host: str) -> bool:
    """Whether a host, without brackets, is a loopback address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Settings(BaseSettings):
    """The environment's variables, each with the prefix EXPENSE_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        SecretStr("sqlite+aiosqlite:///expense.sqlite3"),
        description="Where the ledgers are kept, as an SQLAlchemy URL: sqlite+aiosqlite:///path, "
        "mysql+aiomysql://user:password@host:3306/database, or mysql+asyncmy:// for the compiled driver; "
        "?ssl_ca=path at the end for TLS.",
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="Connections for reads in each worker.")
    database_pool_timeout: float = Field(5.0, gt=0, le=60, description="Seconds that a read waits for a connection.")
    database_wait: float = Field(
        10.0,
        ge=0,
        le=600,
        description="Seconds that the start waits for MySQL or MariaDB to answer before it gives up.",
    )
    redis_url: Annotated[SecretStr, AfterValidator(_redis_url)] | None = Field(
        None, description="Redis, as redis://[:password@]host:6379/0 or rediss:// with TLS. Nothing needs it."
    )
    host: str = Field("127.0.0.1", description="The address that the server listens on.")
    insecure_bind: bool = Field(
        default=False,
        description="Listen on an address that other machines reach, although nobody has to say who they are: "
        "whoever reaches the port reads and writes every ledger. Read in local mode only.",
    )
    identity: Literal["local", "tokens", "oidc"] = Field(
        "local",
        description="Who may call: local takes everybody who can connect for the machine's owner; "
        "tokens wants a personal API token; oidc wants one or an access token of EXPENSE_OIDC_ISSUER.",
    )
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] | None = Field(
        None,
        validate_default=True,
        description="The OpenID Connect issuer whose access tokens are taken, just as its discovery document has it.",
    )
    oidc_audience: str | None = Field(
        None,
        validate_default=True,
        description="What an access token's aud must name: the identifier of this API at the issuer.",
    )
    oidc_algorithms: Annotated[list[str], NoDecode, BeforeValidator(_list), AfterValidator(_algorithms)] = Field(
        default=["RS256", "ES256"],
        description=f"Signatures, separated by commas, that an access token may have: of {', '.join(ALGORITHMS)}.",
    )
    oidc_leeway: int = Field(
        10, ge=0, le=300, description="Seconds that the issuer's clock and this machine's may differ."
    )
    oidc_subject_claim: str = Field(
        "sub",
        pattern="^[!#-[\\]-~]+$",
        description="The claim that names a person or program for good. Change rows and memberships hold its value.",
    )
    allowed_hosts: Annotated[list[str], NoDecode, BeforeValidator(_list), AfterValidator(_hosts)] = Field(
        default_factory=list,
        description="Names, separated by commas, under which this service is called, without port: example.org, "
        "*.example.org for all below it, * for any. IP addresses and localhost are always taken.",
    )
    trusted_proxies: Annotated[list[str], NoDecode, BeforeValidator(_list), AfterValidator(_networks)] = Field(
        default_factory=list,
        description="Addresses or networks, separated by commas, of proxies whose X-Forwarded-For is believed: it "
        "tells the address that changes are said to come from.",
    )
    port: int = Field(8000, ge=0, le=65535, description="The port that the server listens on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve.")
    currency: Annotated[str, AfterValidator(_currency)] = Field(
        "USD", description="ISO 4217 code of the ledger that a new database starts with."
    )
    cors_origins: Annotated[list[str], NoDecode, BeforeValidator(_list), AfterValidator(_origins)] = Field(
        default_factory=list,
        description="Origins, separated by commas, whose pages may call this service: https://example.org; "
        "* allows every one.",
    )
    playground: bool = Field(default=True, description="Serve the playground and the page of REST documentation.")
    introspection: bool = Field(default=True, description="Let clients ask GraphQL for the schema.")
    max_body_bytes: int = Field(5 * 2**20, ge=1024, le=2**28, description="Largest request body, in bytes.")
    body_timeout: float = Field(
        30.0, gt=0, le=600, description="Seconds that a client may pause while it sends a request body."
    )
    max_query_tokens: int = Field(2500, ge=100, le=100_000, description="Largest GraphQL document, in tokens.")
    max_query_depth: int = Field(15, ge=3, le=100, description="Deepest nesting of fields in a GraphQL operation.")
    max_query_aliases: int = Field(
        50, ge=0, le=10_000, description="Most aliases and repeated fields in a GraphQL operation."
    )
    max_query_root_fields: int = Field(20, ge=1, le=10_000, description="Most root fields in a GraphQL operation.")
    max_query_directives: int = Field(50, ge=0, le=10_000, description="Most directives in a GraphQL operation.")
    max_query_fields: int = Field(
        2000, ge=100, le=100_000, description="Most fields in a GraphQL operation, with its fragments spread."
    )
    max_page_size: int = Field(1000, ge=50, le=1000, description="Largest page that a GraphQL field gives, in rows.")
    max_query_nodes: int = Field(
        500_000, ge=1000, le=10**9, description="Most nodes in a GraphQL answer, by the product of its page sizes."
    )
    max_query_cost: int = Field(1_000_000, ge=1000, le=10**9, description="Highest cost of a GraphQL request.")
    persisted_queries: bool = Field(
        default=True, description="Take automatic persisted queries: documents that are sent once, then named by hash."
    )
    trusted_documents: Path | None = Field(
        None, description="Manifest of trusted documents: Apollo's format, or a JSON object of documents by id."
    )
    trusted_documents_only: bool = Field(
        default=False, description="Run no GraphQL documents but those of EXPENSE_TRUSTED_DOCUMENTS."
    )
    cost_rate: int = Field(
        0,
        ge=0,
        le=10**9,
        description="Cost that each principal's budget regains each second; 0 for no budget, and no 429.",
    )
    cost_capacity: int = Field(
        2_000_000, ge=1000, le=10**9, description="Cost that each principal's budget holds when it is full."
    )
    cache_bytes: int = Field(
        64 * 2**20,
        ge=0,
        le=2**36,
        description="Bytes of answers and entities that each worker keeps in memory; 0 for no cache, in Redis neither.",
    )
    request_timeout: float = Field(30.0, gt=0, le=600, description="Seconds that one request may take.")
    max_subscriptions: int = Field(1000, ge=0, le=1_000_000, description="Most subscriptions open in each worker.")
    max_socket_operations: int = Field(
        100, ge=1, le=10_000, description="Most operations that run at once on one WebSocket."
    )
    stream_stall_timeout: float = Field(
        30.0, gt=0, le=600, description="Seconds that a subscriber may read nothing of what waits for it."
    )
    shutdown_timeout: int = Field(30, ge=1, le=600, description="Seconds that requests in flight have at shutdown.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe log lines.")
    log_format: Literal["json", "text"] = Field("json", description="JSON for machines, text for a terminal.")
    access_log: bool = Field(default=True, description="Log each request; errors are logged in any case.")

    metrics_operations: int = Field(
        100,
        ge=0,
        le=10_000,
        description="Most operation names that are labels of metrics in each worker; the others are counted together.",
    )
    otlp_endpoint: Annotated[str, AfterValidator(_otlp_endpoint)] | None = Field(
        None,
        description="Where traces are sent by OTLP over HTTP, such as http://127.0.0.1:4318; none are made if empty.",
    )
    trace_ratio: float = Field(
        1.0, ge=0, le=1, description="Part of the traces that begin here that is kept; a caller's choice is followed."
    )

    @field_validator("trusted_documents_only")
    @classmethod
    def _needs_documents(cls, only: bool, others: ValidationInfo) -> bool:  # noqa: FBT001  pydantic's signature
        if only and others.data.get("trusted_documents") is None:
            message = "needs the manifest's path in EXPENSE_TRUSTED_DOCUMENTS"
            raise ValueError(message)
        return only

    @field_validator("oidc_issuer", "oidc_audience")
    @classmethod
    def _needs_oidc(cls, value: str | None, others: ValidationInfo) -> str | None:
        is_wanted = others.data.get("identity") == "oidc"
        if is_wanted and value is None:
            message = "is needed for EXPENSE_IDENTITY=oidc"
            raise ValueError(message)
        if value is not None and not is_wanted:
            message = "is read with EXPENSE_IDENTITY=oidc only"
            raise ValueError(message)
        return value

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches the address that the server listens on."""
        return is_this_machine(self.host)

    @classmethod
    def load(cls) -> Settings:
        """The settings of this process's environment. Raises `SettingsError` that names each wrong variable."""
        try:
            return cls()
        except ValidationError as error:
            lines = [
                f"{PREFIX}{'_'.join(map(str, problem['loc'])).upper()}: {problem['msg']}" for problem in error.errors()
            ]
            raise SettingsError("\n".join(lines)) from None


def unknown_variables() -> list[str]:
    """Variables of the environment that begin like a setting and are none: misspelt, or of another version."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)

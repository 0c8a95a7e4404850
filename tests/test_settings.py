"""Settings from the environment, and the page that describes them."""

import pytest

from graphql_api.settings import Settings, SettingsError, unknown_variables
from tools import configuration


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"EXPENSE_{name.upper()}", value)
    return Settings.load()


def test_the_page_has_every_setting_as_the_code_has_it() -> None:
    text = configuration.PAGE.read_text()
    assert configuration.page(text) == text, "run python -m tools.configuration write"


def test_the_defaults_are_safe() -> None:
    settings = Settings.load()
    assert settings.is_loopback
    assert not settings.insecure_bind
    assert settings.cors_origins == settings.allowed_hosts == []


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch, cors_origins="https://a.example, http://b.example:81", allowed_hosts="a.example,*.b.example"
    )
    assert settings.cors_origins == ["https://a.example", "http://b.example:81"]
    assert settings.allowed_hosts == ["a.example", "*.b.example"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://user:hunter2@127.0.0.1/x"),
        ("database_url", "mysql+pymysql://user:hunter2@127.0.0.1/x"),
        ("database_url", "hunter2"),
        ("database_url", "sqlite+aiosqlite://"),
        ("database_url", "sqlite+aiosqlite:///:memory:"),
        ("database_url", "sqlite+aiosqlite:///file:hunter2?mode=memory&uri=true"),
        ("database_url", "mysql+aiomysql://user:hunter2@127.0.0.1"),
        ("redis_url", "http://user:hunter2@127.0.0.1"),
        ("port", "65536"),
        ("port", "http"),
        ("workers", "0"),
        ("currency", "DEM"),
        ("cors_origins", "example.org"),
        ("cors_origins", "https://example.org/path"),
        ("cors_origins", "https://a.example,ftp"),
        ("allowed_hosts", "https://example.org"),
        ("allowed_hosts", "example.org:8000"),
        ("allowed_hosts", "a*.example"),
        ("trusted_proxies", "10.0.0.0/40"),
        ("trusted_proxies", "proxy.example.org"),
        ("trusted_proxies", "*"),
        ("identity", "oauth"),
        ("oidc_issuer", "http://login.example.org"),
        ("oidc_issuer", "https://user:hunter2@login.example.org"),
        ("oidc_issuer", "https://login.example.org/?tenant=1"),
        ("oidc_issuer", "https://login.example.org/#a"),
        ("oidc_issuer", "login.example.org"),
        ("oidc_issuer", "https://["),
        ("oidc_algorithms", "HS256"),
        ("oidc_algorithms", "RS256,none"),
        ("oidc_algorithms", "rs256"),
        ("oidc_algorithms", ","),
        ("oidc_leeway", "301"),
        ("log_level", "loud"),
        ("log_format", "xml"),
        ("insecure_bind", "perhaps"),
        ("request_timeout", "nan"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_not_shown_if_it_may_be_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, **{name: value})
    assert f"EXPENSE_{name.upper()}:" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, port="-1", workers="many")
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == ["EXPENSE_PORT", "EXPENSE_WORKERS"]


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, port="", redis_url="").port == 8000


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],  # noqa: S104  what is judged
)
def test_whether_other_machines_reach_the_address(
    monkeypatch: pytest.MonkeyPatch, host: str, *, only_here: bool
) -> None:
    assert load(monkeypatch, host=host).is_loopback is only_here


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch, database_url="mysql+aiomysql://u:hunter2@127.0.0.1/x", redis_url="redis://:hunter2@127.0.0.1"
    )
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_an_issuer_needs_its_audience_and_an_audience_its_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, identity="oidc")
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "EXPENSE_OIDC_ISSUER",
        "EXPENSE_OIDC_AUDIENCE",
    ]
    settings = load(monkeypatch, oidc_issuer="https://login.example.org/a", oidc_audience="urn:expense")
    assert (settings.oidc_issuer, settings.oidc_algorithms) == ("https://login.example.org/a", ["RS256", "ES256"])
    with pytest.raises(SettingsError, match=r"EXPENSE_OIDC_ISSUER: .* is read with EXPENSE_IDENTITY=oidc only"):
        load(monkeypatch, identity="local")


def test_an_issuer_may_be_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, identity="oidc", oidc_issuer="http://127.0.0.1:4444", oidc_audience="urn:expense")
    assert settings.oidc_issuer == "http://127.0.0.1:4444"


def test_a_misspelt_variable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPENSE_DATABSE_URL", "x")
    assert unknown_variables() == ["EXPENSE_DATABSE_URL"]

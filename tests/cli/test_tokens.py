"""expense tokens."""

from datetime import datetime, timedelta

from tests.cli.support import Shell


def test_a_token_is_made_listed_and_revoked(shell: Shell) -> None:
    made = shell.run("tokens", "create", "backup script", "--subject", "alice", "--cap", "viewer", "--days", "30")
    assert made.code == 0, made.err
    token = made.out.strip()
    assert token.startswith("exp_")
    assert "shown this once" in made.err
    (listed,) = shell.run("tokens", "list", "--json").json
    assert (listed["prefix"], listed["subject"], listed["cap"]) == (token[4:12], "alice", "viewer")
    life = datetime.fromisoformat(listed["expiresAt"]) - datetime.fromisoformat(listed["createdAt"])
    assert life == timedelta(days=30)
    assert token not in shell.run("tokens", "list").out
    assert shell.run("tokens", "list", "--subject", "bob").out == ""
    revoked = shell.run("tokens", "revoke", token[4:12], "--json")
    assert revoked.json["revokedAt"]
    assert "revoked" in shell.run("tokens", "list").out


def test_the_whole_token_names_itself_too(shell: Shell) -> None:
    made = shell.run("tokens", "create", "a", "--subject", "bob", "--days", "0", "--json").json
    assert (made["expiresAt"], made["subject"], made["cap"]) == (None, "bob", "editor")
    assert shell.run("tokens", "revoke", made["token"]).code == 0


def test_what_is_refused(shell: Shell) -> None:
    assert "There is no token" in shell.run("tokens", "revoke", "abcdefgh").err
    assert "1 to 3,660 days" in shell.run("tokens", "create", "a", "--subject", "bob", "--days", "4000").err
    assert "name" in shell.run("tokens", "create", "", "--subject", "bob").err
    assert shell.run("tokens", "create", "a", "--subject", "bob", "--cap", "root").code == 2
    assert "local mode" in shell.run("tokens", "create", "a", "--subject", "local").err
    assert "no ledger" in shell.run("tokens", "create", "a", "--subject", "bob", "--ledger", "none").err

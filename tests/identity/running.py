"""A real OpenID Connect provider as a child process, and what its clients get from it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx

from tests.graphql.node import node
from tests.servers.outcomes import not_run

if TYPE_CHECKING:
    from types import TracebackType

FOLDER = Path(__file__).parent / "provider"
AUDIENCE = "urn:example:expense"
SECRET = "a-secret-that-lives-as-long-as-the-test"
_SIGNED_IN = "http://127.0.0.1/signed-in"
_VERIFIER = "a-code-verifier-has-at-least-forty-three-characters"
_CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(_VERIFIER.encode()).digest()).decode().rstrip("=")


class Provider:
    """Runs from the block's begin to its end; `port` 0 takes a free one."""

    def __init__(self, log: Path, port: int = 0) -> None:
        program = node(FOLDER)
        if program is None:
            not_run("the OpenID Connect provider needs Node 20, npm and its packages")
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603  our own script
                [program, FOLDER / "provider.mjs", str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.issuer: str = self._told()["issuer"]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.issuer.rpartition(":")[2])

    def rotate(self, *, keep: bool = False) -> list[str]:
        """Make new keys, and keep or forget the old ones; gives the ids of all that are published now."""
        assert self._process.stdin is not None
        self._process.stdin.write("add\n" if keep else "rotate\n")
        self._process.stdin.flush()
        found: list[str] = self._told()["keys"]
        return found

    def published(self) -> list[dict[str, Any]]:
        """The keys that it publishes."""
        discovery = httpx.get(f"{self.issuer}/.well-known/openid-configuration").json()
        found: list[dict[str, Any]] = httpx.get(discovery["jwks_uri"]).json()["keys"]
        return found

    def token(self, client: str = "robot", audience: str = AUDIENCE) -> str:
        """An access token of a client for itself: robot (RS256), curve (ES256), unwanted (PS256), brief (three seconds)."""
        form = {"grant_type": "client_credentials", "resource": audience}
        answer = httpx.post(f"{self.issuer}/token", data=form, auth=(client, SECRET))
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["access_token"]
        return found

    def signed_in(self, name: str, audience: str = AUDIENCE) -> str:
        """An access token of a person, who signs in and consents on the provider's own pages."""
        query = {
            "client_id": "page",
            "response_type": "code",
            "redirect_uri": _SIGNED_IN,
            "scope": "openid ledger",
            "resource": audience,
            "code_challenge": _CHALLENGE,
            "code_challenge_method": "S256",
        }
        with httpx.Client(base_url=self.issuer, follow_redirects=False) as browser:
            answer = browser.get("/auth", params=query)
            while not (target := answer.headers.get("location", "")).startswith(_SIGNED_IN):
                answer = browser.get(target) if target else _submitted(browser, answer, name)
            code = httpx.URL(target).params["code"]
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": _SIGNED_IN,
                "code_verifier": _VERIFIER,
                "resource": audience,
            }
            answer = browser.post("/token", data=form, auth=("page", SECRET))
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["access_token"]
        return found

    def stop(self) -> None:
        """End it, as it ends when its standard input does."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            self.stop()

    def _told(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


def _submitted(browser: httpx.Client, page: httpx.Response, name: str) -> httpx.Response:
    """The page's form as a person fills it in."""
    assert page.status_code == 200, page.text
    (action,) = re.findall(r'<form[^>]* action="([^"]+)"', page.text)
    (prompt,) = re.findall(r'name="prompt" value="(\w+)"', page.text)
    return browser.post(action, data={"prompt": prompt, "login": name, "password": "any"})

# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""IAM Access Analyzer, which neither emulator has: analyzers are made, described, tagged, deleted.

The port is the only argument. An analyzer analyses nothing: this proves what Terraform asks for.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import moto_aws

Answer = tuple[int, dict[str, Any]]

# By account and region, then by name.
ANALYZERS: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}


class Handler(BaseHTTPRequestHandler):
    """One request of the API, whose account and region the signature names."""

    def _answer(self) -> Answer:
        signature = self.headers.get("Authorization", "")
        match = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", signature)
        if match is None:
            return 403, {"message": "The request is not signed"}
        account, region = moto_aws.account_of(match[1]), match[2]
        analyzers = ANALYZERS.setdefault((account, region), {})
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path).rstrip("/")
        return self._route(path, json.loads(body or "{}"), analyzers, f"{region}:{account}")

    def _route(self, path: str, body: dict[str, Any], analyzers: dict[str, dict[str, Any]], place: str) -> Answer:
        if path == "/analyzer" and self.command == "GET":
            return 200, {"analyzers": list(analyzers.values())}
        if path == "/analyzer" and self.command == "PUT":
            name = body["analyzerName"]
            analyzers[name] = {
                "arn": f"arn:aws:access-analyzer:{place}:analyzer/{name}",
                "name": name,
                "type": body["type"],
                "createdAt": "2026-01-01T00:00:00Z",
                "status": "ACTIVE",
                "tags": body.get("tags", {}),
            }
            return 200, {"arn": analyzers[name]["arn"]}
        name = path.rsplit("/", 1)[-1]
        if name not in analyzers:
            return 404, {"message": "No such analyzer", "resourceType": "ANALYZER", "resourceId": name}
        if path.startswith("/tags/"):
            return 200, {"tags": analyzers[name]["tags"]}
        if self.command == "DELETE":
            del analyzers[name]
            return 200, {}
        return 200, {"analyzer": analyzers[name]}

    def _serve(self) -> None:
        status, answer = self._answer()
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status == 404:
            self.send_header("X-Amzn-ErrorType", "ResourceNotFoundException")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - http.server's names


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

"""Documents that a request names instead of sending them: automatic persisted queries and trusted documents.

Automatic persisted queries are Apollo's protocol: `extensions.persistedQuery` with the document's SHA-256, at first
alone, and with the document if the answer is PERSISTED_QUERY_NOT_FOUND. Trusted documents come from a manifest that the
clients' build wrote; they are named the same way, or by `documentId` as GraphQL over HTTP's appendix has it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, OperationDefinitionNode, parse

from graphql_api.http.graphql_errors import GraphQLRequestError
from graphql_api.ledgers.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphql_api.cache.documents import SentDocuments
    from graphql_api.settings import Settings

_APOLLO = "apollo-persisted-query-manifest"
_SHA256 = "sha256:"
_DIGITS = 64


class ManifestError(LedgerError):
    """The manifest of trusted documents cannot be used; the text names the file's setting and what is wrong."""


class Persisted:
    """Finds the document that a request means."""

    def __init__(self, settings: Settings) -> None:
        """Read the manifest. Raises `ManifestError`."""
        self._automatic = settings.persisted_queries
        self._only_trusted = settings.trusted_documents_only
        path = settings.trusted_documents
        self._trusted = {} if path is None else read_manifest(path)
        self._texts = frozenset(self._trusted.values())
        documents = self._trusted.values() if self._only_trusted else ()
        self.names = frozenset(name for text in documents for name in _names(text))
        """Of operations, where no others are run."""

    async def resolve(self, given: dict[str, Any], sent: SentDocuments) -> dict[str, Any]:
        """The parameters with `query` filled in. Raises `GraphQLRequestError`."""
        query = given.get("query")
        found = query if query is None or isinstance(query, str) else None
        extensions = given.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
        if given.get("documentId") is not None:
            found = self._by_id(given["documentId"], query)
        elif persisted is not None:
            found = await self._by_hash(persisted, query, sent)
        if self._only_trusted and found not in self._texts:
            message = "This service runs trusted documents only (EXPENSE_TRUSTED_DOCUMENTS_ONLY)."
            raise GraphQLRequestError(403, message, "DOCUMENT_NOT_TRUSTED")
        return given if found is None else {**given, "query": found}

    def _by_id(self, document_id: Any, query: Any) -> str:
        if not isinstance(document_id, str):
            raise GraphQLRequestError(400, "The parameter documentId must be a text.")
        if query is not None:
            raise GraphQLRequestError(400, "Give query or documentId, not both.")
        found = self._trusted.get(document_id) or self._trusted.get(document_id.removeprefix(_SHA256))
        if found is None:
            raise GraphQLRequestError(400, "No trusted document has this documentId.", "DOCUMENT_NOT_FOUND")
        return found

    async def _by_hash(self, persisted: Any, query: Any, sent: SentDocuments) -> str | None:
        digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        if not isinstance(digest, str) or persisted.get("version") != 1:
            message = "extensions.persistedQuery must hold version 1 and the text sha256Hash."
            raise GraphQLRequestError(400, message)
        trusted = self._trusted.get(digest)
        if trusted is not None or self._only_trusted:
            return trusted
        if not self._automatic:
            raise _told("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
        digest = digest.lower()
        if query is None:
            found = await sent.get(digest) if _is_digest(digest) else None
            if found is None:
                raise _told("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
            return found
        if not isinstance(query, str):
            return None
        if hashlib.sha256(query.encode()).hexdigest() != digest:
            raise GraphQLRequestError(400, "The document has another SHA-256 than extensions.persistedQuery says.")
        await sent.put(digest, query)
        return query


def read_manifest(path: Path) -> dict[str, str]:
    """The documents of a manifest by id: Apollo's format, or one JSON object of ids and documents.

    Raises `ManifestError` for a file that cannot be read, another format, or a document that is not GraphQL.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise ManifestError(f"EXPENSE_TRUSTED_DOCUMENTS cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ManifestError("EXPENSE_TRUSTED_DOCUMENTS is not a file of JSON.") from error
    if isinstance(content, dict) and content.get("format") == _APOLLO:
        operations = content.get("operations")
        pairs = [
            (one.get("id"), one.get("body")) if isinstance(one, dict) else (None, None)
            for one in (operations if isinstance(operations, list) else [None])
        ]
    elif isinstance(content, dict):
        pairs = list(content.items())
    else:
        pairs = [(None, None)]
    documents: dict[str, str] = {}
    for name, text in pairs:
        if not isinstance(name, str) or not isinstance(text, str):
            raise ManifestError(
                "EXPENSE_TRUSTED_DOCUMENTS is neither Apollo's manifest nor an object of documents by id."
            )
        try:
            parse(text)
        except GraphQLError as error:
            raise ManifestError(f"EXPENSE_TRUSTED_DOCUMENTS: document {name}: {error.message}") from error
        documents[name.removeprefix(_SHA256)] = text
    return documents


def _names(text: str) -> Iterator[str]:
    for node in parse(text).definitions:
        if isinstance(node, OperationDefinitionNode) and node.name is not None:
            yield node.name.value


def _is_digest(text: str) -> bool:
    return len(text) == _DIGITS and all(letter in "0123456789abcdef" for letter in text)


def _told(message: str, code: str) -> GraphQLRequestError:
    # 200, or a client that tries by hash first would take it for a failure of the service
    return GraphQLRequestError(200, message, code, headers={"Cache-Control": "no-store"})

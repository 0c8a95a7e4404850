"""One path of a REST dialect as an ASGI endpoint: chooses the operation, and shows every error as the dialect does."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from graphql_api.http.body import BodyError
from graphql_api.http.deadline import overtime
from graphql_api.http.operation import Malformed
from graphql_api.http.principal import challenge, principal_of
from graphql_api.http.spending import OverBudget, charge
from graphql_api.ledgers.errors import Code, LedgerError, Refused, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from graphql_api.http.operation import Operation

_STATUS = {
    Code.NOT_FOUND: 404,
    Code.DELETED: 404,
    Code.VERSION_CONFLICT: 412,
    Code.FORBIDDEN: 403,
    Code.ALREADY_EXISTS: 409,
    Code.IN_USE: 409,
}


class Dialect(ABC):
    """How errors look. `invalid_status` is that of an input whose content is refused."""

    invalid_status: ClassVar[int]

    @abstractmethod
    def error(
        self, operation: Operation | None, status: int, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """An error without a place."""

    @abstractmethod
    def refused(self, operation: Operation, status: int, refusal: Refused) -> Response:
        """An input that broke a rule of the ledger."""

    @abstractmethod
    def invalid(self, operation: Operation, error: Malformed) -> Response:
        """An input that is not of the declared shape."""

    def status_of(self, refusal: Refused) -> int:
        """The status that the first problem stands for."""
        return _STATUS.get(refusal.problems[0].code, self.invalid_status)


class Resource:
    """The operations of one path, by method; without any it answers that there is nothing."""

    def __init__(self, dialect: Dialect, operations: Sequence[Operation]) -> None:
        """Take the operations that share the path."""
        self._dialect = dialect
        self._operations = {operation.method: operation for operation in operations}
        if "GET" in self._operations:
            self._operations["HEAD"] = self._operations["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive, send)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if not self._operations:
            return self._dialect.error(None, 404, "There is nothing at this path.")
        operation = self._operations.get(request.method)
        if operation is None:
            allowed = ", ".join(sorted(self._operations))
            detail = f"{request.method} is not a method of this path: {allowed} are."
            return self._dialect.error(None, 405, detail, {"Allow": allowed})
        return await self._run(operation, request)

    async def _run(self, operation: Operation, request: Request) -> Response:
        seconds = request.state.settings.request_timeout
        try:
            if not operation.is_open:
                principal_of(request)
            receipt = await charge(request, operation.cost)
            async with asyncio.timeout(seconds):
                response = await operation.handle(request)
        except OverBudget as error:
            return self._dialect.error(operation, 429, str(error), error.headers)
        except TimeoutError:
            return self._dialect.error(operation, 504, overtime(seconds))
        except (BodyError, Malformed, LedgerError, HTTPException) as error:
            return self._told(operation, error)
        if receipt is not None:
            response.headers.update(receipt.headers)
        return response

    def _told(self, operation: Operation, error: BodyError | Malformed | LedgerError | HTTPException) -> Response:
        match error:
            case Refused():
                return self._dialect.refused(operation, self._dialect.status_of(error), error)
            case Malformed():
                return self._dialect.invalid(operation, error)
            case BodyError():
                return self._dialect.error(operation, error.status, error.detail)
            case Unauthenticated():
                return self._dialect.error(operation, 401, str(error), challenge(error))
            case Unavailable():
                return self._dialect.error(operation, 503, str(error), {"Retry-After": str(error.retry_after)})
            case HTTPException():  # such as a body that is longer than the server allows
                return self._dialect.error(operation, error.status_code, error.detail, error.headers)
            case _:
                raise error

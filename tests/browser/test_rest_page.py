"""The page of the REST documentation, used as a person uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.browser.visit import Visit

pytestmark = pytest.mark.anyio

# An operation that needs nothing and changes nothing.
PATH = "/api/v1/health"


async def open_docs(visit: Visit, address: str | None = None) -> Page:
    await visit.page.goto(address or f"{visit.origin}/docs")
    await expect(visit.page.locator(".opblock").first).to_be_visible()
    return visit.page


async def test_every_operation_is_listed(visit: Visit) -> None:
    page = await open_docs(visit)
    description = await (await page.request.get(f"{visit.origin}/openapi.json")).json()
    methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
    operations = sum(len(methods & set(path)) for path in description["paths"].values())
    assert operations > 0
    await expect(page.locator(".opblock")).to_have_count(operations)


async def test_an_operation_can_be_tried(visit: Visit) -> None:
    page = await open_docs(visit)
    operation = page.locator(".opblock-get").filter(
        has=page.locator(f"[data-path='{PATH}']"),
    )
    await operation.locator(".opblock-summary-control").click()
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table .response-col_status")).to_have_text(["Code", "200"])
    assert f"{visit.origin}{PATH}" in [request.url for request in visit.requests]


async def test_the_rest_page_works_below_a_prefix_on_another_host(
    visit_by_proxy: Visit,
) -> None:
    visit = visit_by_proxy
    page = await open_docs(visit, f"{visit.origin}/books/docs")
    await page.get_by_role("link", name="GraphQL playground").click()
    await expect(page).to_have_url(f"{visit.origin}/books/graphql")

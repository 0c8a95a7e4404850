"""The GraphQL playground, used as a person uses it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page, Request

    from tests.browser.visit import Visit

pytestmark = pytest.mark.anyio

# What these tests know of the schema.
QUERY = (
    "query FewExpenses($first: Int) { ledger { name version "
    "transactions(first: $first) { edges { node { id merchant } } } } }"
)
VARIABLES = {"first": 2}
TYPE, FIELD = "Ledger", "transactions"


async def open_playground(visit: Visit, address: str | None = None) -> Page:
    page = visit.page
    await page.goto(address or f"{visit.origin}/graphql")
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    # The schema has arrived: the documentation can list it.
    await expect(page.get_by_role("button", name="Re-fetch GraphQL schema")).to_be_enabled()
    return page


async def write(page: Page, editor: Locator, text: str) -> None:
    await editor.click()
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(text)


async def write_query(page: Page) -> None:
    """Write the query, and wait until the page has taken it in: it then makes its button anew, and a click is lost."""
    await write(page, page.locator(".graphiql-query-editor"), QUERY)
    await expect(page.locator(".graphiql-tab-button").first).to_have_text("FewExpenses")


async def show_tool(page: Page, name: str) -> Locator:
    """Bring the editor of the variables or the headers to the front."""
    await page.get_by_role("button", name=name, exact=True).click()
    editor = page.locator(f"section[aria-label='{name}'] .monaco-editor").locator("visible=true")
    await expect(editor).to_have_count(1)
    return editor


async def run(page: Page) -> tuple[Request, dict[str, Any]]:
    """Press the button: what the page sent, and the answer it received."""
    async with page.expect_response(
        lambda response: response.request.method == "POST" and response.url.endswith("/graphql")
    ) as answer:
        await page.get_by_role("button", name="Execute query (Ctrl-Enter)").click()
    response = await answer.value
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    return response.request, body


async def stored(page: Page, tab: str) -> str:
    """All that the browser keeps, once that includes a tab: half a second after the last change."""
    await page.wait_for_function("tab => localStorage['graphiql:tabState']?.includes(tab)", arg=tab)
    kept: str = await page.evaluate("JSON.stringify(localStorage)")
    return kept


async def test_a_query_with_variables_shows_its_result(visit: Visit) -> None:
    page = await open_playground(visit)
    await write_query(page)
    await write(page, await show_tool(page, "Variables"), json.dumps(VARIABLES))
    sent, answer = await run(page)
    assert json.loads(sent.post_data or "{}")["variables"] == VARIABLES
    assert "errors" not in answer
    assert len(answer["data"]["ledger"]["transactions"]["edges"]) <= VARIABLES["first"]
    shown = page.locator(".graphiql-response")
    await expect(shown).to_contain_text(f'"version": {answer["data"]["ledger"]["version"]}')


async def test_the_text_of_the_first_tab_runs(visit: Visit) -> None:
    page = await open_playground(visit)
    await page.locator(".graphiql-query-editor").click()
    for operation in ("LatestExpenses", "LedgerVersion"):
        await page.get_by_role("button", name="Execute query (Ctrl-Enter)").click()
        async with page.expect_response(lambda response: response.url.endswith("/graphql")) as got:
            await page.get_by_role("menuitem", name=operation).click()
        assert "errors" not in await (await got.value).json()


async def test_fields_complete(visit: Visit) -> None:
    page = await open_playground(visit)
    await write(page, page.locator(".graphiql-query-editor"), "{ ledger { ")
    await page.keyboard.type(FIELD[:4])
    suggestion = page.locator(".suggest-widget.visible .monaco-list-row").first
    await expect(suggestion).to_contain_text(FIELD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".graphiql-query-editor .view-lines")).to_contain_text(FIELD)


async def test_a_wrong_field_is_marked_before_it_is_sent(visit: Visit) -> None:
    page = await open_playground(visit)
    await write(page, page.locator(".graphiql-query-editor"), "{ ledger { noSuchField } }")
    await expect(page.locator(".graphiql-query-editor .squiggly-error").first).to_be_visible()
    assert visit.operations() == []


async def test_the_documentation_shows_a_type(visit: Visit) -> None:
    page = await open_playground(visit)
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    docs = page.locator(".graphiql-doc-explorer")
    await docs.get_by_role("link", name=TYPE, exact=True).click()
    await expect(docs.locator(".graphiql-doc-explorer-title")).to_have_text(TYPE)
    await expect(docs.get_by_role("link", name=FIELD, exact=True)).to_be_visible()


async def test_headers_are_sent_and_not_kept(visit: Visit) -> None:
    page = await open_playground(visit)
    await write_query(page)
    secret = "Bearer of-a-secret"
    headers = await show_tool(page, "Headers")
    await write(page, headers, json.dumps({"X-Identity": secret}))
    sent, _ = await run(page)
    assert await sent.header_value("x-identity") == secret
    # A later tab is stored by the same write that would store the earlier one's headers.
    await add_tab(page, "Later")
    assert secret not in await stored(page, "Later")
    await page.reload()
    await expect(await show_tool(page, "Headers")).not_to_contain_text("X-Identity")


async def test_headers_are_kept_once_asked_for_and_forgotten_when_not(visit: Visit) -> None:
    page = await open_playground(visit)
    await write_query(page)
    await choose_to_keep_headers(page, "On")
    await write(page, await show_tool(page, "Headers"), '{"X-Identity": "kept"}')
    await run(page)
    await stored(page, "X-Identity")
    await page.reload()
    await expect(await show_tool(page, "Headers")).to_contain_text("X-Identity")
    # the page writes down a change half a second later, by the choice as it was at the change
    await page.wait_for_timeout(1000)
    await choose_to_keep_headers(page, "Off")
    # half a second after the choice, as for any change
    await page.wait_for_function("() => !JSON.stringify(localStorage).includes('X-Identity')")
    await stored(page, "FewExpenses")


async def add_tab(page: Page, name: str) -> None:
    await page.get_by_role("button", name="New tab").click()
    await write(page, page.locator(".graphiql-query-editor"), f"query {name} {{ __typename }}")
    await expect(page.get_by_role("tab", name=name)).to_be_visible()


async def choose_to_keep_headers(page: Page, choice: str) -> None:
    await page.get_by_role("button", name="Open settings dialog").click()
    settings = page.get_by_role("dialog")
    row = settings.locator(".graphiql-dialog-section").filter(has_text="Persist headers")
    await row.get_by_role("button", name=choice, exact=True).click()
    await page.keyboard.press("Escape")
    await expect(settings).to_be_hidden()


async def test_history_and_tabs_outlive_a_reload(visit: Visit) -> None:
    page = await open_playground(visit)
    await write_query(page)
    await run(page)
    await add_tab(page, "Second")
    await stored(page, "Second")
    await page.reload()
    await expect(page.locator(".graphiql-tab-button")).to_have_text(["FewExpenses", "Second"])
    await page.get_by_role("button", name="Show History").click()
    await expect(page.locator(".graphiql-history-item").first).to_contain_text("FewExpenses")


async def test_the_playground_works_below_a_prefix_on_another_host(
    visit_by_proxy: Visit,
) -> None:
    visit = visit_by_proxy
    page = await open_playground(visit, f"{visit.origin}/books/graphql")
    await write_query(page)
    _, answer = await run(page)
    assert "errors" not in answer
    await expect(page.get_by_role("link", name="REST")).to_have_attribute("href", f"{visit.origin}/books/docs")


@pytest.mark.parametrize("path", ["/graphql", "/docs"])
async def test_pages_allow_no_foreign_and_no_inline_script(visit: Visit, path: str) -> None:
    response = await visit.page.goto(f"{visit.origin}{path}")
    assert response is not None
    policy = {words[0]: words[1:] for words in map(str.split, response.headers["content-security-policy"].split(";"))}
    assert policy["default-src"] == ["'self'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'"]

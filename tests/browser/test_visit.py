"""What the other tests rely on: nothing that a page does goes unnoticed or gets out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.visit import visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = pytest.mark.anyio

STRAYS = {
    "a fetch": "fetch('http://elsewhere.test/x').catch(() => {})",
    "an image": "new Image().src = 'http://elsewhere.test/x'",
    "a beacon": "navigator.sendBeacon('http://elsewhere.test/x', 'y')",
    "a socket": "void new WebSocket('ws://elsewhere.test/x')",
    "a worker": """void new Worker(URL.createObjectURL(new Blob([
        "fetch('http://elsewhere.test/x').catch(() => {})"])))""",
}


@pytest.mark.parametrize("script", STRAYS.values(), ids=STRAYS.keys())
async def test_a_stray_is_noticed(chromium: Browser, tmp_path: Path, script: str) -> None:
    async with visiting(chromium, "http://127.0.0.1:9", tmp_path) as visit:
        await visit.page.evaluate(script)
        for _ in range(100):
            if visit.strays:
                break
            await visit.page.wait_for_timeout(100)
        assert [url.removeprefix("http://").removeprefix("ws://") for url in visit.strays] == ["elsewhere.test/x"]


async def test_a_complaint_is_noticed(chromium: Browser, tmp_path: Path) -> None:
    async with visiting(chromium, "http://127.0.0.1:9", tmp_path) as visit:
        await visit.page.evaluate("console.warn('oh'); setTimeout(() => { throw Error('ah') })")
        await visit.page.wait_for_timeout(500)
        assert len(visit.complaints) == 2

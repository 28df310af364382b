"""A real Chromium in front of the served pages."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


class Complaints:
    """All that a page complains of: errors, refused content, failed requests, other hosts asked."""

    def __init__(self, page: Page, home: str) -> None:
        self.heard: list[str] = []
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda request: self._check(request.url, home))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.heard.append(text)

    def _check(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.heard.append(f"asked another host: {url}")

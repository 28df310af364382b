"""The overlays that OBS shows: legible, true, and escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from broadcaster.web import create_app, serve
from tests.web.browser import Complaints
from tests.web.conftest import OVERLAYS, PASSWORD, settings
from tests.web.room import FakeRoom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

OVERLAY_NAMES = ["standby", "lower-third"]


class Source:
    """A browser source of 1920 × 1080, of a service that has a password which the source does not know."""

    def __init__(self, page: Page, room: FakeRoom, home: str) -> None:
        self.page = page
        self.room = room
        self.home = home
        self.complaints = Complaints(page, home)

    async def open(self, name: str) -> None:
        await self.page.goto(f"{self.home}/overlays/{name}")


@pytest_asyncio.fixture(loop_scope="session")
async def source(browser: Browser) -> AsyncIterator[Source]:
    room = FakeRoom(lambda: datetime.now(UTC))
    app = create_app(room, settings(password=PASSWORD), overlays=OVERLAYS)
    server = await serve(app, "127.0.0.1", 0)
    try:
        page = await browser.new_page(viewport={"width": 1920, "height": 1080})
        yield Source(page, room, f"http://127.0.0.1:{server.port}")
        await page.close()
    finally:
        await server.stop()


async def test_the_lower_third_names_the_exhibitor_on_air_and_then_the_next(source: Source) -> None:
    await source.open("lower-third/")
    await expect(source.page.locator("#name")).to_have_text("Bandeng Presto Juwita")
    await expect(source.page.locator("#who")).to_have_text("Ibu Juwita Rahma · Kota Semarang")

    source.room._put_on_air(4)
    source.room.change()

    await expect(source.page.locator("#name")).to_have_text("Kopi Petungkriyono <Robusta & Arabika>")
    assert source.complaints.heard == []


async def test_the_lower_third_is_empty_when_no_exhibitor_is_on_air(source: Source) -> None:
    await source.open("lower-third/")
    await expect(source.page.locator("#plate")).to_be_visible()

    source.room._put_on_air(6)
    source.room.change()

    await expect(source.page.locator("#plate")).to_be_hidden()


async def test_the_lower_third_lets_the_video_through(source: Source) -> None:
    await source.open("lower-third/")

    for element in ("html", "body"):
        ground = await source.page.evaluate(f"getComputedStyle(document.querySelector('{element}')).backgroundColor")
        assert ground == "rgba(0, 0, 0, 0)"


async def test_the_standby_slate_counts_down_to_the_next_item(source: Source) -> None:
    source.room.playback = "standby"
    await source.open("standby/")

    await expect(source.page.locator("#title")).to_have_text("Kopi Petungkriyono <Robusta & Arabika>")
    count = source.page.locator("#count")
    first = await count.text_content()
    await expect(count).not_to_have_text(str(first))
    assert source.complaints.heard == []


async def test_a_standby_slate_whose_item_is_overdue_makes_no_promise(source: Source) -> None:
    source.room.playback = "standby"
    source.room.expected_end = datetime.now(UTC)
    await source.open("standby/")

    await expect(source.page.locator("#soon")).to_have_text("Sebentar lagi")
    await expect(source.page.locator("#count")).to_be_hidden()


@pytest.mark.parametrize("name", OVERLAY_NAMES)
async def test_an_overlay_shows_its_sample_in_any_browser(source: Source, name: str) -> None:
    await source.open(f"{name}/?sample")

    await expect(source.page.locator("body")).to_contain_text("&")
    assert source.complaints.heard == []


@pytest.mark.parametrize("name", OVERLAY_NAMES)
async def test_an_overlay_is_legible_and_inside_the_title_safe_area(source: Source, name: str) -> None:
    """Nothing under 44 px; 96 px from the sides, 54 from the top; YouTube's controls cover the lowest 120."""
    await source.open(f"{name}/?sample")
    await expect(source.page.locator("body")).to_contain_text("&")
    await source.page.wait_for_timeout(600)

    texts = await source.page.evaluate(
        """[...document.querySelectorAll("p")].filter((it) => it.offsetParent && it.textContent).map((it) => {
            const range = document.createRange();
            range.selectNodeContents(it);
            const { left, top, right, bottom } = range.getBoundingClientRect();
            return { size: parseFloat(getComputedStyle(it).fontSize), left, top, right, bottom };
        })"""
    )

    assert len(texts) >= 3
    for text in texts:
        assert text["size"] >= 44
        assert text["left"] >= 96
        assert text["right"] <= 1920 - 96
        assert text["top"] >= 54
        assert text["bottom"] <= 1080 - 120

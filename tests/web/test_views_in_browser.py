"""What people see from a distance or on a phone: digits, words beside colours, what fits where, and a session's end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from broadcaster.access import Role
from tests.web.people import with_people
from tests.web.test_page import at_desk
from tests.web.test_people_pages import house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.web.test_page import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
FAKE_WAKE_LOCK = """
window.asked = [];
Object.defineProperty(navigator, "wakeLock", { value: { async request(kind) {
    window.asked.push(kind);
    return new EventTarget();
} } });
"""


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    async with at_desk(browser, viewport=LAPTOP) as desk:
        yield desk


async def look(desk: Desk, path: str) -> Page:
    await desk.page.goto(f"{desk.home}{path}?lang=en")
    return desk.page


async def box(page: Page, selector: str) -> Any:
    return await page.locator(selector).first.bounding_box()


# ------------------------------------------------------------ what is left


@pytest.mark.parametrize(
    ("left", "word", "shape"),
    [(200, "remaining", ""), (50, "ending soon", "standby"), (20, "about to end", "yielded"), (-5, "over", "failed")],
)
@pytest.mark.parametrize("path", ["/timer", "/mc", "/crew"])
async def test_the_end_that_comes_near_is_told_by_word_and_shape_too(
    desk: Desk, path: str, left: int, word: str, shape: str
) -> None:
    desk.room.expected_end = desk.room.clock() + timedelta(seconds=left)
    page = await look(desk, path)
    await expect(page.locator("[data-show=remaining-word]")).to_contain_text(word)
    await expect(page.locator("[data-show=remaining-shape]")).to_have_attribute("data-shape", shape)


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP, {"width": 3840, "height": 2160}])
async def test_digits_of_hours_fit_the_stage_timer_and_it_is_large(browser: Browser, viewport: Any) -> None:
    async with at_desk(browser, viewport=viewport) as desk:
        desk.room.expected_end = desk.room.clock() - timedelta(hours=1, minutes=5)
        page = await look(desk, "/timer")
        digits = page.locator("[data-show=remaining]")
        await expect(digits).to_contain_text("+1:05:")
        wide = await digits.evaluate("(it) => it.scrollWidth")
        assert viewport["width"] * 0.6 < wide <= viewport["width"]


async def test_what_waits_for_a_take_is_not_said_to_be_late(desk: Desk) -> None:
    """What is on air ends with a take and is over its time: the next one's expected start is always now."""
    desk.room.expected_end = desk.room.clock() - timedelta(minutes=3)
    desk.room.ends = "manual"
    desk.room.next_start = desk.room.clock()
    await desk.open()
    await expect(desk.page.locator("#next .big")).to_have_text("waits for a take")


@pytest.mark.parametrize("path", ["/timer", "/mc", "/crew"])
async def test_the_screen_stays_on_while_a_view_is_looked_at(desk: Desk, path: str) -> None:
    await desk.page.add_init_script(FAKE_WAKE_LOCK)
    page = await look(desk, path)
    await page.wait_for_function("window.asked.length > 0")
    assert await page.evaluate("window.asked") == ["screen"]


# ------------------------------------------------------------ what fits


async def test_a_laptop_shows_whole_pictures_the_line_on_youtube_and_six_rows(desk: Desk) -> None:
    await desk.open()
    for panel in ("#program", "#preview"):
        picture = await box(desk.page, panel)
        assert abs(picture["width"] / picture["height"] - 16 / 9) < 0.05
    line = await box(desk.page, "#description")
    assert line["y"] + line["height"] <= LAPTOP["height"]
    scroll = await box(desk.page, "#rundown .scroll")
    rows = [await row.bounding_box() for row in await desk.page.locator("#rundown tbody tr").all()]
    inside = [row for row in rows if row and scroll["y"] <= row["y"] <= scroll["y"] + scroll["height"] - row["height"]]
    assert len(inside) >= 6


async def test_banners_and_alarms_push_the_page_down_and_hide_no_button(desk: Desk) -> None:
    desk.room.automation = "yielded"
    desk.room.alarms = ["dropped_frames", "recording_off", "disk_low"]
    await desk.open()
    await expect(desk.page.locator("#alarms li")).to_have_count(3)
    hidden = await desk.page.locator(".desk").evaluate("(it) => it.scrollHeight - it.clientHeight")
    rundown, notices = await box(desk.page, "#rundown"), await box(desk.page, ".notices")
    assert hidden <= 1
    assert rundown["height"] > 200
    assert notices["y"] >= rundown["y"] + rundown["height"]
    assert notices["height"] > 80


async def test_a_phones_menu_is_one_line_and_opens_within_the_screen(browser: Browser) -> None:
    async with at_desk(browser, viewport=PHONE) as desk:
        page = await look(desk, "/mc")
        nav = await box(page, ".nav")
        assert nav["height"] <= 50
        await page.locator(".more-pages summary").click()
        for name in ("For the crew", "Audit log", "EN"):
            place = await page.get_by_role("link", name=name, exact=True).bounding_box()
            assert place is not None
            assert 0 <= place["x"] <= place["x"] + place["width"] <= PHONE["width"]


async def test_a_row_that_is_chosen_on_a_phone_brings_its_form_up_and_close_puts_it_away(browser: Browser) -> None:
    async with at_desk(browser, viewport=PHONE) as desk:
        page = await look(desk, "/rundown")
        await page.locator("#items .choose").nth(9).click()
        await expect(page.locator("#chosen")).to_be_in_viewport()
        await page.get_by_role("button", name="Close", exact=True).click()
        await expect(page.locator("#form")).to_be_hidden()


async def test_the_organizers_list_opens_at_what_is_on_air(browser: Browser) -> None:
    async with at_desk(browser, viewport={"width": 1366, "height": 640}) as desk:
        desk.room._put_on_air(10)
        page = await look(desk, "/rundown")
        await expect(page.locator("#items [data-state=on_air]")).to_be_in_viewport()
        await page.locator("#items").evaluate("(it) => it.scrollTo(0, 0)")
        await expect(page.locator("#items [data-state=on_air]")).not_to_be_in_viewport()
        await page.get_by_role("button", name="Go to current").click()
        await expect(page.locator("#items [data-state=on_air]")).to_be_in_viewport()


# ------------------------------------------------------------ who is signed out


@pytest.mark.parametrize("path", ["/", "/mc"])
async def test_who_has_been_signed_out_is_told_so_with_the_way_back(
    browser: Browser, tmp_path: Path, path: str
) -> None:
    async with house(browser, tmp_path, with_people(viewer=Role.VIEWER, admin=Role.ADMIN)) as place:
        page = place.page
        await place.sign_in("viewer", path)
        await expect(page.locator("#stale")).to_be_hidden()
        await page.evaluate("fetch('/api/v1/session', { method: 'DELETE', headers: { 'X-Broadcaster': 'page' } })")

        await expect(page.locator("#signed-out")).to_be_visible(timeout=15_000)
        await expect(page.locator("#stale")).to_be_hidden()
        await page.locator("#signed-out a").click()
        await place.at("/login")
        await page.get_by_label("Name").fill("viewer")
        await page.get_by_label("Password").fill("viewer has a long password")
        await page.keyboard.press("Enter")
        await place.at(path)
        await expect(page.locator("#signed-out")).to_be_hidden()

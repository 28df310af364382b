"""What else the operator's page has: the end of an item, the stream, alarms, keys, the preview, light."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.web.test_page import at_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from tests.web.test_page import Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    async with at_desk(browser, viewport={"width": 1366, "height": 800}) as desk:
        yield desk


@pytest.mark.parametrize(("name", "seconds"), [("−1 min", -60), ("−30 s", -30), ("+30 s", 30), ("+1 min", 60)])
async def test_a_button_moves_the_end_of_what_is_on_air(desk: Desk, name: str, seconds: int) -> None:
    await desk.open()
    await desk.page.get_by_role("button", name=name).click()
    assert await desk.presses(1) == [("extend", f"{seconds:.1f}")]


@pytest.mark.parametrize(("key", "seconds"), [("<", -60), (",", -30), (".", 30), (">", 60)])
async def test_a_key_moves_the_end_of_what_is_on_air(desk: Desk, key: str, seconds: int) -> None:
    await desk.open()
    await desk.page.keyboard.press(key)
    assert await desk.presses(1) == [("extend", f"{seconds:.1f}")]


@pytest.mark.parametrize(("key", "act"), [("B", "back"), ("N", "skip"), ("S", "standby")])
async def test_what_changes_more_than_the_next_step_needs_shift(desk: Desk, key: str, act: str) -> None:
    await desk.open()
    await desk.page.keyboard.press(key.lower())
    await desk.page.keyboard.press(f"Shift+{key}")
    assert await desk.presses(1) == [(act, None)]


async def test_the_stream_is_stopped_and_started_when_that_is_confirmed(desk: Desk) -> None:
    await desk.open()
    switch = desk.page.locator("#stream-switch")
    await expect(switch).to_contain_text("Stop stream")
    await switch.click()
    await expect(desk.page.locator("#question")).to_have_text("Stop the stream? Viewers will see nothing.")
    await desk.page.keyboard.press("Escape")
    assert desk.room.presses == []
    await desk.page.keyboard.press("Shift+L")
    await desk.page.get_by_role("button", name="Yes").click()
    assert await desk.presses(1) == [("stream", "off")]
    await expect(switch).to_contain_text("Start stream")


async def test_an_alarm_says_what_to_do_and_goes_with_its_cause(desk: Desk) -> None:
    desk.room.alarms = ["dropped_frames"]
    await desk.open()
    alarms = desk.page.locator("#alarms")
    await expect(alarms).to_contain_text("Lower the bit rate, or free the line.")
    desk.room.alarms = []
    desk.room.change()
    await expect(alarms).to_be_hidden()


async def test_a_device_whose_clock_is_wrong_is_told_so(desk: Desk) -> None:
    await desk.page.add_init_script("const real = Date.now; Date.now = () => real() + 90_000")
    await desk.open()
    await expect(desk.page.locator("#clock")).to_contain_text("differs by +1:30")


async def test_a_row_is_chosen_with_the_arrows_and_jumped_to_with_enter_when_that_is_confirmed(desk: Desk) -> None:
    await desk.open()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "Enter"):
        await desk.page.keyboard.press(key)
    await expect(desk.page.locator("#question")).to_have_text("Put “Rotan Jaya Mandiri” on air now?")
    await desk.page.keyboard.press("Enter")
    assert await desk.presses(1) == [("jump", "p-rotan")]


async def test_what_is_next_is_seen_beside_program(desk: Desk) -> None:
    await desk.open()
    await expect(desk.page.locator("#preview img")).to_be_visible()
    await expect(desk.page.locator("#preview .scene")).to_contain_text("Kopi Petungkriyono")


async def test_the_page_is_light_when_somebody_wants_that_and_stays_so(desk: Desk) -> None:
    await desk.open()
    await expect(desk.page.locator("html")).to_have_attribute("data-theme", "dark")
    await desk.page.get_by_role("button", name="Light / dark").click()
    await desk.page.reload()
    await expect(desk.page.locator("html")).to_have_attribute("data-theme", "light")

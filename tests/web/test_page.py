"""The operator's page in a real browser, before a served application with a fake control room."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from broadcaster import language
from broadcaster.web import create_app, serve
from tests.web.browser import Complaints
from tests.web.conftest import OVERLAYS, settings
from tests.web.people import nobody
from tests.web.room import SUSPENDED, FakeRoom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from broadcaster.web import WebServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


class Desk:
    """An operator at the page."""

    def __init__(self, page: Page, room: FakeRoom, server: WebServer, home: str) -> None:
        self.page = page
        self.room = room
        self.server = server
        self.home = home
        self.complaints = Complaints(page, home)

    async def open(self, path: str = "/?lang=en") -> None:
        await self.page.goto(self.home + path)
        await expect(self.page.locator("#state")).not_to_have_attribute("data-state", "stale")

    async def presses(self, number: int) -> list[tuple[str, str | None]]:
        """What the room was asked, once it was asked that many things."""
        async with asyncio.timeout(5):
            while len(self.room.presses) < number:  # noqa: ASYNC110  (the room is a plain object)
                await asyncio.sleep(0.01)
        return [(act, item) for act, item, _by in self.room.presses]


@asynccontextmanager
async def at_desk(browser: Browser, **options: Any) -> AsyncIterator[Desk]:
    room = FakeRoom(lambda: datetime.now(UTC))
    server = await serve(create_app(room, settings(), overlays=OVERLAYS, access=nobody()), "127.0.0.1", 0)
    try:
        page = await browser.new_page(**options)
        yield Desk(page, room, server, f"http://127.0.0.1:{server.port}")
        await page.close()
    finally:
        await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    async with at_desk(browser, viewport={"width": 1280, "height": 800}) as desk:
        yield desk


async def test_the_page_shows_what_is_on_air_and_what_follows(desk: Desk) -> None:
    await desk.open()
    page = desk.page

    await expect(page.locator("#state .word")).to_have_text("ON AIR")
    await expect(page.locator("#current .title")).to_have_text("Bandeng Presto Juwita")
    await expect(page.locator("#current .detail")).to_have_text("Ibu Juwita Rahma · Kota Semarang")
    await expect(page.locator("#current .big")).to_have_text(re.compile(r"^1:[0-4]\d$"))
    await expect(page.locator("#next .title")).to_have_text("Kopi Petungkriyono <Robusta & Arabika>")
    await expect(page.locator("#over-under .big")).to_have_text("+0:42")
    await expect(page.locator("#wall .zone")).to_have_text("WIB")
    await expect(page.locator("#description")).to_contain_text("SEDANG TAYANG: Bandeng Presto Juwita")
    await expect(page.locator("#notices li")).to_have_count(3)
    await expect(page.locator("tr[data-state=on_air]")).to_contain_text("Bandeng Presto Juwita")
    await expect(page.locator("#program img")).to_be_visible()


async def test_the_countdown_runs_between_messages(desk: Desk) -> None:
    """It is computed from the service's time, and a browser whose own clock is wrong shows the same."""
    await desk.page.add_init_script("const true_ = Date.now; Date.now = () => true_() + 3600_000")
    await desk.open()
    remaining = desk.page.locator("#current .big")

    first = await remaining.text_content()
    await expect(remaining).not_to_have_text(str(first))
    await expect(remaining).to_have_text(re.compile(r"^1:[0-4]\d$"))


async def test_the_machine_under_the_service_shows_its_health(desk: Desk) -> None:
    await desk.open()
    disk, clock = desk.page.locator("#disk"), desk.page.locator("#clock")
    await expect(clock).to_have_attribute("data-health", "good")

    desk.room.machine = {"free_gb": 3.2, "clock_synchronized": False}
    desk.room.change()

    await expect(disk).to_have_attribute("data-health", "bad")
    await expect(disk).to_contain_text("3 GB")
    await expect(clock).to_contain_text("on its own")
    await expect(clock).to_have_attribute("title", re.compile("set-ntp"))


async def test_space_takes(desk: Desk) -> None:
    await desk.open()

    await desk.page.keyboard.press("Space")

    assert await desk.presses(1) == [("take", None)]
    await expect(desk.page.locator("#current .title")).to_have_text("Kopi Petungkriyono <Robusta & Arabika>")


async def test_f12_takes(desk: Desk) -> None:
    await desk.open()

    await desk.page.keyboard.press("F12")

    assert await desk.presses(1) == [("take", None)]


@pytest.mark.parametrize("act", ["take", "hold", "back", "skip", "standby"])
async def test_a_button_presses(desk: Desk, act: str) -> None:
    await desk.open()

    await desk.page.locator(f".actions [data-act={act}]").click()

    assert await desk.presses(1) == [(act, None)]


async def test_h_holds_and_then_resumes(desk: Desk) -> None:
    await desk.open()

    await desk.page.keyboard.press("h")
    await expect(desk.page.locator("#state .word")).to_have_text("HELD")
    await desk.page.keyboard.press("h")
    await expect(desk.page.locator("#state .word")).to_have_text("ON AIR")

    assert await desk.presses(2) == [("hold", None), ("resume", None)]


async def test_a_second_take_within_a_second_is_blocked_and_a_later_one_is_not(desk: Desk) -> None:
    await desk.open()

    await desk.page.keyboard.press("Space")
    await desk.page.keyboard.press("F12")
    await desk.page.locator(".actions [data-act=take]").click()
    await expect(desk.page.locator(".toast").first).to_have_text("Second take within a second: ignored.")
    assert await desk.presses(1) == [("take", None)]

    await desk.page.wait_for_timeout(1100)
    await desk.page.keyboard.press("Space")

    assert await desk.presses(2) == [("take", None), ("take", None)]


async def test_space_after_a_click_is_a_take_and_not_that_button_again(desk: Desk) -> None:
    await desk.open()

    await desk.page.locator(".actions [data-act=hold]").click()
    await desk.presses(1)
    await desk.page.keyboard.press("Space")

    assert await desk.presses(2) == [("hold", None), ("take", None)]


async def test_space_on_a_button_reached_by_keyboard_presses_that_button(desk: Desk) -> None:
    await desk.open()
    await desk.page.locator(".actions [data-act=take]").focus()
    await desk.page.keyboard.press("Tab")

    await desk.page.keyboard.press("Space")

    assert await desk.presses(1) == [("hold", None)]


async def test_keys_are_off_while_a_text_field_has_focus(desk: Desk) -> None:
    await desk.open()
    await desk.page.evaluate("document.body.append(document.createElement('input'))")
    await desk.page.locator("body > input").click()

    await desk.page.keyboard.type("h h ")

    assert await desk.page.locator("body > input").input_value() == "h h "
    assert desk.room.presses == []


async def test_a_jump_is_asked_about_first_and_esc_only_cancels(desk: Desk) -> None:
    await desk.open()
    jump = desk.page.get_by_role("button", name="Jump to Sasirangan Galuh")

    await jump.click()
    await expect(desk.page.locator("#question")).to_have_text("Put “Sasirangan Galuh” on air now?")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator("#ask")).to_be_hidden()
    assert desk.room.presses == []

    await jump.click()
    await desk.page.keyboard.press("Enter")
    assert await desk.presses(1) == [("jump", "p-sasirangan")]


async def test_a_refusal_is_told(desk: Desk) -> None:
    await desk.open()
    desk.room.refuse = "Nothing <b>follows</b>."

    await desk.page.keyboard.press("Space")

    await expect(desk.page.locator(".toast")).to_have_text("Nothing <b>follows</b>.")


async def test_a_silent_service_turns_the_page_stale_and_its_voice_turns_it_back(desk: Desk) -> None:
    await desk.open()
    banner = desk.page.locator("#stale")
    await expect(banner).to_be_hidden()

    desk.room.broken = True
    await expect(banner).to_be_visible(timeout=6000)
    await expect(desk.page.locator("#state .word")).to_have_text("NO CONTACT")

    desk.room.broken = False
    await expect(banner).to_be_hidden()
    await expect(desk.page.locator("#state .word")).to_have_text("ON AIR")


async def test_a_page_finds_back_to_a_service_that_was_restarted(desk: Desk) -> None:
    await desk.open()
    await desk.server.stop()
    await expect(desk.page.locator("#stale")).to_be_visible(timeout=6000)

    again = await serve(
        create_app(desk.room, settings(), overlays=OVERLAYS, access=nobody()), "127.0.0.1", desk.server.port
    )

    await expect(desk.page.locator("#stale")).to_be_hidden(timeout=10_000)
    await again.stop()


async def test_a_hand_at_obs_is_shown_with_one_large_way_back(desk: Desk) -> None:
    await desk.open()
    desk.room.automation = "yielded"
    desk.room.change()

    banner = desk.page.locator("#yielded")
    await expect(banner).to_contain_text("Automation has yielded: somebody is at OBS.")
    await expect(desk.page.locator("#state .word")).to_have_text("TAKEN OVER")
    await banner.get_by_role("button", name="Resume automation").click()

    assert await desk.presses(1) == [("resume", None)]
    await expect(banner).to_be_hidden()


async def test_standby_by_hand_is_told_from_the_wait_before_the_show_and_resume_gives_it_back(desk: Desk) -> None:
    desk.room.playback = "standby"
    await desk.open()
    banner = desk.page.locator("#standby")
    resume = desk.page.locator(".actions [data-act=resume]")
    await expect(desk.page.locator("#state .word")).to_have_text("STANDBY")
    await expect(banner).to_be_hidden()
    assert await resume.get_attribute("data-wanted") is None

    await desk.page.locator(".actions [data-act=standby]").click()

    await expect(banner).to_contain_text("On standby by hand: nothing starts by itself.")
    assert await resume.get_attribute("data-wanted") is not None
    await desk.page.keyboard.press("h")
    assert await desk.presses(2) == [("standby", None), ("resume", None)]
    await expect(banner).to_be_hidden()


async def test_two_pages_hear_of_the_same_thing_each_in_its_language(desk: Desk, browser: Browser) -> None:
    desk.room.refuse = SUSPENDED
    await desk.open("/?lang=id")
    other = await browser.new_page()
    await other.goto(desk.home + "/?lang=en")

    for page, code in ((desk.page, "id"), (other, "en")):
        language.use(code)
        await expect(page.locator("#notices li").last).to_contain_text(language.gettext(SUSPENDED))
        await page.keyboard.press("Space")
        await expect(page.locator(".toast")).to_have_text(language.gettext(SUSPENDED))
    await other.close()


async def test_the_stream_is_shown_as_it_is_and_its_troubles_in_red(desk: Desk) -> None:
    await desk.open()
    chip = desk.page.locator("#stream")
    await expect(chip).to_have_attribute("data-health", "good")
    await expect(chip).to_contain_text("4012 kbit/s")
    for state, word in (("down", "broke off"), ("starting", "is being started")):
        desk.room.stream_state = state
        desk.room.change()
        await expect(chip).to_contain_text(word)
    desk.room.stream_state, desk.room.alarms = "", ["dropped_frames"]
    desk.room.change()
    await expect(chip).to_have_attribute("data-health", "bad")


async def test_the_page_speaks_indonesian_and_english(desk: Desk) -> None:
    for code in ("id", "en"):
        await desk.open(f"/?lang={code}")
        language.use(code)
        assert await desk.page.locator("html").get_attribute("lang") == code
        await expect(desk.page.locator("#state .word")).to_have_text(language.gettext("ON AIR"))
        take = desk.page.locator(".actions [data-act=take]")
        await expect(take).to_contain_text(language.gettext("Take"))
    await desk.page.get_by_role("link", name="ID").click()
    await expect(desk.page.locator("html")).to_have_attribute("lang", "id")


async def test_another_day_is_looked_at_and_the_current_item_found_again(desk: Desk) -> None:
    await desk.open()
    await desk.page.get_by_role("button", name="Hari 2").click()
    await expect(desk.page.locator("#rundown .empty")).to_be_visible()

    await desk.page.get_by_role("button", name="Go to current").click()

    await expect(desk.page.locator("tr[data-state=on_air]")).to_be_in_viewport()


async def test_the_rundown_follows_what_is_on_air(desk: Desk) -> None:
    await desk.open()
    desk.room._put_on_air(11)
    desk.room.change()

    row = desk.page.locator("tr[data-state=on_air]")
    await expect(row).to_contain_text("Gula Semut Nira Cilacap")
    await expect(desk.page.get_by_role("button", name="Jump to Doorprize dan Penutupan")).to_be_in_viewport()


async def test_the_rundown_follows_what_is_next_while_nothing_is_on_air(desk: Desk) -> None:
    desk.room.place, desk.room.playback = 10, "standby"
    await desk.open()

    await expect(desk.page.locator("tr[data-state=next]")).to_contain_text("Gula Semut Nira Cilacap")
    await expect(desk.page.locator("tr[data-state=next]")).to_be_in_viewport()


async def test_a_title_is_text_and_never_markup(desk: Desk) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\">"
    for item in desk.room._items:
        item["title"] = evil
    desk.room.title = evil
    await desk.open()

    await expect(desk.page.locator("#current .title")).to_have_text(evil)
    await expect(desk.page.locator("tr[data-state=on_air] b")).to_have_text(evil)
    assert await desk.page.title() != "owned"
    assert desk.complaints.heard == []


@pytest.mark.parametrize(("width", "height"), [(360, 780), (820, 1180), (1280, 720), (3840, 2160)])
async def test_the_page_fits_every_screen_and_complains_of_nothing(browser: Browser, width: int, height: int) -> None:
    async with at_desk(browser, viewport={"width": width, "height": height}) as desk:
        await desk.open()
        await expect(desk.page.locator("#program img")).to_be_attached()
        await desk.page.keyboard.press("h")
        await desk.presses(1)

        over = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0
        small = await desk.page.evaluate(
            """[...document.querySelectorAll("button, .languages a")]
                .filter((it) => it.offsetParent)
                .map((it) => [it.textContent.trim(), it.offsetWidth, it.offsetHeight])
                .filter(([, width, height]) => width < 44 || height < 44)"""
        )
        assert small == []
        cut = await desk.page.evaluate(
            """[...document.querySelectorAll(".big, .state .word")]
                .filter((it) => it.scrollWidth > it.parentElement.clientWidth)
                .map((it) => it.textContent)"""
        )
        assert cut == []
        assert desk.complaints.heard == []


async def test_remaining_time_is_read_at_two_metres(desk: Desk) -> None:
    """About 20 mm on a laptop's screen: 64 px and more."""
    await desk.open()

    size = await desk.page.evaluate("parseFloat(getComputedStyle(document.querySelector('#current .big')).fontSize)")

    assert size >= 64


async def test_the_picture_is_not_fetched_while_nobody_sees_it(desk: Desk) -> None:
    await desk.open()
    await expect(desk.page.locator("#program img")).to_be_visible()

    await desk.page.evaluate("Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })")
    await desk.page.wait_for_timeout(700)
    taken = len(desk.room.screenshots)
    await desk.page.wait_for_timeout(1300)

    assert len(desk.room.screenshots) == taken


async def test_a_next_item_without_an_expected_start_waits_for_a_take(desk: Desk) -> None:
    """Its planned time may be hours away and will not start it: counting down to it would be a lie."""
    desk.room.next_waits = True
    await desk.open()

    await expect(desk.page.locator("#next .big")).to_have_text("waits for a take")

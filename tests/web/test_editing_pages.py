"""The organizer's pages in a real browser, before the whole running service: staged, told, made, taken back."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from broadcaster import config, language
from broadcaster.app import Service
from broadcaster.show.edits.values import AddExhibitor, Change, Delete
from broadcaster.show.messages import Act
from broadcaster.show.rundown import ItemId
from tests.shows_on_disk import write_show
from tests.web.browser import Complaints

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

AXE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"
PAGES = ["/", "/rundown", "/exhibitors", "/timer", "/mc", "/crew"]


class Office:
    """A running service, and people at its pages."""

    def __init__(self, service: Service, browser: Browser) -> None:
        self.service, self.browser = service, browser
        self.home = f"http://127.0.0.1:{service.web.port}"
        self.pages: list[Page] = []
        self.complaints: list[Complaints] = []

    async def open(self, path: str = "/rundown", *, lang: str = "en", **options: Any) -> Page:
        page = await self.browser.new_page(**{"viewport": {"width": 1366, "height": 800}, **options})
        self.pages.append(page)
        self.complaints.append(Complaints(page, self.home))
        await page.goto(f"{self.home}{path}?lang={lang}")
        return page

    async def organizer(self, **options: Any) -> Page:
        page = await self.open(**options)
        await expect(page.locator("#items .row")).to_have_count(5)
        return page

    @property
    def order(self) -> list[str]:
        return [item["id"] for item in self.service.room.rundown()["days"][0]["items"]]

    def item(self, name: str) -> Any:
        return next(item for item in self.service.room.rundown()["days"][0]["items"] if item["id"] == name)

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110  (the service is in this process)
                await asyncio.sleep(0.02)


@pytest_asyncio.fixture(loop_scope="session")
async def office(browser: Browser, tmp_path: Path) -> AsyncIterator[Office]:
    async with running(browser, tmp_path) as office:
        yield office


@asynccontextmanager
async def running(browser: Browser, folder: Path) -> AsyncIterator[Office]:
    show = write_show(folder / "schedules", seconds=(120,) * 5)
    settings = config.load(
        folder / "config.toml", show=show, language="en", web={"port": 0}, youtube={"mode": "rehearsal"}
    )
    service = Service(settings, rehearsal=True)
    await service.start()
    office = Office(service, browser)
    try:
        yield office
        for page in office.pages:
            await page.close()
    finally:
        await service.stop()


def shown(page: Page) -> Any:
    return page.locator("#items .row")


async def ids(page: Page) -> list[str | None]:
    return [await row.get_attribute("data-id") for row in await shown(page).all()]


async def test_an_item_moves_by_keys_its_consequences_are_shown_and_enter_makes_the_edit(office: Office) -> None:
    page = await office.organizer()
    await shown(page).nth(3).locator(".choose").click()
    await page.keyboard.press("Alt+ArrowUp")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.locator("#consequences")).to_contain_text("begin later")
    await expect(shown(page).nth(1)).to_have_attribute("data-id", "i3")
    assert office.order == ["i0", "i1", "i2", "i3", "i4"]

    await page.keyboard.press("Enter")

    await office.until(lambda: office.order == ["i0", "i3", "i1", "i2", "i4"])
    await expect(page.locator("#draft")).to_be_hidden()
    assert office.complaints[0].heard == []


async def test_an_item_is_dragged_and_dropped(office: Office) -> None:
    page = await office.organizer()
    handle = shown(page).nth(4).locator(".handle")
    start, end = await handle.bounding_box(), await shown(page).nth(1).bounding_box()
    assert start is not None
    assert end is not None
    await page.mouse.move(start["x"] + 8, start["y"] + start["height"] / 2)
    await page.mouse.down()
    for step in range(1, 9):
        y = start["y"] + (end["y"] - start["y"]) * step / 8 + 4
        await page.mouse.move(start["x"] + 8, y)
        await page.wait_for_timeout(30)
    await page.mouse.up()
    await expect(page.locator("#draft")).to_be_visible()
    dropped = await ids(page)
    assert dropped.index("i4") in {1, 2}

    await page.get_by_role("button", name="Make the edit").click()

    await office.until(lambda: office.order == dropped)


async def test_what_is_staged_is_given_up_with_escape_and_nothing_has_changed(office: Office) -> None:
    page = await office.organizer()
    await shown(page).nth(2).locator(".choose").click()
    await page.keyboard.press("Delete")
    await expect(shown(page)).to_have_count(4)
    await expect(page.locator("#draft")).to_be_visible()

    await page.keyboard.press("Escape")

    await expect(shown(page)).to_have_count(5)
    await expect(page.locator("#draft")).to_be_hidden()
    assert office.order == ["i0", "i1", "i2", "i3", "i4"]


async def test_what_is_staged_outlives_a_line_that_breaks(office: Office) -> None:
    page = await office.organizer()
    await shown(page).nth(2).locator(".choose").click()
    await page.keyboard.press("Delete")
    await expect(shown(page)).to_have_count(4)
    await page.route("**/edits/preview**", lambda route: route.abort())
    await page.keyboard.press("Delete")
    await expect(page.locator("#consequences [data-level=alarm]")).to_be_visible()
    await expect(page.get_by_role("button", name="Make the edit")).to_be_disabled()

    await page.unroute("**/edits/preview**")

    await expect(shown(page)).to_have_count(3)
    await page.get_by_role("button", name="Make the edit").click()
    await office.until(lambda: office.order == ["i0", "i1", "i4"])


async def test_an_edit_is_undone_and_made_again(office: Office) -> None:
    before = (office.service.settings.show / "hari-1.toml").read_bytes()
    page = await office.organizer()
    await shown(page).nth(2).locator(".choose").click()
    await page.keyboard.press("Delete")
    await page.get_by_role("button", name="Make the edit").click()
    await office.until(lambda: "i2" not in office.order)

    await expect(page.locator('[data-do="undo"]')).to_be_enabled()
    await page.keyboard.press("Control+z")
    await office.until(lambda: "i2" in office.order)
    assert (office.service.settings.show / "hari-1.toml").read_bytes() == before

    await expect(page.locator('[data-do="redo"]')).to_be_enabled()
    await page.keyboard.press("Control+y")
    await office.until(lambda: "i2" not in office.order)


async def test_an_items_values_are_changed_in_its_form(office: Office) -> None:
    page = await office.organizer()
    await shown(page).nth(3).locator(".choose").click()
    await page.locator("[name=title]").fill("Judul <Baru>")
    await page.locator("[name=duration]").fill("5m")
    await page.locator("[name=note]").fill("Mikrofon dua")
    await page.locator("[name=note]").blur()
    await expect(page.locator("#consequences")).to_contain_text("later")
    await page.get_by_role("button", name="Make the edit").click()
    await office.until(lambda: office.item("i3")["title"] == "Judul <Baru>")
    assert (office.item("i3")["duration_s"], office.item("i3")["note"]) == (300, "Mikrofon dua")


async def test_insert_duplicate_and_skip(office: Office) -> None:
    page = await office.organizer()
    await shown(page).nth(4).locator(".choose").click()
    await page.keyboard.press("s")
    await page.keyboard.press("Control+d")
    await expect(shown(page)).to_have_count(6)
    await page.locator('[data-do="insert"]').click()
    await expect(shown(page)).to_have_count(7)
    await page.get_by_role("button", name="Make the edit").click()
    await office.until(lambda: len(office.order) == 7)
    assert office.item("i4")["skip"] is True


async def test_an_edit_with_mistakes_cannot_be_made_and_says_why(office: Office) -> None:
    page = await office.organizer()
    await shown(page).nth(3).locator(".choose").click()
    await page.locator("[name=duration]").fill("sebentar")
    await page.locator("[name=duration]").blur()
    await expect(page.locator("#consequences [data-level=alarm]")).to_contain_text("sebentar")
    await expect(page.get_by_role("button", name="Make the edit")).to_be_disabled()


async def test_what_is_on_air_is_fixed_but_for_its_note(office: Office) -> None:
    await office.service.room.press(Act.TAKE)
    page = await office.organizer()
    await expect(shown(page).first).to_have_attribute("data-state", "on_air")
    await shown(page).first.locator(".choose").click()
    await expect(page.locator("#locked")).to_be_visible()
    await expect(page.locator("[name=title]")).to_be_disabled()
    await page.keyboard.press("Delete")
    await expect(page.locator("#consequences [data-level=alarm]").first).to_contain_text("is on air")


async def test_of_two_browsers_at_the_same_field_the_second_is_told_and_decides(office: Office) -> None:
    ani, budi = await office.organizer(), await office.organizer()
    for page, title in ((ani, "Dari Ani"), (budi, "Dari Budi")):
        await shown(page).nth(3).locator(".choose").click()
        await page.locator("[name=title]").fill(title)
        await page.locator("[name=title]").blur()
        await expect(page.locator("#draft")).to_be_visible()
    await ani.get_by_role("button", name="Make the edit").click()
    await office.until(lambda: office.item("i3")["title"] == "Dari Ani")
    # Budi's page hears of it while the draft waits, and says so before the edit is made.
    await expect(budi.locator("#consequences")).to_contain_text("has changed title of “Dari Ani” to “Dari Ani”")

    await budi.get_by_role("button", name="Make the edit").click()
    await expect(budi.locator("#conflict")).to_contain_text("has changed title of “Dari Ani” to “Dari Ani”")
    assert office.item("i3")["title"] == "Dari Ani"
    await budi.get_by_role("button", name="Mine all the same").click()

    await office.until(lambda: office.item("i3")["title"] == "Dari Budi")


async def test_an_edit_whose_answer_was_lost_is_made_once_however_often_it_is_sent(office: Office) -> None:
    page = await office.organizer()
    lost: list[str] = []

    async def line(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.request.post_data)
            await route.fetch()  # it arrives, and is done
            await route.abort()
            return
        await route.continue_()

    await page.route(re.compile(r"/api/v1/edits\?"), line)
    await shown(page).nth(2).locator(".choose").click()
    await page.keyboard.press("Control+d")
    await page.get_by_role("button", name="Make the edit").click()
    await expect(page.locator(".toast").last).to_be_visible()
    await office.until(lambda: len(office.order) == 6)

    await page.get_by_role("button", name="Make the edit").click()

    await expect(page.locator("#draft")).to_be_hidden()
    assert 6 == len(office.order)


async def test_what_somebody_else_deletes_takes_no_other_staged_change_with_it(office: Office) -> None:
    budi = await office.organizer()
    for place, note in ((2, "dua"), (3, "tiga")):
        await shown(budi).nth(place).locator(".choose").click()
        await budi.locator("[name=note]").fill(note)
        await budi.locator("[name=note]").blur()
        await expect(budi.locator("#draft")).to_be_visible()
    await office.service.room.apply_edits([Delete(ItemId("i2"))], "", "ani")
    await expect(budi.locator("#consequences")).to_contain_text("ani")

    await budi.get_by_role("button", name="Make the edit").click()
    await budi.get_by_role("button", name="Keep theirs").click()
    await expect(shown(budi)).to_have_count(4)
    await budi.get_by_role("button", name="Make the edit").click()

    await office.until(lambda: office.item("i3")["note"] == "tiga")
    assert ["i0", "i1", "i3", "i4"] == office.order


async def test_two_browsers_at_different_items_merge(office: Office) -> None:
    ani, budi = await office.organizer(), await office.organizer()
    await shown(ani).nth(3).locator(".choose").click()
    await ani.locator("[name=note]").fill("satu")
    await ani.locator("[name=note]").blur()
    await shown(budi).nth(4).locator(".choose").click()
    await budi.keyboard.press("Alt+ArrowUp")
    for page in (budi, ani):
        await expect(page.locator("#draft")).to_be_visible()
        await page.get_by_role("button", name="Make the edit").click()
        await expect(page.locator("#draft")).to_be_hidden()
    assert (office.order, office.item("i3")["note"]) == (["i0", "i1", "i2", "i4", "i3"], "satu")


async def test_an_edit_reaches_another_screen_within_a_second(office: Office) -> None:
    crew = await office.open("/crew")
    await expect(crew.locator("[data-show=later] li")).to_have_count(5)
    await office.service.room.apply_edits([Change(ItemId("i1"), {"title": "Segera"})], "", "test")
    await expect(crew.locator("[data-show=later]")).to_contain_text("Segera", timeout=1000)


async def test_an_exhibitor_is_changed_on_its_card(office: Office) -> None:
    page = await office.open("/exhibitors")
    await expect(page.locator(".card-button")).to_have_count(2)
    await expect(page.locator(".verdict").first).to_contain_text("no video")
    await page.locator(".card-button").first.click()
    await page.locator("#editor [name=city]").fill("Batang")
    await page.get_by_role("button", name="Show what this does").click()
    await page.get_by_role("button", name="Make the edit").click()
    await expect(page.locator(".card-button").first).to_contain_text("Batang")
    assert "Batang" in (office.service.settings.show / "exhibitors.csv").read_text()


async def test_an_exhibitor_is_deleted_on_its_card_once_no_item_needs_it(office: Office) -> None:
    """Until then the page says what is in the way."""
    await office.service.room.apply_edits([AddExhibitor(values={"name": "Wayang Uji", "city": "Batang"})], "", "test")
    page = await office.open("/exhibitors")
    await page.locator(".card-button", has_text="Batik Uji").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.locator("#consequences [data-level=alarm]").first).to_be_visible()
    await expect(page.get_by_role("button", name="Make the edit")).to_be_disabled()
    await page.get_by_role("button", name="Discard").click()

    await page.locator(".card-button", has_text="Wayang Uji").click()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Make the edit").click()

    await expect(page.locator(".card-button")).to_have_count(2)
    assert "Wayang Uji" not in (office.service.settings.show / "exhibitors.csv").read_text()


async def test_a_card_is_found_by_its_words(office: Office) -> None:
    page = await office.open("/exhibitors")
    await expect(page.locator(".card-button")).to_have_count(2)
    await page.locator("#search").fill("kopi")
    await expect(page.locator(".card-button")).to_have_count(1)


async def test_a_silent_service_turns_every_page_stale(office: Office) -> None:
    pages = [await office.open(path) for path in PAGES]
    for page in pages:
        await expect(page.locator("#stale")).to_be_hidden()
    await office.service.web.stop()
    for page in pages:
        await expect(page.locator("#stale")).to_be_visible(timeout=8000)


async def test_the_stage_timer_counts_down_and_names_what_follows(office: Office) -> None:
    await office.service.room.press(Act.TAKE)
    page = await office.open("/timer")
    await expect(page.locator("[data-show=remaining]")).to_have_text(re.compile(r"^1:[45]\d$"))
    await expect(page.locator("[data-show=next]")).to_contain_text("Kopi Uji")


async def test_the_mc_reads_notes_and_what_to_say(office: Office) -> None:
    await office.service.room.apply_edits([Change(ItemId("i1"), {"note": "Sebut potongan harga"})], "", "test")
    await office.service.room.press(Act.TAKE)
    page = await office.open("/mc", lang="id")
    await expect(page.locator("[data-show=next-note]")).to_have_text("Sebut potongan harga")
    await expect(page.locator("[data-show=facts]")).to_contain_text("Batik tulis")


async def test_every_page_speaks_both_languages(office: Office) -> None:
    for path in PAGES:
        for code in ("id", "en"):
            page = await office.open(path, lang=code)
            language.use(code)
            await expect(page.locator("html")).to_have_attribute("lang", code)
            await expect(page.locator(".nav").get_by_text(language.gettext("Control room"))).to_be_visible()
            await page.close()


async def test_a_language_that_is_chosen_stays_chosen_on_the_next_page(office: Office) -> None:
    page = await office.open("/crew")
    await page.get_by_role("link", name="ID", exact=True).click()
    await expect(page.locator("html")).to_have_attribute("lang", "id")

    await page.locator('.nav a[href="/rundown"]').click()

    await expect(page.locator("#items .row")).to_have_count(5)
    await expect(page.locator("html")).to_have_attribute("lang", "id")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_no_page_breaks_the_rules_of_accessibility(office: Office, theme: str) -> None:
    """WCAG 2.2 AA, as far as axe can tell: with something on air, an item chosen and an edit waiting."""
    await office.service.room.press(Act.TAKE)
    found = {}
    for path in PAGES:
        page = await office.open(path)
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        if path == "/rundown":
            await expect(shown(page)).to_have_count(5)
            await shown(page).nth(3).locator(".choose").click()
            await page.keyboard.press("Alt+ArrowDown")
            await expect(page.locator("#draft")).to_be_visible()
        await page.wait_for_timeout(500)
        await page.evaluate(AXE.read_text("utf-8"))
        found[path] = await page.evaluate(
            """async () => (await axe.run(document, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            })).violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 160))])"""
        )
        await page.close()
    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize(("width", "height"), [(360, 780), (1280, 720), (3840, 2160)])
async def test_every_page_fits_every_screen_and_complains_of_nothing(office: Office, width: int, height: int) -> None:
    found = {}
    for path in PAGES:
        page = await office.open(path, viewport={"width": width, "height": height})
        await page.wait_for_timeout(300)
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        small = await page.evaluate(
            """[...document.querySelectorAll("button, .nav a, input:not([type=checkbox]), select")]
                .filter((it) => it.offsetParent)
                .map((it) => [it.textContent.trim().slice(0, 30), it.offsetWidth, it.offsetHeight])
                .filter(([, width, height]) => width < 44 || height < 44)"""
        )
        # Without OBS there is no picture, which the browser calls an error of the page.
        heard = [line for line in office.complaints[-1].heard if "503" not in line and "404" not in line]
        found[path] = [max(over, 0), small, heard]
        await page.close()
    assert found == {path: [0, [], []] for path in PAGES}

"""The pages for OBS's browser source: legible, true, escaped, and the same as what is drawn where OBS has none."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image
from playwright.async_api import expect

from broadcaster.pictures import Pictures, layout, slates
from broadcaster.pictures.geometry import Space
from broadcaster.pictures.layout import Setting
from broadcaster.pictures.shapes import Ground, Words
from broadcaster.pictures.theme import themes_of
from broadcaster.pictures.typesetting import Typesetter
from broadcaster.pictures.words import shown
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, Overlay, StandCard, Timed, label
from broadcaster.web import create_app, serve
from tests.pictures.nasty import LONGEST, TEXTS
from tests.web.browser import Complaints
from tests.web.conftest import OVERLAYS, PASSWORD, settings
from tests.web.people import nobody
from tests.web.room import FakeRoom

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from broadcaster.pictures.shapes import Shape
    from broadcaster.show.overlay_state import Part

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PAGES = {
    "program": ".lower-third",
    "lower-third": ".lower-third",
    "qr": ".code",
    "next-up": ".next-up",
    "stand": ".stand",
    "countdown": ".countdown",
    "standby": "#title",
}
"""Each page, and what its sample shows."""

LINK = "https://www.pekalonganvirtualexpo.com/juwita"
NAMED = LowerThird("Bandeng Presto & Otak-Otak Juwita", "Ibu Juwita Rahma · Kota Semarang", "olahan ikan", "Duri lunak")
CODE = CodePanel("Bandeng Presto & Otak-Otak Juwita", LINK, label(LINK))
NEXT = NextUp("Kopi Petungkriyono", "Kab. Pekalongan")

ELEMENTS = {
    **{
        f"lower-third-{name}": f".lower-third .{name}"
        for name in ("chip", "category", "name", "who", "tagline", "band")
    },
    **{f"stand-{name}": f".stand .{name}" for name in ("block", "label", "number", "name", "who", "tagline", "band")},
    **{f"next-up-{name}": f".next-up .{name}" for name in ("block", "label", "name", "detail")},
    **{f"code-{name}": f".code .{name}" for name in ("crest", "name", "paper", "label", "logo")},
    **{f"standby-{name}": f"#{name}" for name in ("brand", "title", "label")},
    "lower-third": ".lower-third .plate",
    "stand": ".stand",
    "next-up": ".next-up",
    "code": ".code",
    "code-qr": ".code svg",
    "standby-next": "#name",
}
"""The drawing's shapes, and the pages' elements for them."""

MEASURE = """(elements) => Object.fromEntries(Object.entries(elements).flatMap(([name, selector]) => {
    const element = document.querySelector(selector);
    if (!element || element.getClientRects().length === 0) return [];
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const lines = element.classList.contains("text") ? [...element.children].map((line) => line.textContent) : null;
    return [[name, { box: [left, top, right, bottom], lines, size: parseFloat(getComputedStyle(element).fontSize) }]];
}))"""


class Source:
    """A browser source of 1920 × 1080, of a service that has a password which the source does not know."""

    def __init__(self, page: Page, room: FakeRoom, home: str) -> None:
        self.page = page
        self.room = room
        self.home = home
        self.complaints = Complaints(page, home)

    async def open(self, name: str) -> None:
        await self.page.goto(f"{self.home}/overlays/{name}")

    async def show(self, *parts: Part) -> None:
        """Lay these over the picture, and wait until the page has."""
        self.room.parts = Overlay(tuple(Timed(part) for part in parts))
        self.room.change()
        count = {LowerThird: ".lower-third", StandCard: ".stand", NextUp: ".next-up", CodePanel: ".code"}
        for kind, selector in count.items():
            here = self.page.locator(f"{selector}:not(.leaving)")
            await expect(here).to_have_count(sum(isinstance(part, kind) for part in parts))
        await expect(self.page.locator(".leaving")).to_have_count(0)

    async def measure(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate(MEASURE, ELEMENTS)
        return found

    async def picture(self) -> Image.Image:
        return Image.open(io.BytesIO(await self.page.screenshot(omit_background=True))).convert("RGBA")


@pytest_asyncio.fixture(loop_scope="session")
async def source(browser: Browser, tmp_path: Path) -> AsyncIterator[Source]:
    async with serving(browser, tmp_path) as source:
        yield source


class serving:  # noqa: N801  (a context manager, read as a verb)
    """A service of the show in `folder`, and a page for it."""

    def __init__(self, browser: Browser, folder: Path, size: tuple[int, int] = (1920, 1080)) -> None:
        self._browser, self._folder, self._size = browser, folder, size

    async def __aenter__(self) -> Source:
        room = FakeRoom(lambda: datetime.now(UTC))
        own = settings(password=PASSWORD).model_copy(update={"show": self._folder})
        self._server = await serve(create_app(room, own, overlays=OVERLAYS, access=nobody()), "127.0.0.1", 0)
        width, height = self._size
        self._page = await self._browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        return Source(self._page, room, f"http://127.0.0.1:{self._server.port}")

    async def __aexit__(self, *_: object) -> None:
        await self._page.close()
        await self._server.stop()


# ------------------------------------------------------------------ true


async def test_the_program_page_names_the_exhibitor_on_air_and_then_the_next(source: Source) -> None:
    await source.open("program/")
    await expect(source.page.locator(".lower-third .name")).to_have_text("Bandeng Presto Juwita")
    await expect(source.page.locator(".lower-third .who")).to_have_text("Ibu Juwita Rahma · Kota Semarang")
    await expect(source.page.locator(".code .name")).to_have_text("Bandeng Presto Juwita", use_inner_text=True)

    source.room._put_on_air(4)
    source.room.change()

    await expect(source.page.locator(".lower-third:not(.leaving) .name")).to_contain_text("<Robusta & Arabika>")
    assert [] == source.complaints.heard


async def test_it_is_empty_when_no_exhibitor_is_on_air(source: Source) -> None:
    await source.open("program/")
    await expect(source.page.locator(".lower-third")).to_be_visible()

    source.room._put_on_air(6)
    source.room.change()

    await expect(source.page.locator(".lower-third")).to_have_count(0)
    await expect(source.page.locator(".code")).to_have_count(0)


async def test_a_part_comes_and_goes_at_its_times_by_the_service_s_clock(browser: Browser, tmp_path: Path) -> None:
    """The service's clock is an hour ahead of the browser's."""
    async with serving(browser, tmp_path) as source:
        source.room.clock = lambda: datetime.now(UTC) + timedelta(hours=1)
        now = source.room.clock()
        soon, later = now + timedelta(seconds=3), now + timedelta(seconds=5)
        source.room.parts = Overlay((Timed(NAMED, until=soon), Timed(NEXT, since=soon, until=later)))
        await source.open("program/")
        await expect(source.page.locator(".lower-third")).to_be_visible()
        await expect(source.page.locator(".next-up")).to_have_count(0)

        await expect(source.page.locator(".next-up")).to_be_visible()
        assert soon <= source.room.clock() <= later
        await expect(source.page.locator(".lower-third")).to_have_count(0)

        await expect(source.page.locator(".next-up")).to_have_count(0)
        assert source.room.clock() >= later


async def test_the_last_words_stay_while_the_service_is_away(browser: Browser, tmp_path: Path) -> None:
    serves = serving(browser, tmp_path)
    async with serves as source:
        await source.open("program/")
        await expect(source.page.locator(".lower-third")).to_be_visible()

        await serves._server.stop()

        await source.page.wait_for_timeout(1500)
        await expect(source.page.locator(".lower-third")).to_be_visible()


async def test_the_overlays_let_the_video_through(source: Source) -> None:
    await source.open("program/")
    await source.show(NAMED, CODE)
    assert (0, 0, 0, 0) == (await source.picture()).getpixel((960, 200))


async def test_a_break_s_countdown_counts_and_ends_without_a_promise(source: Source) -> None:
    source.room.playback = "standby"
    source.room.expected_end = datetime.now(UTC) + timedelta(seconds=3)
    told = source.room.overlay()
    source.room.overlay = lambda: {**told, "is_standby": False}  # type: ignore[method-assign]
    await source.open("countdown/")
    strip = source.page.locator(".countdown:not(.leaving)")
    await expect(strip).to_have_text("0:02")
    await expect(strip).to_have_text("0:01")
    await expect(strip).to_have_count(0)


async def test_the_standby_slate_counts_down_to_the_next_item(source: Source) -> None:
    source.room.playback = "standby"
    await source.open("standby/")

    await expect(source.page.locator("#name")).to_contain_text("Kopi Petungkriyono")
    await expect(source.page.locator("#title")).to_have_text("Segera kembali")
    count = source.page.locator("#count")
    first = await count.text_content()
    await expect(count).not_to_have_text(str(first))
    assert [] == source.complaints.heard


async def test_a_standby_slate_whose_item_is_overdue_makes_no_promise(source: Source) -> None:
    source.room.playback = "standby"
    source.room.expected_end = datetime.now(UTC)
    await source.open("standby/")

    await expect(source.page.locator("#title")).to_have_text("Segera kembali")
    await expect(source.page.locator("#count")).to_be_hidden()


async def test_after_the_end_the_standby_slate_thanks(source: Source) -> None:
    source.room.playback = "ended"
    await source.open("standby/")
    await expect(source.page.locator("#title")).to_have_text("Terima kasih sudah menonton")


# -------------------------------------------------------------- legible


@pytest.mark.parametrize("name", PAGES)
async def test_an_overlay_shows_its_sample_in_any_browser(source: Source, name: str) -> None:
    for query in ("sample", "sample=dark"):
        await source.open(f"{name}/?{query}")
        await expect(source.page.locator(PAGES[name])).to_be_visible()
    assert [] == source.complaints.heard


async def check_legibility(source: Source) -> None:
    """Inside the title-safe area, clear of YouTube's controls, large enough, nothing cut off."""
    texts = await source.page.evaluate(
        """[...document.querySelectorAll(".text > div")].filter((line) => line.offsetParent).map((line) => {
            const { left, top, right, bottom } = line.getBoundingClientRect();
            const holder = line.parentElement;
            const plate = (line.closest(".plate, .chip") ?? document.body).getBoundingClientRect();
            return {
                text: line.textContent, size: parseFloat(getComputedStyle(line).fontSize), left, top, right, bottom,
                isLink: holder.matches(".code .label"), fits: holder.scrollWidth <= holder.clientWidth + 1,
                isInside: left >= plate.left - 1 && right <= plate.right + 1
                    && top >= plate.top - 1 && bottom <= plate.bottom + 1,
            };
        })"""
    )
    assert texts
    for text in texts:
        assert text["size"] >= (31.9 if text["isLink"] else 43.9), text
        assert text["left"] >= 95, text
        assert text["right"] <= 1920 - 95, text
        assert text["top"] >= 54, text
        assert text["bottom"] <= 1080 - 120, text
        assert text["fits"], text
        assert text["isInside"], text
    assert await source.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", [name for name in PAGES if name != "countdown"])
async def test_a_sample_is_legible_and_inside_the_title_safe_area(source: Source, name: str) -> None:
    await source.open(f"{name}/?sample")
    await expect(source.page.locator(PAGES[name])).to_be_visible()
    await check_legibility(source)


async def test_the_countdown_is_legible_and_inside_the_title_safe_area(source: Source) -> None:
    await source.open("countdown/?sample")
    strip = source.page.locator(".countdown")
    await expect(strip).to_be_visible()
    box = await strip.bounding_box()
    assert box is not None
    assert box["x"] >= 96
    assert box["y"] >= 54
    assert await strip.evaluate("(it) => parseFloat(getComputedStyle(it).fontSize)") >= 44


async def test_whatever_people_type_is_legible_and_stays_in_its_plate(source: Source) -> None:
    await source.open("program/")
    for text in filter(None, TEXTS):
        if not shown(NextUp(text)).name:
            continue
        link = "https://toko.example/" + "".join(sign for sign in text if sign.isascii() and sign.isalnum())[:80]
        await source.show(LowerThird(text, text, text, text), CodePanel(text, link, label(link)), NextUp(text, text))
        await check_legibility(source)
        await source.show(StandCard(text, text, text, text))
        await check_legibility(source)
    assert [] == source.complaints.heard


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "</p><script>alert(1)</script>", "&lt;b&gt; &amp;"])
async def test_what_people_type_is_never_markup(source: Source, name: str) -> None:
    await source.open("program/")
    await source.show(LowerThird(name, name, name, name), CodePanel(name, LINK, name), NextUp(name, name))
    assert name.replace(" ", "") in (await source.page.locator(".lower-third .name").inner_text()).replace(
        "\n", ""
    ).replace(" ", "")
    assert 0 == await source.page.locator("img, body script").count()
    assert [] == source.complaints.heard


async def test_words_are_readable_on_their_plates(source: Source) -> None:
    """Contrast of 4.5 to 1, from the colours that the browser has in use."""
    contrasts = """() => [...document.querySelectorAll(".text, .sign")].filter((it) => it.offsetParent).map((it) => {
        const lum = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
                .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        let ground = it;
        const isClear = () => /rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(ground).backgroundColor);
        while (isClear()) ground = ground.parentElement;
        const [one, other] = [getComputedStyle(it).color, getComputedStyle(ground).backgroundColor].map(lum);
        return [it.className, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
    })"""
    for name in ("program", "stand", "standby"):
        await source.open(f"{name}/?sample")
        await expect(source.page.locator(PAGES[name])).to_be_visible()
        found = await source.page.evaluate(contrasts)
        assert found
        for _name, contrast in found:
            assert contrast >= 4.5, _name


@pytest.mark.parametrize("length", [20, 45, 70, 95, 120])
async def test_the_code_is_read_at_360p_and_is_exactly_the_link(source: Source, length: int) -> None:
    link = ("https://toko.example/batik-tulis?id=Ab9_" + "motif-jlamprang/" * 8)[:length]
    await source.open("qr/")
    await source.show(CodePanel("Batik Sekar", link, label(link)))
    picture = Image.new("RGBA", (1920, 1080), (90, 120, 110, 255))
    picture.alpha_composite(await source.picture())
    small = picture.convert("RGB").resize((640, 360), Image.Resampling.BILINEAR)
    assert [link] == [code.text for code in zxingcpp.read_barcodes(small)]


async def test_motion_is_spared_where_people_ask_for_it(browser: Browser, source: Source) -> None:
    await source.open("standby/?sample")
    still = "document.getAnimations().length"
    assert 0 == await source.page.evaluate(still)
    moving = await browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="no-preference")
    await moving.goto(f"{source.home}/overlays/standby/?sample")
    assert await moving.evaluate(still) > 0
    await moving.close()


# ------------------------------------------------------------- in agreement

ASSORTED: list[tuple[Part, ...]] = [
    (NAMED, CODE),
    (
        LowerThird(LONGEST, LONGEST, "batik/fesyen", LONGEST),
        CodePanel(LONGEST, LINK + "?" + "a-b" * 25, label(LINK) * 4),
        NEXT,
    ),
    (StandCard("Sasirangan Galuh", "A-112", "Acil Galuh · Banjarbaru", "Kain warna alam"), CODE),
    (StandCard("ꦧꦠꦶꦏ꧀ꦥꦼꦏꦭꦺꦴꦔꦤ꧀"), NextUp("☕ Kopi 🧵 مرحبا بالعالم")),
    (
        LowerThird("مقهى بيكالونجان للقهوة المختصة", "متجر · مدينة"),
        CodePanel("W" * 200, "https://w.id", "w" * 90 + ".id"),
    ),
    (LowerThird("Kopi", "a\u0301" * 60, "🎉 pesta", "x\u0301\u0302\u0303\u0304\u0305" * 40),),
]


def drawn(parts: Sequence[Part], pixels: tuple[int, int], logo: float | None = None) -> list[Shape]:
    return layout.overlay([shown(part) for part in parts], setting(pixels, logo))


def setting(pixels: tuple[int, int], logo: float | None = None) -> Setting:
    return Setting(Space(pixels), Typesetter(("Inter",)).width, logo)


def assert_same(page: dict[str, Any], shapes: Sequence[Shape], pixels: tuple[int, int]) -> None:
    """The same elements at the same places (to 1.5 px), the same lines, the same sizes."""
    scale = Space(pixels).scale
    by_name = {shape.name: shape for shape in shapes if not isinstance(shape, Ground)}
    compared = by_name.keys() & ELEMENTS.keys()
    assert compared == page.keys()
    for name in compared:
        shape, there = by_name[name], page[name]
        box = shape.box
        edges = [edge * scale for edge in (box.left, box.top, box.right, box.bottom)]
        assert edges == pytest.approx(there["box"], abs=1.5), name
        if isinstance(shape, Words):
            assert list(shape.lines) == there["lines"], name
            assert shape.size * scale == pytest.approx(there["size"], abs=0.1), name


def assert_alike(one: Image.Image, other: Image.Image) -> None:
    """Over grey: little difference on the average, and next to none that an eye would see."""
    grey = [np.asarray(_over_grey(image)).astype(int) for image in (one, other)]
    painted = (np.asarray(one)[..., 3] > 0) | (np.asarray(other)[..., 3] > 0)
    difference = np.abs(grey[0] - grey[1]).max(axis=2)[painted]
    assert difference.mean() < 4.5
    assert (difference > 80).mean() < 0.02


def _over_grey(image: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
    ground.alpha_composite(image)
    return ground.convert("RGB")


@pytest.mark.parametrize("pixels", [(1920, 1080), (1280, 720)])
async def test_page_and_drawing_agree(browser: Browser, tmp_path: Path, pixels: tuple[int, int]) -> None:
    pictures = Pictures(tmp_path / "overlays", pixels)
    async with serving(browser, tmp_path, pixels) as source:
        await source.open("program/")
        for parts in ASSORTED:
            await source.show(*parts)
            assert_same(await source.measure(), drawn(parts, pixels), pixels)
            path = pictures.overlay(parts)
            assert path is not None
            assert_alike(await source.picture(), Image.open(path).convert("RGBA"))


@pytest.mark.parametrize("counts", [True, False])
async def test_standby_s_page_and_drawing_agree(source: Source, tmp_path: Path, counts: bool) -> None:
    source.room.playback = "standby"
    source.room.next_waits = not counts
    source.room.expected_end = datetime.now(UTC) + timedelta(hours=2)
    title = "Kopi Petungkriyono <Robusta & Arabika>"
    await source.open("standby/")
    await expect(source.page.locator("#name")).to_be_visible()

    shapes = slates.standby(source.room.title, title, setting((1920, 1080)), counts=counts, is_over=False)
    assert_same(await source.measure(), shapes, (1920, 1080))

    pictures = Pictures(tmp_path / "slates", (1920, 1080), source.room.title)
    path = pictures.standby(title, counts=counts)
    assert path is not None
    image = Image.open(path).convert("RGBA")
    if counts:
        await source.page.evaluate("document.getElementById('count').style.visibility = 'hidden'")
        strip = await source.page.locator("#count").bounding_box()
        left, top, _width, height = pictures.standby_countdown
        assert strip is not None
        assert (left, top, height) == pytest.approx((strip["x"], strip["y"], strip["height"]), abs=1)
    assert_alike(await source.picture(), image)


async def test_both_follow_the_show_s_theme_and_its_logo(browser: Browser, tmp_path: Path) -> None:
    Image.new("RGB", (300, 100), (0, 160, 90)).save(tmp_path / "logo.png")
    (tmp_path / "theme.css").write_text(
        ":root { --plate: #10324a; --accent: #f2c14e; --radius: 30px; --logo: url(logo.png); --motif: #78c0a8 }"
    )
    async with serving(browser, tmp_path) as source:
        pictures = Pictures(tmp_path / "overlays", (1920, 1080), themes=themes_of(tmp_path))
        await source.open("program/")
        await source.show(NAMED, CODE)
        assert_same(await source.measure(), drawn((NAMED, CODE), (1920, 1080), 3.0), (1920, 1080))
        path = pictures.overlay((NAMED, CODE))
        assert path is not None
        image = Image.open(path).convert("RGBA")
        assert (0x10, 0x32, 0x4A, 255) == image.getpixel((200, 930))
        page = await source.picture()
        assert_alike(page, image)
        assert (0, 160, 90, 255) == page.getpixel((1584, int(await middle(source, ".code .logo"))))
        assert [] == source.complaints.heard


async def middle(source: Source, selector: str) -> float:
    box = await source.page.locator(selector).bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


async def test_a_saved_theme_is_on_screen_without_a_reload(browser: Browser, tmp_path: Path) -> None:
    async with serving(browser, tmp_path) as source:
        await source.open("program/")
        plate = source.page.locator(".lower-third .plate")
        await expect(plate).to_have_css("background-color", "rgb(29, 19, 12)")

        (tmp_path / "theme.css").write_text(":root { --plate: #004466 }")

        await expect(plate).to_have_css("background-color", "rgb(0, 68, 102)", timeout=10_000)
        assert [] == source.complaints.heard

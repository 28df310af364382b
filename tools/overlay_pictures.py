"""Makes docs/images/overlay-*.png anew: each overlay as a page (left) and as drawn (right), over the same ground."""

from __future__ import annotations

import asyncio
import io
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.async_api import Page  # noqa: TC002  (it is run as it stands)

from broadcaster.pictures import Pictures
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, Overlay, Part, StandCard, Timed, label
from broadcaster.web import create_app, serve
from tests.web.browser import chromium
from tests.web.conftest import OVERLAYS, settings
from tests.web.people import nobody
from tests.web.room import FakeRoom

IMAGES = Path(__file__).parent.parent / "docs" / "images"
CANVAS = (1280, 720)
SHOWN = (640, 360)
COLOURS = 160
"""Of a palette: pictures for a page of documentation should be small."""


def code(name: str, link: str) -> CodePanel:
    return CodePanel(name, link, label(link))


JUWITA = "Bandeng Presto & Otak-Otak Juwita"
KAUMAN = "Paguyuban Perajin Batik Tulis dan Cap Kampung Kauman Pekalongan"
PARTS: dict[str, tuple[Part, ...]] = {
    "lower-third": (
        LowerThird(JUWITA, "Ibu Juwita Rahma · Kota Semarang", "olahan ikan", "Duri lunak, bumbu meresap ke tulang"),
        code(JUWITA, "https://www.pekalonganvirtualexpo.com/juwita"),
    ),
    "long-names": (
        LowerThird(
            KAUMAN,
            "Hj. Siti Nur Aisyah Kusumaningrum · Kabupaten Pekalongan",
            "batik/fesyen",
            "Batik tulis halus dengan pewarna alam dari kulit kayu mahoni dan daun indigo",
        ),
        code(KAUMAN, "https://www.tokopedia.com/paguyuban-batik-kauman/batik-tulis-sutra-motif-jlamprang"),
    ),
    "scripts": (
        LowerThird("ꦧꦠꦶꦏ꧀ Batik Sekar 🧵", "مقهى بيكالونجان · Kota Pekalongan", "batik", "Motif jlamprang, sejak 1923"),
        code("ꦧꦠꦶꦏ꧀ Batik Sekar 🧵", "https://sekar.example"),
    ),
    "stand": (
        StandCard("Sasirangan Galuh", "12", "Acil Galuh · Banjarbaru", "Kain sasirangan warna alam"),
        code("Sasirangan Galuh", "https://galuh.example/sasirangan"),
    ),
    "next-up": (NextUp("Kopi Petungkriyono Robusta & Arabika", "Kab. Pekalongan"),),
}


def ground(*, bright: bool) -> Image.Image:
    """Something like a video of a market stall: soft shapes, all of them bright, or all dark."""
    chance = random.Random(7)
    image = Image.new("RGB", CANVAS, (236, 226, 208) if bright else (26, 24, 24))
    draw = ImageDraw.Draw(image)
    for _ in range(260):
        x, y, size = chance.randrange(CANVAS[0]), chance.randrange(CANVAS[1]), chance.randrange(20, 150)
        light = chance.randrange(150, 256) if bright else chance.randrange(0, 95)
        colour = (light, int(light * chance.uniform(0.72, 1)), int(light * chance.uniform(0.5, 0.95)))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)
    return image.filter(ImageFilter.GaussianBlur(10))


def laid(picture: Image.Image, below: Image.Image) -> Image.Image:
    whole = below.convert("RGBA")
    whole.alpha_composite(picture)
    return whole.convert("RGB").resize(SHOWN, Image.Resampling.LANCZOS)


def save(name: str, page: Image.Image, drawn: Image.Image) -> None:
    both = Image.new("RGB", (SHOWN[0] * 2 + 8, SHOWN[1]), "white")
    both.paste(page, (0, 0))
    both.paste(drawn, (SHOWN[0] + 8, 0))
    path = IMAGES / f"overlay-{name}.png"
    both.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path.name, f"{path.stat().st_size // 1000} kB")


def opened(path: Path | None) -> Image.Image:
    if path is None:
        raise SystemExit("A picture could not be written.")
    return Image.open(path).convert("RGBA")


async def photograph(page: Page) -> Image.Image:
    await page.wait_for_timeout(800)
    return Image.open(io.BytesIO(await page.screenshot(omit_background=True))).convert("RGBA")


async def main() -> None:
    room = FakeRoom(lambda: datetime.now(UTC))
    server = await serve(create_app(room, settings(), overlays=OVERLAYS, access=nobody()), "127.0.0.1", 0)
    home = f"http://127.0.0.1:{server.port}/overlays"
    with tempfile.TemporaryDirectory() as folder:
        pictures = Pictures(Path(folder), CANVAS, room.title)
        async with chromium() as browser:
            size = {"width": CANVAS[0], "height": CANVAS[1]}
            page = await browser.new_page(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
            await page.goto(f"{home}/program/")
            for number, (name, parts) in enumerate(PARTS.items()):
                room.parts = Overlay(tuple(Timed(part) for part in parts))
                room.change()
                below = ground(bright=number % 2 == 0)
                save(name, laid(await photograph(page), below), laid(opened(pictures.overlay(parts)), below))
            room.playback, room.parts = "standby", None
            room.expected_end = datetime.now(UTC) + timedelta(seconds=754.5)
            await page.goto(f"{home}/standby/")
            seen = await photograph(page)
            told = await page.locator("#count").inner_text()
            minutes, seconds = told.replace("\n", "").split(":")
            slate = opened(pictures.standby(str(room.overlay()["next_title"])))
            strip = opened(pictures.countdown(int(minutes) * 60 + int(seconds)))
            slate.alpha_composite(strip, pictures.standby_countdown[:2])
            save("standby", laid(seen, slate), laid(slate, slate))
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main())

"""Small shows written into a folder, for tests that need files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")

EXPO = """\
title = "Expo Uji"
timezone = "Asia/Jakarta"
shop_url = "https://www.pekalonganvirtualexpo.com"
"""

EXHIBITORS = """\
id,name,owner,city,category,kind,stand,tagline,products,video,catalogue,shop,shopee,tokopedia,instagram,whatsapp
batik,Batik Uji,Ibu A,Pekalongan,batik/fesyen,virtual,,Batik tulis,Kain,,,https://www.pekalonganvirtualexpo.com/batik,,,,
kopi,Kopi Uji,Pak B,Pekalongan,minuman,virtual,,Kopi gunung,Bubuk,,,https://www.pekalonganvirtualexpo.com/kopi,,,,
"""


def write_show(
    folder: Path, start: datetime | None = None, seconds: tuple[int, ...] = (20, 20, 20), name: str = "expo"
) -> Path:
    """A show of live items in a row, from `start` (default: an hour from now)."""
    show = folder / name
    show.mkdir(parents=True, exist_ok=True)
    (show / "expo.toml").write_text(EXPO)
    (show / "exhibitors.csv").write_text(EXHIBITORS)
    (show / "hari-1.toml").write_text(day_file(start or datetime.now(UTC) + timedelta(hours=1), seconds))
    return show


def day_file(start: datetime, seconds: tuple[int, ...]) -> str:
    local = start.astimezone(WIB)
    lines = [f"date = {local.date().isoformat()}", 'title = "Hari 1"']
    for index, length in enumerate(seconds):
        exhibitor = ('exhibitor = "batik"', 'exhibitor = "kopi"')[index % 2]
        lines += [
            "",
            f"# item {index}",
            "[[item]]",
            f'id = "i{index}"',
            'type = "profile"',
            exhibitor,
            'scene = "Panggung Utama"',
            f'duration = "{length}s"',
        ]
        if index == 0:
            lines.insert(-1, f"start = {local.time().isoformat(timespec='milliseconds')}")
    return "\n".join(lines) + "\n"

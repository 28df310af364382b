"""The shows that the YouTube benches run: the repository's own two days, and a fuller one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from broadcaster import schedule_files
from broadcaster.show.rundown import Day, Exhibitor, ExhibitorId, Item, ItemId, ItemType, Media, Rundown

PEKALONGAN = Path(__file__).parent.parent / "schedules" / "pekalongan"
SHOP = "https://www.pekalonganvirtualexpo.com"
NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""09.00 in Pekalongan."""


def pekalongan() -> Rundown:
    """`schedules/pekalongan` with all its videos there: 70 profiles and 30 stands on two days."""
    shown = schedule_files.read(PEKALONGAN).rundown
    if shown is None:
        raise SystemExit(f"{PEKALONGAN} has errors: broadcaster check --show {PEKALONGAN}")
    days = tuple(replace(day, items=tuple(map(_with_video, day.items))) for day in shown.days)
    return replace(shown, days=days)


def seventy(days: int = 2, exhibitors: int = 70) -> Rundown:
    """Each day all exhibitors, one after the other, from 09.00 to about 17.00 with a break at noon."""
    people = {}
    for n in range(exhibitors):
        key = ExhibitorId(f"umkm-{n:02}")
        town = ("Buaran", "Kauman", "Pesindon", "Wiradesa")[n % 4]
        tagline = "Batik tulis dan cap, langsung dari perajinnya"
        people[key] = Exhibitor(key, f"Batik {_name(n)} {n}", city=town, tagline=tagline, shop=f"{SHOP}/{key}")
    shown = tuple(_day(number, tuple(people.values())) for number in range(days))
    return Rundown(
        "Pekalongan Hybrid Expo UMKM",
        "Asia/Jakarta",
        shown,
        MappingProxyType(people),
        shop_url=SHOP,
        hashtags=("#UMKM", "#Pekalongan"),
        revision="1",
    )


def _day(number: int, people: tuple[Exhibitor, ...]) -> Day:
    begins = NINE + timedelta(days=number)
    items = [_item(f"d{number}-opening", ItemType.LIVE, "Pembukaan", timedelta(minutes=20), start=begins)]
    half = len(people) // 2
    for n, person in enumerate(people):
        if n == half:
            rest = timedelta(minutes=30)
            items.append(_item(f"d{number}-noon", ItemType.BREAK, "Istirahat", rest, start=begins + timedelta(hours=4)))
        # From 4:30 to 7:30 min; a few are as short as a spot.
        length = timedelta(seconds=45 if n % 23 == 11 else 270 + n * 37 % 181)
        items.append(_item(f"d{number}-{person.id}", ItemType.PROFILE, person.name, length, exhibitor=person.id))
    items.append(_item(f"d{number}-closing", ItemType.LIVE, "Penutupan", timedelta(minutes=10)))
    items = [replace(item, cue=f"{index:03}") for index, item in enumerate(items, 1)]
    local = date(2026, 11, 25) + timedelta(days=number)
    return Day(local, f"Hari {number + 1}", tuple(items))


def _item(
    key: str,
    kind: ItemType,
    title: str,
    length: timedelta,
    *,
    start: datetime | None = None,
    exhibitor: ExhibitorId | None = None,
) -> Item:
    video = Media(f"/media/{key}.mp4", length) if kind is ItemType.PROFILE else None
    scene = "Panggung Utama" if kind is ItemType.LIVE else None
    return Item(ItemId(key), "", kind, title, exhibitor, video, scene, start, length)


def _with_video(item: Item) -> Item:
    if item.media is None:
        return item
    return replace(item, media=replace(item.media, fault="", duration=item.duration))


def _name(number: int) -> str:
    one = ("Sekar", "Canting", "Lawasan", "Jlamprang", "Buketan", "Liong", "Merak")[number % 7]
    other = ("Jagad", "Kencana", "Pesisir", "Asri", "Ayu")[number % 5]
    return f"{one} {other}"

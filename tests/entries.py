"""Entries of a description, by number, for tests of the text and of the channel alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from broadcaster.show.description import Entry
from broadcaster.show.rundown import ExhibitorId, ItemId

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""09.00 in Pekalongan, 18.00 of the day before in Los Angeles."""

SHOP = "https://www.pekalonganvirtualexpo.com"


def entry(number: int = 1, **changes) -> Entry:
    values = {
        "item": ItemId(f"p-{number}"),
        "exhibitor": ExhibitorId(f"x-{number}"),
        "name": f"Batik Sekar {number}",
        "city": "Pekalongan",
        "tagline": "Batik tulis pesisir",
        "link": f"https://toko.example/umkm-{number}",
        "start": NINE + timedelta(minutes=4 * number),
    }
    return Entry(**{**values, **changes})

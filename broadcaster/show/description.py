"""The managed block of the YouTube description, within YouTube's limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.show.rundown import ExhibitorId, ItemId


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the description names it. `name` is the exhibitor's, or the item's title; `start` is expected."""

    item: ItemId
    exhibitor: ExhibitorId | None
    name: str
    city: str
    tagline: str
    link: str
    start: datetime | None


@dataclass(frozen=True, slots=True)
class DescriptionWish:
    """All that the description says at one moment.

    `on_air` is None between items. `following` is what comes next, in order; `others` are the day's other exhibitors,
    each once, in rundown order.
    """

    at: datetime
    item: ItemId | None
    expo_title: str
    shop_url: str
    timezone: str
    hashtags: tuple[str, ...]
    on_air: Entry | None
    following: tuple[Entry, ...]
    others: tuple[Entry, ...]

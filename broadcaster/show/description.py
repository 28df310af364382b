"""What the YouTube description says at one moment: the managed block's text.

`compose` writes it, `merge` puts it into a description between its marker lines. Viewers read Bahasa Indonesia,
whatever language the control room speaks: the words here are not translated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from broadcaster.show.managed_block import (
    ALL,
    BETWEEN,
    CLOSING,
    MAX_BYTES,
    NEXT,
    ON_AIR,
    OPENING,
    OTHERS,
    SCHEDULE,
    SHOP,
    NoRoom,
    managed,
    merge,
    room,
)
from broadcaster.show.public_text import (
    clean,
    clean_hashtags,
    clean_link,
    clean_title,
    local_time,
    sha256,
    shorten,
    size,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from broadcaster.show.rundown import ExhibitorId, ItemId

__all__ = [
    "CLOSING",
    "MAX_BYTES",
    "OPENING",
    "DescriptionWish",
    "Entry",
    "NoRoom",
    "clean",
    "clean_hashtags",
    "clean_link",
    "clean_title",
    "compose",
    "local_time",
    "managed",
    "merge",
    "room",
    "sha256",
]

# YouTube shows some 100–150 characters before "more": line 1's link must begin well within them.
_NAME = 60
_TAGLINE = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the description names it.

    `name` is the exhibitor's, or the item's title; `start` is expected.
    """

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

    `on_air` is None between items. `following` is what comes next, in order; `others` are the day's other
    exhibitors, each once, in rundown order. `changes` is when something else is expected on line 1, today and on the
    next day, in order: the quota is budgeted by it.
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
    changes: tuple[datetime, ...] = ()

    def as_schedule(self) -> DescriptionWish:
        """The same moment without a claim about who is on air: it stays true when nobody can update it for a while."""
        now = () if self.on_air is None else (self.on_air,)
        return replace(self, on_air=None, following=(*now, *self.following))


def compose(wish: DescriptionWish, budget: int) -> str:
    """The managed block without its markers, at most `budget` bytes of UTF-8.

    Line 1 is the exhibitor on air with its shop link. What does not fit goes in this order: others, the
    tagline, what follows, hashtags, the expo's shop, the name on line 1. Line 1's link stays as long as it
    fits alone.
    """
    shop = clean_link(wish.shop_url)
    block = _Block(budget)
    link = _lead(block, wish, shop)
    if shop and shop != link:
        block.add(0, SHOP + shop)
    tags = clean_hashtags(wish.hashtags)
    while tags and not block.open(3, " ".join(tags)):
        tags = tags[:-1]
    named = {wish.on_air.exhibitor} if wish.on_air else set()
    named |= {entry.exhibitor for entry in _follow(block, wish)}
    named.discard(None)
    if wish.on_air is not None:
        about = [clean(wish.on_air.tagline), clean(wish.on_air.city)]
        block.add(0, shorten(" · ".join(part for part in about if part), _TAGLINE))
    others = [entry for entry in wish.others if entry.exhibitor not in named]
    _list_others(block, wish, others, OTHERS if named else ALL, shop)
    return block.text()


class _Block:
    """Four paragraphs (lead, following, others, hashtags), filled in order of worth, their bytes counted."""

    def __init__(self, budget: int) -> None:
        self.left = budget
        self._paragraphs: list[list[str]] = [[], [], [], []]

    def add(self, paragraph: int, *lines: str) -> bool:
        """Append lines to a paragraph if all of them fit."""
        cost = sum(size(line) + 1 for line in lines) + (0 if self._paragraphs[paragraph] else 1)
        if not any(self._paragraphs):
            cost -= 2  # the first line of all has nothing before it
        if cost > self.left or not any(lines):
            return False
        self._paragraphs[paragraph] += lines
        self.left -= cost
        return True

    def open(self, paragraph: int, *lines: str) -> bool:
        return not self._paragraphs[paragraph] and self.add(paragraph, *lines)

    def text(self) -> str:
        return "\n\n".join("\n".join(lines) for lines in self._paragraphs if lines)


def _lead(block: _Block, wish: DescriptionWish, shop: str) -> str:
    """Line 1; returns its link."""
    title = shorten(clean(wish.expo_title), _NAME)
    if wish.on_air is None:
        prefix, name, link = BETWEEN, title, shop
    else:
        prefix = ON_AIR
        name = shorten(clean(wish.on_air.name), _NAME) or title
        link = clean_link(wish.on_air.link) or shop
    if link and size(link) <= block.left:
        room = block.left - size(f"{prefix} – {link}")
        short = shorten(name, room, size)
        block.add(0, f"{prefix}{short} – {link}" if short else link)
        return link
    whole = prefix + shorten(name, block.left - size(prefix), size)
    block.add(0, whole if whole != prefix else shorten(name, block.left, size))
    return ""


def _follow(block: _Block, wish: DescriptionWish) -> list[Entry]:
    """What comes next, with times and full links; returns the entries that fit."""
    shown: list[Entry] = []
    for entry in wish.following:
        name = shorten(clean(entry.name), _NAME)
        if not name:
            continue
        when = f"{local_time(entry.start, wish.timezone, wish.at)} · " if entry.start else "• "
        has_begun = entry.start is not None and entry.start <= wish.at
        head = [] if shown else [SCHEDULE if has_begun else NEXT]
        link = clean_link(entry.link)
        fits = link and block.add(1, *head, f"{when}{name} – {link}")
        if not fits and not block.add(1, *head, f"{when}{name}"):
            break
        shown.append(entry)
    return shown


def _list_others(block: _Block, wish: DescriptionWish, others: Sequence[Entry], title: str, shop: str) -> None:
    """The other exhibitors in the richest form in which all fit, else as many names as fit.

    No times: a time that moves with every delay would cost an update (51 units of quota) for each move.
    """
    named = [(entry, shorten(clean(entry.name), _NAME)) for entry in others]
    named = [(entry, name) for entry, name in named if name]
    if not named:
        return
    cities = [(entry, f"{name}, {clean(entry.city)}" if clean(entry.city) else name) for entry, name in named]
    plain = f"{title} – semua tautan: {shop}" if shop else f"{title}:"
    for header, forms in (
        (f"{title}:", [_linked(entry, text) for entry, text in cities]),
        (f"{title}:", [_linked(entry, text) for entry, text in named]),
        (plain, [f"• {text}" for _, text in cities]),
        (plain, [f"• {text}" for _, text in named]),
    ):
        if block.open(2, header, *forms):
            return
    # Whoever is still to come is worth more than who has been on.
    order = sorted(range(len(named)), key=lambda i: not _is_to_come(named[i][0], wish.at))
    low, high = 0, len(named) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(_cut(plain, named, order, middle)) + 2 <= block.left else (low, middle - 1)
    if low:
        block.open(2, *_cut(plain, named, order, low).split("\n"))


def _linked(entry: Entry, text: str) -> str:
    link = clean_link(entry.link)
    return f"• {text} – {link}" if link else f"• {text}"


def _is_to_come(entry: Entry, at: datetime) -> bool:
    return entry.start is not None and entry.start > at


def _cut(header: str, named: Sequence[tuple[Entry, str]], order: Sequence[int], count: int) -> str:
    lines = [f"• {named[i][1]}" for i in sorted(order[:count])]
    return "\n".join([header, *lines, f"… dan {len(named) - count} peserta lainnya"])

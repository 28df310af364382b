"""The description that stays under the replay: every exhibitor that aired, with its time and its link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.show.chapters import aired, chapters, stamp
from broadcaster.show.description import DescriptionWish
from broadcaster.show.managed_block import BETWEEN, LINKS, REPLAY
from broadcaster.show.public_text import clean, clean_hashtags, clean_link, shorten, size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.description import Entry
    from broadcaster.show.rundown import ExhibitorId

OPENING = "Pembukaan"
_NAMES = (60, 40, 28, 20)
"""Characters of a name, from the richest form to the last resort."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """All that a finished broadcast's description says.

    `of_day` is any of the day's wishes: the show's own words and its exhibitors' links. `rows` is the show's as-run;
    what aired from `begins` (the broadcast's actualStartTime) to `ends` counts.
    """

    of_day: DescriptionWish
    rows: tuple[AsRun, ...]
    begins: datetime
    ends: datetime | None = None


Words = DescriptionWish | LastWord
"""What a channel can be asked to write."""


def compose_last(word: LastWord, budget: int) -> str:
    """The managed block without its markers, at most `budget` bytes of UTF-8.

    Chapters where YouTube takes them, else the same list with bullets; then the exhibitors' links. What does not fit
    goes in this order: links (the catalogue's stands for all), long names, hashtags, the list's end.
    """
    shop = clean_link(word.of_day.shop_url)
    title = shorten(clean(word.of_day.expo_title), _NAMES[0])
    head = f"{BETWEEN}{title} – {shop}" if shop else f"{BETWEEN}{title}"
    tags = " ".join(clean_hashtags(word.of_day.hashtags))
    for links, length, last in _forms(tags):
        text = _joined(head, _list(word, length), _links(word, length, shop, whole=links), last)
        if size(text) <= budget:
            return text
    lines = _list(word, _NAMES[-1])
    while len(lines) > 1 and size(_joined(head, lines, [], "")) > budget:
        lines = [*lines[:-2], f"… dan {_left_out(word, len(lines) - 3)} lainnya"] if len(lines) > 2 else []
    text = _joined(head, lines, [], "")
    return text if size(text) <= budget else shorten(head, budget, size)


def _forms(tags: str) -> Iterator[tuple[bool, int, str]]:
    for links in (True, False):
        for length in _NAMES:
            yield links, length, tags
    yield False, _NAMES[-1], ""


def _joined(head: str, listed: Sequence[str], links: Sequence[str], tags: str) -> str:
    return "\n\n".join(part for part in (head, "\n".join(listed), "\n".join(links), tags) if part)


def _list(word: LastWord, length: int) -> list[str]:
    marks = chapters(word.rows, word.begins, OPENING, word.ends)
    shown = aired(word.rows, word.begins, word.ends)
    if marks:
        listed = [f"{stamp(mark.offset)} {shorten(mark.title, length)}" for mark in marks]
    else:
        listed = [f"• {stamp(offset)} {shorten(clean(row.title), length)}" for offset, row in shown]
    return [f"{REPLAY}:", *listed] if listed else []


def _links(word: LastWord, length: int, shop: str, *, whole: bool) -> list[str]:
    """Each exhibitor once. Without `whole` only those that the list before it does not name, with their time."""
    of_list = {(mark.offset, mark.title) for mark in chapters(word.rows, word.begins, OPENING, word.ends)}
    entries = _entries(word.of_day)
    lines, seen = [], set()
    for offset, row in aired(word.rows, word.begins, word.ends):
        if row.exhibitor is None or row.exhibitor in seen:
            continue
        seen.add(row.exhibitor)
        entry = entries.get(row.exhibitor)
        name = shorten(clean(entry.name if entry else row.title), length)
        link = clean_link(entry.link) if entry and whole else ""
        is_named = not of_list or (offset, clean(row.title) or row.cue) in of_list
        if link or not is_named:
            # Its time stands behind the name: at the line's start it would be a chapter, and too close to another.
            time = "" if is_named else f" ({stamp(offset)})"
            lines.append(f"• {name}{time}{f' – {link}' if link else ''}")
    if not lines:
        return [f"{LINKS}: {shop}"] if shop and seen and not whole else []
    return [f"{LINKS} – semua tautan: {shop}" if shop and not whole else f"{LINKS}:", *lines]


def _entries(wish: DescriptionWish) -> dict[ExhibitorId, Entry]:
    every = [*wish.others, *wish.following, *([wish.on_air] if wish.on_air else [])]
    return {entry.exhibitor: entry for entry in every if entry.exhibitor is not None}


def _left_out(word: LastWord, kept: int) -> int:
    return len(_list(word, _NAMES[-1])) - 1 - kept

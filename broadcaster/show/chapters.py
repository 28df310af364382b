"""YouTube chapters from the as-run: first at 0:00, ascending, at least 10 s each, at least three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster.show.public_text import clean
from broadcaster.show.state import SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broadcaster.show.as_run import AsRun

SHORTEST = timedelta(seconds=10)
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Chapter:
    offset: timedelta
    title: str

    def __str__(self) -> str:
        return f"{stamp(self.offset)} {self.title}"


def stamp(offset: timedelta) -> str:
    """An offset as YouTube makes a link of it: M:SS, or H:MM:SS."""
    seconds = int(offset.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def aired(rows: Iterable[AsRun], begins: datetime, ends: datetime | None = None) -> list[tuple[timedelta, AsRun]]:
    """What a replay from `begins` to `ends` shows, in its order, each with its offset.

    What was on air already as the replay begins is there at 0:00.
    """
    shown: list[tuple[timedelta, AsRun]] = []
    for row in rows:
        if row.actual_start is None or (row.outcome is not None and row.outcome not in SHOWN):
            continue
        is_over = row.actual_end is not None and row.actual_end <= begins
        if not is_over and (ends is None or row.actual_start < ends):
            shown.append((max(row.actual_start - begins, timedelta(0)), row))
    return sorted(shown, key=lambda one: (one[0], one[1].actual_start or begins))


def chapters(
    rows: Iterable[AsRun], begins: datetime, opening: str, ends: datetime | None = None
) -> tuple[Chapter, ...]:
    """What aired as chapters of the replay; empty when YouTube would not take them (fewer than three).

    `begins` is the broadcast's actualStartTime, `ends` its actualEndTime when it has one. A chapter `opening` covers
    what came before the first item: no item is moved to zero. What viewers saw for less than 10 s goes into the
    chapter before it.
    """
    marks: list[Chapter] = [Chapter(timedelta(0), clean(opening) or "–")]
    for offset, row in aired(rows, begins, ends):
        title = clean(row.title) or row.cue
        until = min((end for end in (row.actual_end, ends) if end is not None), default=None)
        if until is not None and until - begins - offset < SHORTEST:
            continue
        if not offset and len(marks) == 1:
            marks = [Chapter(offset, title)]
        elif offset - marks[-1].offset >= SHORTEST:
            marks.append(Chapter(offset, title))
    return tuple(marks) if len(marks) >= FEWEST else ()

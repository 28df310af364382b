"""YouTube chapters from the as-run: first at 0:00, ascending, at least 10 s each, at least three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.show.public_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from broadcaster.show.as_run import AsRun

SHORTEST = timedelta(seconds=10)
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Chapter:
    offset: timedelta
    title: str

    def __str__(self) -> str:
        seconds = int(self.offset.total_seconds())
        hours, minutes = divmod(seconds // 60, 60)
        stamp = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
        return f"{stamp} {self.title}"


def chapters(rows: Iterable[AsRun], stream_start: datetime, opening: str) -> tuple[Chapter, ...]:
    """What aired as chapters of the replay; empty when YouTube would not take them (fewer than three).

    A chapter `opening` covers what came before the first item. Airings under 10 s go into the chapter before them.
    """
    marks: list[Chapter] = [Chapter(timedelta(0), clean(opening))]
    for row in sorted((row for row in rows if row.actual_start), key=lambda row: row.actual_start or stream_start):
        if row.actual_start is None or row.actual_start < stream_start:
            continue
        offset = row.actual_start - stream_start
        too_short = row.actual_end is not None and row.actual_end - row.actual_start < SHORTEST
        if offset - marks[-1].offset >= SHORTEST and not too_short:
            marks.append(Chapter(offset, clean(row.title)))
    return tuple(marks) if len(marks) >= FEWEST else ()

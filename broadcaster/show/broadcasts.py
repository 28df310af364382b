"""A show's broadcasts on YouTube: one a day, and two or more of a day that is too long for one.

What they should be, as values; `devices.youtube` finds, makes and starts them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broadcaster.show import wanted
from broadcaster.show.public_text import clean, clean_title
from broadcaster.show.state import initial
from broadcaster.show.timeline import plan, projected_end

if TYPE_CHECKING:
    from datetime import date, datetime

    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.rundown import Day, Rundown

LONGEST = timedelta(hours=11, minutes=55)
"""YouTube keeps no replay of a broadcast of 12 hours; of 11 h 55 min, users report, it does."""
TITLE_PARTS = ("expo", "day", "date")
"""What the title of a day's broadcast may name in braces."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """The broadcast of a day, or of a part of it: `number` counts from 1.

    `start` is when its first item is planned, `end` when it should be over: for a part that is followed by another one,
    that one's start. `wish` is what its description says before anything is on air.
    """

    day: date
    number: int
    title: str
    start: datetime
    end: datetime
    timezone: str
    wish: DescriptionWish
    is_last: bool = True

    @property
    def key(self) -> tuple[date, int]:
        return self.day, self.number


def day_parts(
    rundown: Rundown, title: str, before: timedelta = timedelta(0), after: timedelta = timedelta(0)
) -> tuple[DayPart, ...]:
    """The broadcasts of all days that have times, in order.

    Args:
        rundown: The show.
        title: Its TITLE_PARTS in braces are filled in.
        before: How long before a day's first item it goes live.
        after: How long after the day's last item it ends.

    """
    parts: list[DayPart] = []
    state = initial(rundown)
    for index, day in enumerate(rundown.days):
        starts = sorted(entry.start for entry in plan(day) if entry.start is not None and not entry.item.skip)
        if not starts:
            continue
        cuts = _cuts(starts, _end(day, starts[-1]), before, after)
        wish = wanted.description(replace(state, day=index), starts[0])
        name = _title(title, rundown, day)
        for number, (start, end) in enumerate(pairwise(cuts), 1):
            part = name if len(cuts) == 2 else clean_title(f"{name[:94]} ({number})", name)
            is_last = number == len(cuts) - 1
            parts.append(DayPart(day.date, number, part, start, end, rundown.timezone, wish, is_last))
    return tuple(parts)


def local_day(part: DayPart, at: datetime) -> date:
    """The date of an instant where the show is."""
    return at.astimezone(ZoneInfo(part.timezone)).date()


def _title(pattern: str, rundown: Rundown, day: Day) -> str:
    date = day.date.isoformat()
    filled = pattern
    for part, value in (("expo", rundown.title), ("day", day.title or date), ("date", date)):
        filled = filled.replace(f"{{{part}}}", clean(value))
    return clean_title(filled, rundown.title)


def _end(day: Day, last_start: datetime) -> datetime:
    ends = [projected_end(plan(day)), day.planned_end, last_start]
    return max(end for end in ends if end is not None)


def _cuts(starts: list[datetime], end: datetime, before: timedelta, after: timedelta) -> list[datetime]:
    """The day's start, where one broadcast follows another (at an item's start if there is one), and its end."""
    cuts = [starts[0]]
    began = starts[0] - before
    while end + after - began > LONGEST:
        limit = began + LONGEST
        cut = max((start for start in starts if cuts[-1] < start <= limit), default=limit)
        cuts.append(cut)
        began = cut
    return [*cuts, max(end, cuts[-1])]

"""What viewers saw of a run: line 1 against what was on air, units, people's text, the words under the replay."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.rundown import Rundown
    from tests.emulators.youtube import Version

OPENING, CLOSING = "▼▼▼ EXPO ▼▼▼", "▲▲▲ EXPO ▲▲▲"


def around(description: str) -> tuple[str, str, str]:
    """People's own text before the block, the block with its markers, which may be damaged, and the text after it."""
    found = re.search(r"^▼+ EXPO ▼+$.*^▲+ EXPO ▲+$", description, re.MULTILINE | re.DOTALL)
    if found is None:
        return description, "", ""
    return description[: found.start()], found[0], description[found.end() :]


def own_text(description: str) -> str:
    """What is people's in a description. Empty lines next to the block are nobody's."""
    before, _, after = around(description)
    return f"{before.rstrip()}\n{after.lstrip()}".strip()


def block(description: str) -> str:
    """What stands between the markers; "" unless each of them stands there once."""
    if [description.count(OPENING), description.count(CLOSING)] != [1, 1]:
        return ""
    return description.partition(OPENING)[2].partition(CLOSING)[0].strip()


def named(show: Rundown, description: str) -> str | None:
    """The exhibitor whom line 1 names, by its link."""
    line = block(description).partition("\n")[0]
    found = re.search(r"https://\S+", line)
    if found is None:
        return None
    return next((str(key) for key, one in show.exhibitors.items() if one.link == found[0]), None)


@dataclass(frozen=True)
class Span:
    begins: datetime
    ends: datetime
    exhibitor: str | None

    @property
    def seconds(self) -> float:
        return (self.ends - self.begins).total_seconds()


def on_air(rows: Iterable[AsRun]) -> list[Span]:
    """What the studio confirmed, in order."""
    aired = sorted((row.actual_start, str(row.exhibitor or "") or None) for row in rows if row.actual_start)
    ends = max((row.actual_end for row in rows if row.actual_end), default=None)
    return [
        Span(start, following or ends or start, exhibitor)
        for (start, exhibitor), following in zip(aired, [*(start for start, _ in aired[1:]), None], strict=True)
    ]


def on_line_one(show: Rundown, versions: Sequence[Version], until: datetime) -> list[Span]:
    """Whom line 1 named when; neighbouring spans of the same are one."""
    marks: list[tuple[datetime, str | None]] = []
    for version in versions:
        exhibitor = named(show, str(version.snippet.get("description", "")))
        if not marks or marks[-1][1] != exhibitor:
            marks.append((version.since, exhibitor))
    return [
        Span(since, following[0], exhibitor)
        for (since, exhibitor), following in pairwise([*marks, (max(until, marks[-1][0]), None)])
    ]


def delays(aired: Sequence[Span], lines: Sequence[Span]) -> list[float | None]:
    """Seconds from each exhibitor's start until line 1 named it; None where it never did while it was on air."""
    found: list[float | None] = []
    for span in aired:
        if span.exhibitor is None:
            continue
        right = [line for line in lines if line.exhibitor == span.exhibitor and line.ends > span.begins]
        first = min((line.begins for line in right), default=span.ends)
        found.append(max(0.0, (first - span.begins).total_seconds()) if first < span.ends else None)
    return found


def wrong(aired: Sequence[Span], lines: Sequence[Span]) -> list[Span]:
    """When line 1 named an exhibitor that was not on air, while something was."""
    found: list[Span] = []
    for line in lines:
        if line.exhibitor is None:
            continue
        for span in aired:
            begins, ends = max(span.begins, line.begins), min(span.ends, line.ends)
            if begins >= ends or span.exhibitor == line.exhibitor:
                continue
            if found and found[-1].ends == begins and found[-1].exhibitor == line.exhibitor:
                found[-1] = Span(found[-1].begins, ends, line.exhibitor)
            else:
                found.append(Span(begins, ends, line.exhibitor))
    return found


def missing_times(show: Rundown, rows: Iterable[AsRun], begins: datetime, ends: datetime, text: str) -> list[str]:
    """The exhibitors that aired in a broadcast and whose time in it, or name, its description does not tell."""
    lines = [line.casefold() for line in text.splitlines()]
    missing = []
    for row in rows:
        if row.exhibitor is None or row.actual_start is None or not begins <= row.actual_start < ends:
            continue
        seconds = int((row.actual_start - begins.replace(microsecond=0)).total_seconds())  # as YouTube tells it
        hours, minutes = divmod(seconds // 60, 60)
        time = f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
        name = show.exhibitors[row.exhibitor].name.casefold()[:15]
        if not any(re.search(rf"\b{time}\b", line) and name in line for line in lines):
            missing.append(f"{time} {show.exhibitors[row.exhibitor].name}")
    return missing


def chapter_faults(text: str) -> list[str]:
    """What YouTube would not take of the lines that begin with a time."""
    times = []
    for line in text.splitlines():
        if found := re.match(r"(?:(\d+):)?(\d{1,2}):(\d\d)\s+\S", line):
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            times.append(timedelta(hours=hours, minutes=minutes, seconds=seconds))
    faults = []
    if len(times) < 3:
        faults.append(f"only {len(times)} chapters")
    if times and times[0]:
        faults.append(f"the first chapter is at {times[0]}")
    faults += [
        f"{second} follows {first}" for first, second in pairwise(times) if second - first < timedelta(seconds=10)
    ]
    return faults


def doubles(messages: Iterable[str]) -> list[str]:
    return [text for text, count in Counter(messages).items() if count > 1]

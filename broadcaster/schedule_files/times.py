"""Times and durations as people write them.

Day files carry local times in the show's zone; everything inside is UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from broadcaster.show.rundown import CUT, LONGEST_FADE, Transition, TransitionKind

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST = timedelta(days=2)
"""No item is longer: a duration beyond it is a slip."""

PAST_MIDNIGHT = timedelta(hours=12)
"""A time that is earlier than the one before it by more than this belongs to the next date."""

_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?(?:\s*([A-Za-z]{2,5}))?")
_COLONS = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]+|['’′\"”″]{1,2})\s*", re.IGNORECASE)

_UNITS = {
    3600: ("h", "hr", "hrs", "hour", "hours", "j", "jam"),
    60: ("m", "min", "mins", "mnt", "minute", "minutes", "menit", "'", "’", "′"),
    1: ("s", "sec", "secs", "second", "seconds", "det", "dtk", "detik", '"', "”", "″", "''", "’’", "′′"),
}
_SECONDS = {unit: seconds for seconds, units in _UNITS.items() for unit in units}


def parse_duration(value: object) -> timedelta | None:
    """A duration, or None when it cannot be read as one.

    Integers are seconds. Texts: "45m", "1h15m", "90s", "12:30" (mm:ss), "1:02:03", "40 menit", "1 jam 15 menit", "3'".
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        seconds: float = value
    elif isinstance(value, str):
        parsed = _seconds(value.strip())
        if parsed is None:
            return None
        seconds = parsed
    else:
        return None
    if not 0 < seconds <= LONGEST.total_seconds():
        return None
    return timedelta(seconds=round(seconds, 3))


FADE = timedelta(milliseconds=500)


def parse_transition(value: object) -> Transition | None:
    """A transition, or None when it cannot be read as one: "cut", "fade" (half a second), "fade 1.5s", "fade 300ms"."""
    if not isinstance(value, str):
        return None
    kind, _, length = " ".join(value.lower().split()).partition(" ")
    if kind == "cut" and not length:
        return CUT
    if kind != "fade":
        return None
    if not length:
        return Transition(TransitionKind.FADE, FADE)
    milliseconds = re.fullmatch(r"(\d{1,4})\s*ms", length)
    duration = timedelta(milliseconds=int(milliseconds[1])) if milliseconds else parse_duration(length)
    if duration is None or not timedelta(0) < duration <= LONGEST_FADE:
        return None
    return Transition(TransitionKind.FADE, duration)


def _seconds(text: str) -> float | None:
    colons = _COLONS.fullmatch(text)
    if colons is not None:
        first, second, third = colons.groups()
        return int(first) * 60 + int(second) if third is None else int(first) * 3600 + int(second) * 60 + int(third)
    total, offset = 0.0, 0
    seen: list[int] = []
    while offset < len(text):
        amount = _AMOUNT.match(text, offset)
        if amount is None or len(amount[1]) > 12:
            return None
        unit = _SECONDS.get(amount[2].lower())
        if unit is None or (seen and seen[-1] <= unit):
            return None
        seen.append(unit)
        total += float(amount[1].replace(",", ".")) * unit
        offset = amount.end()
    return total if seen else None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, without a date."""

    time: time


@dataclass(frozen=True, slots=True)
class OtherZone:
    """A time of day with the abbreviation of a zone behind it that is not the show's."""

    zone: str


def parse_start(value: object, zone: ZoneInfo, day: date) -> Clock | datetime | OtherZone | None:
    """A TOML local time or "09.00" as Clock, a date with time as local or aware datetime; None when unreadable."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, time):
        return Clock(value.replace(tzinfo=None))
    if not isinstance(value, str):
        return None
    match = _CLOCK.fullmatch(value.strip())
    if match is None:
        return _iso(value.strip())
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if (hour, minute, second) == (24, 0, 0):
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    if match[4]:
        abbreviation = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).tzname()
        if match[4].upper() != (abbreviation or "").upper():
            return OtherZone(match[4])
    return Clock(time(hour, minute, second))


def is_of_this_age(start: object) -> bool:
    """Whether a start may be moved to another zone; at either end of the calendar that fails. True without a date."""
    return not isinstance(start, datetime) or 1900 < start.year < 2200


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if len(text) > 10 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Instant:
    """`utc`, and what was odd about the local time that it comes from: "" | "skipped" | "twice"."""

    utc: datetime
    oddity: str = ""


def to_utc(local: datetime, zone: ZoneInfo, after: datetime | None = None) -> Instant:
    """A naive local time in UTC.

    A time that a change of clocks skips is read with the clock as it was before the change; one that comes twice as its
    first occurrence not before `after`.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return Instant(first)
    if first.astimezone(zone).replace(tzinfo=None) != local.replace(fold=0):
        return Instant(first, "skipped")
    if after is not None and first < after <= second:
        return Instant(second, "twice")
    return Instant(first, "twice")


def place(start: Clock | datetime, zone: ZoneInfo, day: date, after: datetime | None) -> Instant:
    """A start as an instant. `after` is the hard start before it, which tells the date of a bare time."""
    if isinstance(start, datetime):
        return to_utc(start, zone, after) if start.tzinfo is None else Instant(start.astimezone(UTC))
    base = day if after is None else after.astimezone(zone).date()
    instant = to_utc(datetime.combine(base, start.time), zone, after)
    if after is not None and after - instant.utc > PAST_MIDNIGHT:
        instant = to_utc(datetime.combine(base + timedelta(days=1), start.time), zone, after)
    return instant

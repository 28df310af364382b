"""Which broadcast is looked after now, and what is wanted of each: from the show's day, the policy and people. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.life_cycle import Goal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from broadcaster import config
    from broadcaster.show.broadcasts import DayPart

FORGOTTEN = timedelta(hours=6)
"""How long after a day's planned end a person's wish to go live holds: the next day's video must not fulfil it."""


class Goals:
    """`parts` are the show's broadcasts, `day` the day that is on; of neither anything is known at first."""

    def __init__(self, settings: config.YouTube) -> None:
        self.parts: tuple[DayPart, ...] = ()
        self.day: date | None = None
        self._settings = settings
        self._knows_day = False
        self._were_on: set[date] = set()
        self._last: tuple[date, int] | None = None

    def want_day(self, day: date | None) -> bool:
        """Whether that is news."""
        if self._knows_day and day == self.day:
            return False
        if day is not None:
            self._were_on.add(day)
        self.day, self._knows_day = day, True
        return True

    def current(self, now: datetime) -> DayPart | None:
        """Of the day that is on, the part whose time it is; else the last one that was looked after, or the next."""
        on = [part for part in self.parts if part.day == self.day]
        if on:
            return [part for part in on if part.number == 1 or part.start <= now][-1]
        kept = next((part for part in self.parts if part.key == self._last), None)
        return kept or next((part for part in self.parts if part.end > now), self.parts[-1] if self.parts else None)

    def look_after(self, part: DayPart) -> None:
        """Stay with it after its day, until another day is on."""
        self._last = part.key

    def is_on(self, part: DayPart) -> bool:
        return part.day == self.day

    def goal(self, part: DayPart, hand: str, now: datetime) -> Goal:
        """What is wanted of a part; a person's wish (`hand`) goes before the policy."""
        if hand == "complete":
            return Goal.COMPLETE
        if hand == "live" and now < part.end + FORGOTTEN:
            return Goal.LIVE
        if not self._knows_day:
            return Goal.LEAVE
        if self.is_on(part):
            current = self.current(now)
            if self._settings.go_live != "day" or current is None or part.number > current.number:
                return Goal.LEAVE
            # A part that is followed by the next one is ended then: else it would grow too long for a replay.
            return Goal.LIVE if part.key == current.key else Goal.COMPLETE
        return Goal.COMPLETE if self._settings.complete == "day" and self._is_over(part, now) else Goal.LEAVE

    def ending(self, current: DayPart, hands: dict[tuple[date, int], str], now: datetime) -> Sequence[DayPart]:
        """The other parts that are to be ended."""
        return [
            part
            for part in self.parts
            if part.key != current.key and self.goal(part, hands.get(part.key, ""), now) is Goal.COMPLETE
        ]

    def _is_over(self, part: DayPart, now: datetime) -> bool:
        """Whether its day was on, or a later one is, or its planned end has passed and it is not on."""
        if part.day in self._were_on or (self.day is not None and self.day > part.day):
            return True
        return max((one.end for one in self.parts if one.day == part.day), default=part.end) <= now

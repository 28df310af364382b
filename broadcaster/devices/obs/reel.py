"""A video on its deck: when its last picture leaves, and on which frame the next one is to be seen. Pure.

Measured on OBS 29 by frame numbers in the received picture: a deck that is activated on tick T shows its preloaded
first picture from T on, and the picture of media time m on the first tick at or after T + STARTS + m. So a deck that is
activated one tick before it is to be seen, under what is on program, comes with its first picture and goes on with
its second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadcaster.devices.obs.ticks import Ticks

STARTS = 0.004
"""Seconds from a deck's activation to the zero of its media time: more than 0, less than 0.0067."""

CURSOR_LAG = 0.092
"""Seconds by which program is behind OBS's media cursor, for a video of 30 pictures a second."""

FOLLOWS = 0.3
"""Seconds. When the end of the video on air is that near to the planned instant, the video's end decides."""

STALLED = 0.04
"""Seconds. Less is the cursor's own coarseness."""


@dataclass(frozen=True, slots=True)
class Reel:
    """The video on program. `zero` is the monotonic second of its media time 0; `length` None is unknown.

    `early` and `late` are OBS's cursor against that clock, in the beginning and of late (seconds, least of many looks).
    """

    deck: str
    zero: float
    length: float | None
    early: float | None = None
    late: float | None = None

    @classmethod
    def activated(cls, deck: str, tick: int, length: float | None, ticks: Ticks) -> Reel:
        return cls(deck, ticks.at(tick) + STARTS, length)

    @property
    def end(self) -> float | None:
        """When its last picture leaves, in monotonic seconds: corrected by what the cursor lost on the way."""
        if self.length is None:
            return None
        lost = 0.0 if self.early is None or self.late is None else self.late - self.early
        return self.zero + self.length + (lost if abs(lost) > STALLED else 0.0)

    def looked_at(self, cursor: float, now: float) -> Reel:
        """OBS's cursor (seconds) was seen at `now`."""
        if self.length is None or cursor >= self.length:
            return self
        offset = now - cursor - self.zero
        if now - self.zero < WINDOW:
            return replace(self, early=offset if self.early is None else min(self.early, offset))
        return replace(self, late=offset if self.late is None else min(offset, self.late + FORGETS))

    def has_wrapped(self, cursor: float, before: float, now: float) -> bool:
        """Whether it began anew long before its end was due: it is shorter than it was measured."""
        end = self.end
        return end is not None and cursor < before - 0.5 and end - now > 0.5


WINDOW = 3.0
FORGETS = 0.01
"""Seconds that the recent offset may grow with each look: a stall shows after a second or two."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When the new picture is first seen. `holds`: its first picture stays a tick longer, to get back to the plan."""

    tick: int
    holds: bool = False


def moment(ticks: Ticks, soonest: float, planned: float | None, end: float | None) -> Moment:
    """The frame for a switch.

    Args:
        ticks: OBS's frames.
        soonest: the earliest instant at which it can be seen.
        planned: when it is planned, None for at once.
        end: when the video on air ends, None when none does.

    """
    first = ticks.first_from(soonest)
    if planned is None:
        return Moment(first)
    if end is None or abs(end - planned) > FOLLOWS:
        return Moment(max(ticks.first_from(planned - ticks.length / 2), first))
    tick = ticks.first_from(end)
    lateness = (ticks.at(tick) - planned) / ticks.length
    if lateness > 1.5:
        tick -= 1  # Something was late before: rather the last picture lost than all that follows late.
    return Moment(max(tick, first), holds=lateness < -0.9)

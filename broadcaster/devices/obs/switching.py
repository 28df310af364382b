"""Carrying out a switch on the very frame: waits for it, sends what belongs together, and knows on which frame it was.

A cut is one batch that OBS runs by its own frames. A fade is one batch every few frames, so that a newer wish does not
wait for its end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.obs import fade
from broadcaster.devices.obs.connection import Request, frames
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.plan import COVERS
from broadcaster.show.rundown import TransitionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from broadcaster.devices.obs.connection import Connection
    from broadcaster.devices.obs.plan import Switch
    from broadcaster.devices.obs.reel import Moment
    from broadcaster.devices.obs.ticks import Ticks
    from broadcaster.show.rundown import Transition

SETTLES = 0.02
"""Seconds before its time in which a switch waits by itself, not to be late by a wake-up."""


@dataclass(frozen=True, slots=True)
class Done:
    """The frames (ticks) on which the new picture was first seen, and on which its deck was activated."""

    seen: int
    activated: int


class Switcher:
    """One per connection; belongs to the thread that owns it.

    Args:
        backdrops: by deck, the source that lies under it.
        filter_name: of the filter that fades decks and backdrops.

    """

    def __init__(self, connection: Connection, ticks: Ticks, backdrops: dict[str, str], filter_name: str) -> None:
        self._connection = connection
        self._backdrops = backdrops
        self._filter = filter_name
        self.ticks = ticks

    @property
    def soonest(self) -> float:
        """When a switch that is asked for now can first be seen, in monotonic seconds."""
        return time.monotonic() + 2 * self.ticks.length

    def wait(self, moment: Moment, switch: Switch, pause: Callable[[float], None]) -> None:
        """Until the switch has to be sent. `pause` waits so many seconds, and raises when something newer is wanted."""
        ahead = 0.5 if moment.holds or not switch.ready else 1.5
        due = self.ticks.at(moment.tick) - ahead * self.ticks.length
        pause(max(due - SETTLES - time.monotonic(), 0.0))
        time.sleep(max(due - time.monotonic(), 0.0))

    def cut(self, switch: Switch, over: Sequence[Request], *, holds: bool) -> Done:
        """`over` belongs to the same frame: what lies over the picture, and how OBS enters the scene.

        Raises:
            Refused, Offline: see `Connection`; OBS may have done a part of it.
        """
        ahead = [] if holds or not switch.ready else [frames(1)]
        self._run([*switch.ready, *ahead, *switch.show, *over])
        # Answered on the frame itself: an answer some frames later would hide a frame that OBS was late with.
        seen = self._tick()
        if switch.clear:
            self._run([frames(COVERS), *switch.clear])
        return Done(seen, seen - len(ahead))

    def dissolve(
        self, switch: Switch, over: Sequence[Request], duration: float, pause: Callable[[float], None]
    ) -> Done:
        """Let OBS fade from scene to scene for `duration` seconds; the old deck plays on until then.

        Raises:
            Refused, Offline: see `Connection`. Whatever `pause` raises.
        """
        show = [request for request in switch.show if request.type != "SetInputVolume"]
        self._run([*switch.ready, *([frames(1)] if switch.ready else []), *over, *show])
        seen = self._tick()
        try:
            pause(duration)
        finally:
            self._run(switch.clear)
        return Done(seen, seen - 1 if switch.ready else seen)

    def fade(
        self,
        switch: Switch,
        over: Sequence[Request],
        duration: float,
        *,
        leaving: tuple[str, float] | None,
        coming: tuple[str, float] | None,
        pause: Callable[[float], None],
    ) -> Done:
        """Fade the decks within the program scene.

        `duration` is in seconds; `leaving` and `coming` are a deck and its gain in dB each.

        Raises:
            Refused, Offline: see `Connection`. Whatever `pause` raises: then the new picture is there at once.
        """
        count = max(round(duration / self.ticks.length), 1)
        if coming is None:
            return self._fade_out(switch, over, count, leaving, pause)
        deck, gain = coming
        sources = [deck, self._backdrops[deck]]
        veil = [*fade.opacity(sources, self._filter, 0), *fade.filter_on(sources, self._filter, enabled=True)]
        self._run([*veil, fade.loudness(deck, gain, 0), *switch.ready, frames(1), *switch.show, *over])
        began = self._tick()
        steps = []
        for step in range(1, count):
            share = step / count
            requests = [*fade.opacity(sources, self._filter, share), fade.loudness(deck, gain, share)]
            if leaving is not None:
                requests.append(fade.loudness(*leaving, 1 - share))
            steps.append(requests)
        try:
            self._play(steps, pause)
        finally:
            lift = [*fade.filter_on(sources, self._filter, enabled=False), fade.loudness(deck, gain, 1)]
            silent = [fade.loudness(*leaving, 0)] if leaving is not None else []
            self._run([*lift, *silent, *([frames(1)] if switch.clear else []), *switch.clear])
        return Done(began, began - 1)

    def _fade_out(
        self,
        switch: Switch,
        over: Sequence[Request],
        count: int,
        leaving: tuple[str, float] | None,
        pause: Callable[[float], None],
    ) -> Done:
        """To the slate, which lies beneath: `switch.show` hides the decks, so it comes last."""
        if leaving is None:
            return self.cut(switch, over, holds=False)
        deck, gain = leaving
        sources = [deck, self._backdrops[deck]]
        changes = [request for request in switch.show if request.type == "SetCurrentProgramScene"]
        hides = [request for request in switch.show if request.type != "SetCurrentProgramScene"]
        self._run(
            [
                *fade.opacity(sources, self._filter, 1),
                *fade.filter_on(sources, self._filter, enabled=True),
                *changes,
                *over,
            ]
        )
        began = self._tick()
        shares = [1 - step / count for step in range(1, count)]
        steps = [[*fade.opacity(sources, self._filter, share), fade.loudness(deck, gain, share)] for share in shares]
        try:
            self._play(steps, pause)
        finally:
            self._run([*hides, *switch.clear, frames(1), *fade.filter_on(sources, self._filter, enabled=False)])
        return Done(began, began)

    def _play(self, steps: list[list[Request]], pause: Callable[[float], None]) -> None:
        for batch in fade.chunks(steps):
            self._run(batch)
            pause(0.0)

    def _tick(self) -> int:
        return self.ticks.answered(time.monotonic())

    def _run(self, requests: Sequence[Request]) -> None:
        for answer in self._connection.batch(requests, halt=True, by_frame=True):
            if isinstance(answer, Refused):
                raise answer


def is_fade(transition: Transition) -> bool:
    return transition.kind is TransitionKind.FADE and transition.duration.total_seconds() > 0

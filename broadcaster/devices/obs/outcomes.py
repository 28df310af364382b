"""What became of each target, told once; and what outlives a connection."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.devices.obs.failures import Failures
from broadcaster.language import gettext as _
from broadcaster.show.messages import CueFailed, StudioFailed, StudioReached

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event
    from broadcaster.show.studio import TargetId

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Memory:
    """What outlives a connection."""

    failures: Failures = field(default_factory=Failures)
    reached: TargetId | None = None
    failed: TargetId | None = None
    stalled: TargetId | None = None
    """Its video came on air and stood still. A busy disk may have been the reason: the next airing is another try."""
    aired: dict[str, TargetId] = field(default_factory=dict)
    """Per deck: the target it was last shown for."""
    standby_scenes: set[str] = field(default_factory=set)


class Outcomes:
    """Belongs to the thread that owns the connection."""

    def __init__(self, memory: Memory, clock: Clock, post: Callable[[Event], None]) -> None:
        self._memory, self._clock, self._post = memory, clock, post

    def reached(self, target: TargetId, at: datetime) -> None:
        if target not in {self._memory.reached, self._memory.failed}:
            self._memory.reached = target
            self._post(StudioReached(at, target))

    def failed(self, target: TargetId, why: str) -> None:
        if self._memory.failed != target:
            self._memory.failed = target
            log.warning("%s cannot be shown: %s", target, why)
            self._post(StudioFailed(self._clock.now(), target, why))

    def cue_failed(self, path: str) -> None:
        """A video is known not to be fit for its turn."""
        if self._memory.failures.is_news(path):
            why = self._memory.failures.why(path)
            log.warning("Cue failed: %s", why)
            self._post(CueFailed(self._clock.now(), path, why))

    def stands_still(self, target: TargetId, path: str) -> None:
        self._memory.stalled = target
        self.failed(target, _stalls(path))

    def why_not(self, target: TargetId, path: str) -> str:
        """What speaks against the target's video; empty for nothing."""
        return self._memory.failures.why(path) or (_stalls(path) if self._memory.stalled == target else "")


def _stalls(path: str) -> str:
    return _("The picture of the video %(name)s stands still in OBS.", name=Path(path).name)

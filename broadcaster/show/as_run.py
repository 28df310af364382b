"""As-run: what aired, from what was observed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from broadcaster.show.rundown import ExhibitorId, ItemId, ItemType


class Outcome(StrEnum):
    """How an airing ended.

    aired: whole, on its own picture. partial: viewers missed some of it. skipped: passed over. failed: its
    picture could not be shown, and nothing stood in for it. filled: a card stood in for its video.
    """

    AIRED = "aired"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    FAILED = "failed"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class AsRun:
    """One airing of one item. (`item`, `airing`) is its key; a later row with the same key replaces it.

    `actual_start` and `actual_end` are what the studio confirmed; None when it never did. `outcome` is
    None while the item is on air. `note` says why the outcome is not "aired".
    """

    day: date
    item: ItemId
    airing: int
    cue: str
    type: ItemType
    title: str
    exhibitor: ExhibitorId | None
    media: str | None
    planned_start: datetime | None
    expected_start: datetime | None
    actual_start: datetime | None = None
    actual_end: datetime | None = None
    outcome: Outcome | None = None
    note: str = ""

    @property
    def lateness_s(self) -> float | None:
        """Actual minus expected start in seconds; None while either is unknown."""
        if self.actual_start is None or self.expected_start is None:
            return None
        return (self.actual_start - self.expected_start).total_seconds()

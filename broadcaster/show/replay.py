"""Where in a broadcast's replay an airing is to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.show.chapters import aired

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.rundown import ItemId


@dataclass(frozen=True, slots=True)
class Replay:
    """A broadcast that went out: its video, and its actualStartTime and actualEndTime (None while it is live)."""

    video: str
    begins: datetime
    ends: datetime | None = None

    def link(self, offset: timedelta) -> str:
        """The replay from there on. YouTube counts whole seconds."""
        return f"https://youtu.be/{self.video}?t={int(offset.total_seconds())}"


def replay_links(rows: Sequence[AsRun], replays: Iterable[Replay]) -> dict[tuple[ItemId, int], str]:
    """A link for each airing, by (item, airing), that one of the replays shows."""
    links: dict[tuple[ItemId, int], str] = {}
    for replay in replays:
        for offset, row in aired(rows, replay.begins, replay.ends):
            links.setdefault((row.item, row.airing), replay.link(offset))
    return links

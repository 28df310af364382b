"""A fade between two pictures of the program scene: opacity and volume, frame by frame. Pure.

OBS has no request for the transition of a scene item; a colour filter's opacity, set on each frame by a batch that runs
by frame, is exact and needs no preparation in OBS's settings.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request, frames
from broadcaster.devices.obs.plan import SILENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

CHUNK = 6
"""Frames in one batch: a newer wish waits that long at most."""


def filter_on(sources: Sequence[str], name: str, *, enabled: bool) -> list[Request]:
    return [
        Request("SetSourceFilterEnabled", {"sourceName": source, "filterName": name, "filterEnabled": enabled})
        for source in sources
    ]


def opacity(sources: Sequence[str], name: str, share: float) -> list[Request]:
    """`share` 0 (invisible) to 1."""
    settings = {"opacity": round(share, 4)}
    return [
        Request(
            "SetSourceFilterSettings",
            {"sourceName": source, "filterName": name, "filterSettings": settings, "overlay": True},
        )
        for source in sources
    ]


def loudness(deck: str, gain_db: float, share: float) -> Request:
    """The deck's volume at `share` of its full power: two decks at s and 1 − s are as loud as one."""
    decibels = SILENCE if share <= 0 else max(gain_db + 10 * math.log10(min(share, 1.0)), SILENCE)
    return Request("SetInputVolume", {"inputName": deck, "inputVolumeDb": round(decibels, 3)})


def chunks(steps: Sequence[Sequence[Request]]) -> list[list[Request]]:
    """One batch for every few frames, each step on a frame of its own."""
    batches = []
    for first in range(0, len(steps), CHUNK):
        batch: list[Request] = []
        for step in steps[first : first + CHUNK]:
            if batch:
                batch.append(frames(1))
            batch += step
        batches.append(batch)
    return batches

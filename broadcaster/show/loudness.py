"""How much louder a video is to be played, so that all of a show sound alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadcaster.show.rundown import Media

TARGET = -14.0
"""LUFS: YouTube turns down what is louder and leaves what is quieter as it is."""

CEILING = -1.0
"""dBTP: above it, the encoder of a stream clips (EBU R 128 s2)."""

MOST, LEAST = 20.0, -40.0
"""dB. What would need more than MOST is noise, as a rule."""


def gain(media: Media) -> float:
    """In dB; 0 for what is not measured, or has no sound."""
    if media.loudness is None:
        return 0.0
    wanted = TARGET - media.loudness
    if media.true_peak is not None:
        wanted = min(wanted, CEILING - media.true_peak)
    return round(max(LEAST, min(MOST, wanted)), 2)

"""QR codes in a recording, read as a viewer's phone would from a small picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np
import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bench.received.switches import Passage

SIZE = (640, 360)
"""The picture is scaled to it first: what viewers get on a slow line."""

EVERY = 0.5

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the picture.

    Args:
        at: seconds, on the recording's clock.
        text: of the QR code; None when there is none, or none that can be read. Two codes are two readings.

    """

    at: float
    text: str | None


def qr_readings(recording: Path, passages: Sequence[Passage], every: float = EVERY) -> dict[int, list[Reading]]:
    """By clip's number: a look each `every` seconds while it was on air."""
    looks = [(at, read(picture)) for at, picture in _looks(recording, every)]
    return {
        passage.clip: [
            Reading(at, text) for at, texts in looks if passage.began <= at < passage.ended for text in texts or (None,)
        ]
        for passage in passages
    }


def read(picture: NDArray[np.uint8]) -> list[str]:
    """The texts of the QR codes in a grey picture."""
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=_QR)]


def readable_for(readings: Sequence[Reading], text: str, every: float = EVERY) -> float:
    """Seconds of the longest time for which every look read this text and no other."""
    longest = run = 0
    looks: dict[float, set[str | None]] = {}
    for reading in readings:
        looks.setdefault(reading.at, set()).add(reading.text)
    for texts in looks.values():
        run = run + 1 if texts == {text} else 0
        longest = max(longest, run)
    return longest * every


def _looks(recording: Path, every: float) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    due = 0.0
    with av.open(str(recording)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            at = float(frame.time or 0)
            if at < due:
                continue
            due = max(due + every, at)
            yield at, np.asarray(frame.reformat(*SIZE, format="gray").to_ndarray(), np.uint8)

"""What leaves the studio beside the picture: the stream and the recording, as values.

Desired state, as in `studio`: a device compares it with what it observes and starts or stops what differs. How
the value follows from the show's state: `streaming`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

FORBIDDEN = re.compile(r'[<>:"/\\|?*%\x00-\x1f\x7f]')
"""What Windows and exFAT refuse in a file's name, and what OBS would take for one of its own placeholders."""
LONGEST_TITLE = 60


class Output(StrEnum):
    STREAM = "stream"
    RECORDING = "recording"


class Cause(StrEnum):
    """Who made an output start or stop: the service, a hand at the studio, or nobody knows: it was so when looked at.

    broke: it ended by itself.
    """

    SERVICE = "service"
    HAND = "hand"
    UNSEEN = "unseen"
    BROKE = "broke"


@dataclass(frozen=True, slots=True)
class OutputPolicy:
    """Which outputs go with the show's day, and how long before its first and after its last item that day is."""

    stream: bool = False
    recording: bool = False
    before: timedelta = timedelta(minutes=10)
    after: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's will for one output. It holds for the day in whose window it was (None: between two days)."""

    on: bool
    day: date | None


@dataclass(frozen=True, slots=True)
class DayOver:
    """The day that was over last, and when it was."""

    date: date
    at: datetime


@dataclass(frozen=True, slots=True)
class OutputsWanted:
    """Whether each output should be on; None: hands off.

    `day` is the one that is on, with the time before and after it: an output that breaks off now is missed. `name`
    begins the names of the files that are recorded.
    """

    stream: bool | None = None
    recording: bool | None = None
    day: date | None = None
    name: str = ""


def recording_name(day: date, title: str) -> str:
    """A day's name in the names of files, safe on every file system: "2026-11-24 Hari 1"."""
    cleaned = FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    cleaned = "".join(letter for letter in cleaned if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co"})
    words = " ".join(cleaned.split())[:LONGEST_TITLE].strip(" .")
    date_ = day.isoformat()
    return date_ if words in {"", date_} else f"{date_} {words}"  # a day without a title is called by its date


def segment_name(name: str, number: int) -> str:
    """The file name, without its ending, of a recording's nth part: "2026-11-24 Hari 1 – 01"."""
    return f"{name} – {number:02}"


def next_segment(name: str, files: list[str]) -> int:
    """The number after the highest that a recording of that day has, whatever the day was called then."""
    day = re.escape(name[:10])
    taken = [int(found[1]) for file in files if (found := re.match(rf"{day}.*–[ _](\d+)(?: \(\d+\))?\.\w+$", file))]
    return max(taken, default=0) + 1

"""What is known of a video file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from broadcaster.language import gettext as _
from broadcaster.show.rundown import Media


class Fault(StrEnum):
    """Why a file cannot be played. Kept as a word, put into a sentence in the reader's language."""

    MISSING = "missing"
    NOT_A_FILE = "not_a_file"
    FORBIDDEN = "forbidden"
    EMPTY = "empty"
    NOT_A_VIDEO = "not_a_video"
    DAMAGED = "damaged"
    STILL = "still"
    NO_PICTURE = "no_picture"
    UNDECODABLE = "undecodable"
    TRUNCATED = "truncated"
    ZERO_DURATION = "zero_duration"
    UNREADABLE = "unreadable"
    NO_DECODER = "no_decoder"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file as the probe saw it.

    `duration_s` is from the first picture to the end of the last one, in seconds; `claimed_s` is what the container
    says. `width` and `height` are as coded, of pixels `pixel_aspect` times as wide as high; `rotation` is what a player
    turns them by, in degrees counter-clockwise. `fps` is the average. `audio_stream` is the index, among all streams,
    of the sound that a player chooses, as OBS does; `channels` are its own.
    """

    path: str
    size: int = 0
    mtime_ns: int = 0
    container: str = ""
    video_codec: str = ""
    audio_codec: str = ""
    audio_stream: int | None = None
    channels: int = 0
    width: int = 0
    height: int = 0
    pixel_aspect: float = 1.0
    rotation: int = 0
    fps: float | None = None
    duration_s: float | None = None
    claimed_s: float | None = None
    trouble: Fault | None = None

    @property
    def has_audio(self) -> bool:
        return bool(self.audio_codec)

    @property
    def picture(self) -> tuple[int, int] | None:
        """Width and height as viewers see it, in square pixels and upright; None while not known."""
        if self.width <= 0 or self.height <= 0:
            return None
        aspect = self.pixel_aspect if 0.1 <= self.pixel_aspect <= 10 else 1.0
        width = max(1, round(self.width * aspect))
        return (self.height, width) if self.rotation % 180 == 90 else (width, self.height)

    @property
    def is_vertical(self) -> bool:
        """Whether viewers see it higher than wide."""
        return self.picture is not None and self.picture[1] > self.picture[0]

    @property
    def duration(self) -> timedelta | None:
        return None if self.duration_s is None else timedelta(seconds=self.duration_s)

    @property
    def fault(self) -> str:
        """Why it cannot be played, in the current language; empty when it can."""
        if self.trouble is None:
            return ""
        return {
            Fault.MISSING: _("the file is missing"),
            Fault.NOT_A_FILE: _("it is not a file"),
            Fault.FORBIDDEN: _("it may not be read; its permissions must be changed"),
            Fault.EMPTY: _("the file is empty"),
            Fault.NOT_A_VIDEO: _("it is not a video"),
            Fault.DAMAGED: _("it is damaged or incomplete"),
            Fault.STILL: _("it is a still picture, not a video"),
            Fault.NO_PICTURE: _("it has no picture, only sound"),
            Fault.UNDECODABLE: _("its picture cannot be decoded"),
            Fault.TRUNCATED: _(
                "it is incomplete: %(there)s of %(claimed)s seconds are there",
                there=f"{self.duration_s or 0:.0f}",
                claimed=f"{self.claimed_s or 0:.0f}",
            ),
            Fault.ZERO_DURATION: _("it has no duration"),
            Fault.UNREADABLE: _("it cannot be read"),
            Fault.NO_DECODER: _("OBS on this machine cannot play its codec (%(codec)s)", codec=self.video_codec or "?"),
        }[self.trouble]

    def media(self) -> Media:
        duration = None if self.trouble else self.duration
        return Media(self.path, duration, self.fault, self.picture, rotation=self.rotation)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> MediaFile:
        """The counterpart of `as_json`.

        Raises:
            TypeError, ValueError: `values` come from elsewhere.
        """
        trouble = values.get("trouble")
        return cls(**{**values, "trouble": None if trouble is None else Fault(trouble)})


def judged(file: MediaFile, **seen: Any) -> MediaFile:
    """`file` with what a reader has `seen` in it, and with the fault that follows from its durations."""
    values = {**file.as_json(), **seen}
    duration, claimed = values["duration_s"], values["claimed_s"]
    if values["trouble"] is None:
        if not duration or duration <= 0:
            values["trouble"] = Fault.ZERO_DURATION
        elif claimed is not None and claimed - values.pop("reaches_s", duration) > max(1.0, claimed / 10):
            values["trouble"] = Fault.TRUNCATED
    values.pop("reaches_s", None)
    return MediaFile(**values)

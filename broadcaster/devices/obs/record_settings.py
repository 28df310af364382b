"""Starting a recording under a name and in a folder of the service's own, in OBS's profile for a moment only.

OBS reads folder, name and format when a recording begins. They are put in, and the operator's own put back, within one
batch, which OBS works through to its end also when the service dies meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request, sleep
from broadcaster.devices.obs.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from broadcaster.devices.obs.connection import Connection

HAS_BEGUN = 700
"""Milliseconds after which OBS has read its profile. It needs 40."""

Parameter = tuple[str, str, str | None]
"""Category, name, value."""


def start(connection: Connection, folder: Path, name: str) -> None:
    """Begin to record into `folder`/`name`.mkv; OBS adds a number when there is such a file.

    mkv: a file that is cut off by a crash can be played.

    Raises:
        Refused: OBS does not record, or does already.
        Offline: see `Connection`.
    """
    ours = _ours(connection, folder, name)
    theirs = _read(connection, ours)
    begin = [*_write(ours), Request("StartRecord")]
    answers = connection.batch([*begin, sleep(HAS_BEGUN), *_write(theirs)])
    started = answers[len(begin) - 1]
    if isinstance(started, Refused):
        raise started


def _ours(connection: Connection, folder: Path, name: str) -> list[Parameter]:
    (_, _, mode), (_, _, kind) = _read(connection, [("Output", "Mode", None), ("AdvOut", "RecType", None)])
    naming: Parameter = ("Output", "FilenameFormatting", name)
    if mode == "Advanced" and kind == "FFmpeg":
        return [naming, ("AdvOut", "FFFilePath", str(folder))]
    category, path = ("AdvOut", "RecFilePath") if mode == "Advanced" else ("SimpleOutput", "FilePath")
    # RecFormat up to OBS 29.0, RecFormat2 since.
    return [naming, (category, path, str(folder)), (category, "RecFormat", "mkv"), (category, "RecFormat2", "mkv")]


def _read(connection: Connection, parameters: Sequence[Parameter]) -> list[Parameter]:
    answers = connection.batch(
        [
            Request("GetProfileParameter", {"parameterCategory": category, "parameterName": name})
            for category, name, _ in parameters
        ]
    )
    return [
        (category, name, None if isinstance(answer, Refused) else answer.get("parameterValue"))
        for (category, name, _), answer in zip(parameters, answers, strict=True)
    ]


def _write(parameters: Sequence[Parameter]) -> list[Request]:
    return [
        Request(
            "SetProfileParameter",
            {"parameterCategory": category, "parameterName": name, "parameterValue": value},
        )
        for category, name, value in parameters
    ]


def profile_kbps(connection: Connection) -> int | None:
    """The bitrate that the stream is set to; None where OBS does not tell (Advanced mode)."""
    (_, _, mode), (_, _, video), (_, _, audio) = _read(
        connection, [("Output", "Mode", None), ("SimpleOutput", "VBitrate", None), ("SimpleOutput", "ABitrate", None)]
    )
    if mode != "Simple" or not video or not video.isdecimal():
        return None
    return int(video) + (int(audio) if audio and audio.isdecimal() else 0)

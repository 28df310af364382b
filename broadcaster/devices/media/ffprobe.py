"""Reading a file with ffprobe, in a process of its own: slower, but no decoder can take the service down."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from typing import Any

from broadcaster.devices.media.media_file import Fault, MediaFile, judged

TIMEOUT = 60.0
_STREAMS = (
    "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,start_time,channels"
    ":stream_disposition=attached_pic,default"
    ":stream_side_data=rotation:stream_tags=rotate:format=format_name,duration,start_time"
)


class NoAnswer(Exception):  # noqa: N818  (it says nothing of the file)
    """ffprobe could not be run, or was given up or killed; another time it may answer."""


def inspect(file: MediaFile) -> MediaFile | None:
    """`file` with all that ffprobe can tell; None when there is no ffprobe.

    Raises:
        NoAnswer: it did not get to a judgement.
    """
    program = shutil.which("ffprobe")
    if program is None:
        return None
    found = _ask(program, file.path, "-show_entries", _STREAMS)
    if found is None or not found.get("streams"):
        return judged(file, trouble=Fault.NOT_A_VIDEO)
    streams = found["streams"]
    seen: dict[str, Any] = {
        "container": found["format"].get("format_name", ""),
        "claimed_s": _number(found["format"].get("duration")),
    }
    sounds = [stream for stream in streams if stream.get("codec_type") == "audio"]
    if sounds:
        sound = max(sounds, key=lambda each: each["disposition"]["default"])  # the first of the best
        seen |= {
            "audio_codec": sound.get("codec_name", "?"),
            "audio_stream": sound["index"],
            "channels": sound.get("channels", 0),
        }
    stream = next((s for s in streams if s.get("codec_type") == "video" and not s["disposition"]["attached_pic"]), None)
    if stream is None:
        return judged(file, **seen, trouble=Fault.NO_PICTURE if sounds else Fault.NOT_A_VIDEO)
    seen |= {
        "video_codec": stream.get("codec_name", ""),
        "width": stream.get("width", 0),
        "height": stream.get("height", 0),
        "pixel_aspect": _rate(str(stream.get("sample_aspect_ratio")).replace(":", "/")) or 1.0,
        "rotation": _rotation(stream),
        "fps": _rate(stream.get("avg_frame_rate")),
    }
    if seen["container"].endswith("_pipe") or "image2" in seen["container"]:
        return judged(file, **seen, trouble=Fault.STILL)
    select = ("-select_streams", str(stream["index"]))
    frame = _ask(program, file.path, *select, "-read_intervals", "%+#1", "-show_entries", "frame=pts_time")
    if frame is None or not frame.get("frames"):
        return judged(file, **seen, trouble=Fault.UNDECODABLE)
    packets = _ask(program, file.path, "-show_entries", "packet=stream_index,pts_time,duration_time")
    if packets is None:
        return judged(file, **seen, trouble=Fault.UNREADABLE)
    spans = [
        (packet["stream_index"], start, start + (_number(packet.get("duration_time")) or 0.0))
        for packet in packets.get("packets", [])
        if (start := _number(packet.get("pts_time"))) is not None
    ]
    picture = [(start, end) for index, start, end in spans if index == stream["index"]]
    if not picture:
        return judged(file, **seen, trouble=Fault.ZERO_DURATION)
    begin = min(start for start, _end in picture)
    origin = min(begin, _number(found["format"].get("start_time")) or 0.0)
    return judged(
        file,
        **seen,
        duration_s=round(max(end for _start, end in picture) - begin, 6),
        reaches_s=max(end for _index, _start, end in spans) - origin,
    )


def _ask(program: str, path: str, *what: str) -> dict[str, Any] | None:
    """The answer; None when ffprobe finds nothing in the file that it understands."""
    command = [program, "-v", "quiet", "-protocol_whitelist", "file", "-of", "json", *what, f"file:{path}"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoAnswer(str(error)) from error
    if answer.returncode < 0:
        raise NoAnswer(f"ffprobe was ended by signal {-answer.returncode}")
    try:
        found = json.loads(answer.stdout or b"{}")
    except ValueError as error:
        raise NoAnswer(str(error)) from error
    return found if isinstance(found, dict) and (answer.returncode == 0 or found) else None


def _rotation(stream: dict[str, Any]) -> int:
    for side_data in stream.get("side_data_list", []):
        if "rotation" in side_data:
            return int(side_data["rotation"]) % 360
    return 0


def _number(value: object) -> float | None:
    try:
        return None if value is None else float(str(value))
    except ValueError:
        return None


def _rate(value: object) -> float | None:
    try:
        return float(Fraction(str(value))) or None
    except (ValueError, ZeroDivisionError):
        return None

"""Videos made for tests with ffmpeg: small, short, and each with its own peculiarity."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4")
SOUND = ("-f", "lavfi", "-i", "sine=duration=4")
CODECS = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac")


def ffmpeg(*arguments: object) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True, stdin=subprocess.DEVNULL)


def half(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    return target


def video(target: Path, picture: str, sound: str | None, *more: object) -> Path:
    """A video of `picture` and `sound`, both in ffmpeg's filter language; `more` are options of the output."""
    heard = ("-f", "lavfi", "-i", sound) if sound else ()
    ffmpeg("-f", "lavfi", "-i", picture, *heard, *CODECS, *more, target)
    return target


def tone(seconds: float, decibels: float, hertz: int = 1000, layout: str = "stereo") -> str:
    """A sine whose peaks lie at so many dBFS, the same in all channels."""
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    wave = f"{10 ** (decibels / 20):.6f}*sin(2*PI*{hertz}*t)"
    return f"aevalsrc=exprs={'|'.join([wave] * channels)}:s=48000:d={seconds}:c={layout}"


def pattern(seconds: float, size: str = "160x90", rate: int = 25) -> str:
    return f"testsrc2=size={size}:rate={rate}:duration={seconds}"

"""Running ffmpeg on a video: as a process of its own, behind everything else on the machine, and never for ever."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading

LOOK = 0.2
"""Seconds between two looks at whether to stop."""


class Stopped(Exception):  # noqa: N818  (it was asked for)
    """The service ends, or the person has had enough."""


class Failed(Exception):  # noqa: N818  (it is about one file)
    """ffmpeg came to no result. str() says why; another time it may."""


class NoProgram(Failed):
    """There is no ffmpeg on this machine."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`out` is what was written to standard output, `log` the lines of standard error."""

    code: int
    out: bytes
    log: tuple[str, ...]

    @property
    def why(self) -> str:
        """The last that ffmpeg said."""
        return next((line.strip() for line in reversed(self.log) if line.strip()), f"exit {self.code}")


def ask(arguments: list[str], limit: float, stop: threading.Event) -> Answer:
    """Run ffmpeg with `arguments`, for at most `limit` seconds.

    Raises:
        Stopped: `stop` was set; the process is gone.
        Failed: it could not be run, took too long, or was killed.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise NoProgram("ffmpeg is missing")
    nice = [found, "-n", "19"] if (found := shutil.which("nice")) else []
    try:
        process = subprocess.Popen(
            [*nice, program, "-hide_banner", "-nostdin", "-nostats", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise Failed(f"ffmpeg: {error}") from error
    _give_way(process.pid)
    try:
        out, log = _wait(process, time.monotonic() + limit, stop)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if process.returncode < 0:
        raise Failed(f"ffmpeg was ended by signal {-process.returncode}")
    return Answer(process.returncode, out, tuple(log.decode(errors="replace").splitlines()))


def only_file(path: str) -> list[str]:
    """The input `path`. A file that only refers to others must not reach out to the network."""
    return ["-protocol_whitelist", "file", "-i", f"file:{path}"]


def _wait(process: subprocess.Popen[bytes], deadline: float, stop: threading.Event) -> tuple[bytes, bytes]:
    while True:
        if stop.is_set():
            raise Stopped
        try:
            return process.communicate(timeout=LOOK)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise Failed("ffmpeg took too long") from None


def _give_way(pid: int) -> None:
    """Let OBS go before it. Linux shares the cores among sessions first, and niceness counts within a session only."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("19", "ascii")

"""A streaming server of the bench's own: it takes OBS's RTMP stream and keeps it as it came, without decoding it."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

KEY = "expo"


class Receiver:
    """One RTMP address. Each stream that comes is one recording; after its end the next one is waited for.

    Used in a `with`, it listens at once, and ends its ffmpeg on leaving. `kill` and `listen` are the server's death
    and return, on the same port; a recording that was cut off is readable to its end.

    Args:
        folder: where the recordings go: `received-1.mkv` and so on. Made when missing.
        port: of the loopback address; by default a free one.

    """

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or _free_port()
        self.recordings: list[Path] = []
        """In order of their beginning; those not yet begun are not there."""
        self._ffmpeg: subprocess.Popen[bytes] | None = None
        self._made = 0

    @property
    def server(self) -> str:
        """What OBS calls the server of a custom service; the stream key is KEY."""
        return f"rtmp://127.0.0.1:{self.port}/live"

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def listen(self, within: float = 5.0) -> None:
        """Wait for a stream; returns once a connection would be taken. While one is taken already: nothing.

        Raises:
            RuntimeError: ffmpeg is missing, or doesn't listen within so many seconds.
        """
        if self._ffmpeg is not None and self._ffmpeg.poll() is None:
            return
        self._keep()
        ffmpeg = shutil.which("ffmpeg")
        if ffmpeg is None:
            raise RuntimeError("ffmpeg is missing; it receives the stream. On Debian: apt-get install ffmpeg")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._made += 1
        with (self.folder / "receiver.log").open("ab") as log:
            self._ffmpeg = subprocess.Popen(
                [
                    *(ffmpeg, "-nostdin", "-v", "warning", "-listen", "1", "-f", "flv", "-i", f"{self.server}/{KEY}"),
                    # OBS's own time stamps, and on disk at once: a recording that is killed is one too.
                    *("-c", "copy", "-copyts", "-flush_packets", "1", "-cluster_time_limit", "500"),
                    *("-f", "matroska", "-y", f"file:{self._path}"),
                ],
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + within
        while not self._listens():
            if time.monotonic() > deadline or self._ffmpeg.poll() is not None:
                raise RuntimeError(f"No receiver on port {self.port}; see {self.folder / 'receiver.log'}.")
            time.sleep(0.02)

    def kill(self) -> None:
        """As a crash does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the recording in order."""
        self._end(signal.SIGINT)

    def wait(self, within: float = 10.0) -> Path:
        """The recording of a stream that its sender has ended, or ends within so many seconds.

        Raises:
            subprocess.TimeoutExpired: it goes on.
            RuntimeError: nothing came.
        """
        if self._ffmpeg is not None:
            self._ffmpeg.wait(within)
            self._ffmpeg = None
            self._keep()
        if not self.recordings:
            raise RuntimeError(f"Nothing was received on port {self.port}; see {self.folder / 'receiver.log'}.")
        return self.recordings[-1]

    @property
    def _path(self) -> Path:
        return self.folder / f"received-{self._made}.mkv"

    def _keep(self) -> None:
        with contextlib.suppress(OSError):
            if self._made and self._path not in self.recordings and self._path.stat().st_size:
                self.recordings.append(self._path)

    def _end(self, number: signal.Signals) -> None:
        process, self._ffmpeg = self._ffmpeg, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()  # one that still waits for its first connection doesn't hear SIGINT
            process.wait()
        self._keep()

    def _listens(self) -> bool:
        """Asked of the kernel: a connection, even one that says nothing, would be taken for the stream."""
        local = f"0100007F:{self.port:04X}"
        with open("/proc/net/tcp", encoding="ascii") as sockets:  # noqa: PTH123  (not a file on disk)
            return any(line.split()[1] == local and line.split()[3] == "0A" for line in sockets)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])

"""A real OBS of the bench's own that streams to a receiver, and what the work costs it."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.received.receiver import KEY, Receiver
from broadcaster.devices.obs import PrivateObs
from broadcaster.devices.obs.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from broadcaster.ports import Json

CANVAS = (640, 360)
"""Two cores without a graphics card can draw and encode this; the switches are what is measured, not the pixels."""

FPS = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What a run cost OBS.

    Args:
        seconds: that it took.
        cpu: of OBS's process, % of one core.
        rendered: frames, and of them `late_renders` that OBS's compositor was too slow for.
        encoded: frames, and of them `skipped_encodes` that the encoder was too slow for.
        machine: % of all cores that were in use, by whomever: the noise that the run was measured in.

    """

    seconds: float
    cpu: float
    rendered: int
    late_renders: int
    encoded: int
    skipped_encodes: int
    machine: float


class Stage:
    """OBS under `folder`/var/obs, where a service whose configuration lies in `folder` adopts it."""

    def __init__(self, folder: Path, receiver: Receiver, port: int | None = None) -> None:
        self.folder = folder
        self.receiver = receiver
        self.port = port or free_port()
        self.obs = PrivateObs(folder / "var" / "obs", self.port, canvas=CANVAS, fps=FPS, headless=True)
        self._connection: Connection | None = None
        self._before: tuple[float, float, float, float, Json] | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = Connection(self.obs.address)
            self._connection.ready()
        return self._connection

    def start(self) -> None:
        self.obs.startup()

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self.obs.stop()

    @contextlib.contextmanager
    def streaming(self, within: float = 10.0) -> Iterator[None]:
        """OBS streams to the receiver meanwhile; `receiver.wait()` then has the recording.

        Raises:
            RuntimeError: the stream doesn't start within so many seconds.
        """
        self.receiver.listen()
        self.connection.call(
            "SetStreamServiceSettings",
            streamServiceType="rtmp_custom",
            streamServiceSettings={"server": self.receiver.server, "key": KEY, "use_auth": False},
        )
        self.connection.call("StartStream")
        deadline = time.monotonic() + within
        while not (status := self.connection.call("GetStreamStatus"))["outputActive"] or not status["outputBytes"]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"OBS doesn't stream; see {self.obs.log_file}.")
            time.sleep(0.1)
        try:
            yield
        finally:
            self.connection.call("StopStream")

    def begin_load(self) -> None:
        self._before = self._readings()

    def load(self) -> Load:
        """Since `begin_load`."""
        assert self._before is not None
        at, cpu, busy, total, stats = self._before
        at_now, cpu_now, busy_now, total_now, stats_now = self._readings()

        def grown(key: str) -> int:
            return int(stats_now[key] - stats[key])

        return Load(
            seconds=at_now - at,
            cpu=100 * (cpu_now - cpu) / (at_now - at),
            rendered=grown("renderTotalFrames"),
            late_renders=grown("renderSkippedFrames"),
            encoded=grown("outputTotalFrames"),
            skipped_encodes=grown("outputSkippedFrames"),
            machine=100 * (busy_now - busy) / (total_now - total),
        )

    def _readings(self) -> tuple[float, float, float, float, Json]:
        """Now; OBS's seconds of processor; the machine's busy and total ticks; GetStats."""
        fields = Path(f"/proc/{self.obs.pid}/stat").read_text("ascii").rpartition(") ")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        cores = [int(each) for each in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:9]]
        idle = cores[3] + cores[4]
        return (
            time.monotonic(),
            ticks / os.sysconf("SC_CLK_TCK"),
            sum(cores) - idle,
            sum(cores),
            self.connection.call("GetStats"),
        )


@contextlib.contextmanager
def on_stage(folder: Path) -> Iterator[Stage]:
    """A stage under `folder`, with OBS running and the receiver listening."""
    with Receiver(folder / "received") as receiver:
        stage = Stage(folder, receiver)
        stage.start()
        try:
            yield stage
        finally:
            stage.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])

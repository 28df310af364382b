"""Processes that are certainly ours, also those that an earlier run of the service started."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal

BORN_WITHIN = 0.5
"""Seconds that a program which was just begun may take to have an environment."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process by pid and start time (/proc/PID/stat, clock ticks): a pid used again is somebody else's."""

    pid: int
    started: int
    _child: subprocess.Popen[bytes] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of_child(cls, child: subprocess.Popen[bytes]) -> Process:
        return cls(child.pid, _start_time(child.pid) or 0, child)

    @classmethod
    def read(cls, pid_file: Path, home: Path) -> Process | None:
        """The process that `pid_file` names, if it is alive and its HOME is `home`; None otherwise."""
        try:
            content = json.loads(pid_file.read_text())
            process = cls(int(content["pid"]), int(content["started"]))
            environment = process._environment()
        except (OSError, ValueError, KeyError, TypeError):
            return None
        is_ours = f"HOME={home}".encode() in environment and process.alive()
        return process if is_ours else None

    def _environment(self) -> list[bytes]:
        """Raises OSError when there is no such process."""
        deadline = time.monotonic() + BORN_WITHIN
        # Linux shows a program that has just begun with an empty one, until its stack is set up (mm->env_end).
        while not (content := Path(f"/proc/{self.pid}/environ").read_bytes()) and self.alive():
            if time.monotonic() > deadline:
                break
            time.sleep(0.001)
        return content.split(b"\0")

    def write(self, pid_file: Path) -> None:
        temporary = pid_file.with_suffix(".new")
        temporary.write_text(json.dumps({"pid": self.pid, "started": self.started}))
        temporary.replace(pid_file)

    def alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return _start_time(self.pid) == self.started

    @property
    def is_child(self) -> bool:
        """Whether this very process of the service started it."""
        return self._child is not None

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - self.started / os.sysconf("SC_CLK_TCK")

    def signal(self, number: signal.Signals) -> None:
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """True once it has ended, False after `seconds`."""
        deadline = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def _start_time(pid: int) -> int | None:
    """None for a process that is gone, or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None
    return None if fields[0] in {"Z", "X"} else int(fields[19])

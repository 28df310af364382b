"""A private OBS of the service's own: own configuration, port and display, and nobody at its mouse."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from typing import IO, TYPE_CHECKING

from broadcaster.devices.obs import private_config, xauthority
from broadcaster.devices.obs.connection import Address, Connection
from broadcaster.devices.obs.errors import BadPassword, LaunchFailed, Offline
from broadcaster.devices.obs.process import Process
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

ANSWER_WITHIN = 30.0
"""Seconds that a started OBS has until its websocket answers. It needs 1 to 5; after this it never will."""

PORT_WITHIN = 3.0
ATTEMPTS = 3

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 60.0
"""An OBS that lived this many seconds starts the back-off anew."""


class PrivateObs:
    """Starts, adopts, restarts and stops one OBS whose home is `home`.

    Not thread-safe. Nothing runs in the background: whoever supervises calls `keep_running` now and then.
    An OBS that a killed service left behind goes on playing, and is adopted by the next one.

    Args:
        home: OBS's HOME and all else that it writes. Made when missing, for the owner only.
        password: of its websocket; without one, a random one is kept in `home`.
        headless: use an Xvfb even where there is a display.
        answer_within: seconds that an OBS has from its start until its websocket answers.

    """

    def __init__(
        self,
        home: Path,
        port: int = 4455,
        *,
        password: str | None = None,
        canvas: tuple[int, int] = (1280, 720),
        fps: int = 30,
        headless: bool = False,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self.home = home.absolute()
        self.canvas = canvas
        self.fps = fps
        self.answer_within = answer_within
        self._headless = headless or not os.environ.get("DISPLAY")
        self._port = port
        self._password = password
        self._obs: Process | None = None
        self._display: Process | None = None
        self._started = 0.0
        self._pause = 0.0
        self._stopped = False

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self._port, self.password)

    @property
    def password(self) -> str:
        if self._password is None:
            self._password = self._kept_password()
        return self._password

    @property
    def pid(self) -> int | None:
        """Of OBS, while it lives."""
        return self._obs.pid if self._obs and self._obs.alive() else None

    @property
    def log_file(self) -> Path:
        return self.home / "obs.log"

    @property
    def _display_key(self) -> Path:
        return self.home / "xauthority"

    def startup(self) -> None:
        """Return once the websocket answers.

        Raises:
            LaunchFailed: with what to do about it; nothing that was started here is left running then.
        """
        self._stopped = False
        self._pause = 0.0
        try:
            self.keep_running()
            self._wait_for_answer()
        except BaseException:
            # An OBS that was here before may be on air: it is left to whoever runs it.
            if self._obs is None or self._obs.is_child or not self._obs.alive():
                self.stop()
            raise

    def _wait_for_answer(self) -> None:
        attempts = 1
        while not self._answers():
            if self.pid is None:
                if attempts == ATTEMPTS:
                    raise LaunchFailed(_("OBS ended at once; its last words are in %(log)s.", log=self.log_file))
                # One that was dying when we looked; or a first start that crashed, which happens to graphics drivers.
                attempts += 1
                self._pause = 0.0
                self.keep_running()
            elif self.running_for > self.answer_within:
                if self._obs and self._obs.is_child:
                    raise LaunchFailed(_("OBS runs but its websocket does not answer; see %(log)s.", log=self.log_file))
                self.restart("it does not answer")
                self._pause = 0.0
                self.keep_running()
            time.sleep(0.1)

    def keep_running(self) -> bool:
        """Start OBS when it is not running and its back-off has passed. True while it runs.

        Returns within a second, or 20 when it has to end an OBS that hangs. One that another service has just started
        is taken over while it still starts.

        Raises:
            LaunchFailed: a program is missing, the port is taken, or nothing can be written into its home.
        """
        if self._stopped:
            return False
        if self.pid is not None:
            if time.monotonic() - self._started > STEADY_AFTER:
                self._pause = 0.0
            return True
        if time.monotonic() < self._started + self._pause:
            return False
        if self._pause:
            log.warning("The private OBS has ended; starting it again.")
        self._pause = min(max(self._pause * 2, SHORTEST_PAUSE), LONGEST_PAUSE)
        self._started = time.monotonic()
        try:
            with self._alone():
                if not self._adopt():
                    self._start()
        except OSError as error:
            raise LaunchFailed(_("OBS cannot be started in %(home)s: %(why)s", home=self.home, why=error)) from error
        return True

    @property
    def running_for(self) -> float:
        """Seconds since it was started, or adopted when it answered already."""
        return time.monotonic() - self._started

    def restart(self, why: str) -> None:
        """Kill an OBS that no longer works; `keep_running` brings up the next."""
        log.warning("Restarting the private OBS: %s", why)
        self._end(self._obs, patience=0.5)

    def stop(self) -> None:
        """End OBS and its display, politely first. Only what this home's pid files name is touched."""
        self._stopped = True
        self._find()
        self._end(self._obs, patience=8.0)
        self._end(self._display, patience=2.0)
        for name in ("obs.pid", "xvfb.pid"):
            (self.home / name).unlink(missing_ok=True)
        self._obs = self._display = None

    def _end(self, process: Process | None, patience: float) -> None:
        if process is None:
            return
        # OBS 29 to 32.0 take SIGTERM for a crash, SIGINT for a farewell.
        for number, wait in ((signal.SIGINT, patience), (signal.SIGKILL, 5.0)):
            process.signal(number)
            if process.wait(wait):
                return
        log.error("Process %d does not end.", process.pid)

    def _find(self) -> None:
        # Another service may have started the next one meanwhile.
        if self._obs is None or not self._obs.alive():
            self._obs = Process.read(self.home / "obs.pid", self.home)
        if self._display is None or not self._display.alive():
            self._display = Process.read(self.home / "xvfb.pid", self.home)

    def _adopt(self) -> bool:
        """Take over what an earlier service left running here, or end it when it is of no use."""
        self._find()
        if self._obs and self._obs.alive():
            if self._answers():
                log.debug("Adopted the private OBS that was running already (pid %d).", self._obs.pid)
                return True
            age = self._obs.age
            if age < self.answer_within:
                log.info("An OBS is being started here already (pid %d).", self._obs.pid)
                self._started = time.monotonic() - age
                return True
            self._end(self._obs, patience=5.0)
        return False

    def _answers(self) -> bool:
        try:
            connection = Connection(self.address, timeout=2.0)
        except BadPassword as error:
            raise LaunchFailed(
                _("Another OBS listens on port %(port)s. Give the private one a port of its own.", port=self._port)
            ) from error
        except Offline:
            return False
        try:
            connection.ready(within=2.0)
        except Offline:
            return False
        finally:
            connection.close()
        return True

    def _start(self) -> None:
        self._require_port()
        display = self._require_display()
        private_config.write(self.home, port=self._port, password=self.password, canvas=self.canvas, fps=self.fps)
        runtime = self.home / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        environment = {
            name: value for name in ("PATH", "LANG", "TZ", "XAUTHORITY") if (value := os.environ.get(name)) is not None
        } | {"HOME": str(self.home), "XDG_RUNTIME_DIR": str(runtime), "DISPLAY": display}
        if self._headless:
            environment |= {
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "QT_QPA_PLATFORM": "xcb",
                "XAUTHORITY": str(self._display_key),
            }
        with self._log() as output:
            self._obs = self._spawn(
                "obs.pid",
                [
                    "obs",
                    "--multi",
                    "--minimize-to-tray",
                    "--disable-updater",
                    "--disable-missing-files-check",
                    "--collection",
                    private_config.COLLECTION,
                    "--profile",
                    private_config.PROFILE,
                ],
                environment,
                output,
            )

    def _require_port(self) -> None:
        # The threads of an OBS that was killed hold its port a little longer than it lives.
        deadline = time.monotonic() + PORT_WITHIN
        while not self._port_is_free():
            if time.monotonic() > deadline:
                raise LaunchFailed(
                    _("Port %(port)s is taken by another program. Set [obs] port to a free one.", port=self._port)
                )
            time.sleep(0.1)

    def _port_is_free(self) -> bool:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self._port))
            except OSError:
                return False
        return True

    def _require_display(self) -> str:
        if not self._headless:
            return os.environ["DISPLAY"]
        number = self.home / "xvfb.display"
        self._find()
        if self._display and self._display.alive():
            with contextlib.suppress(OSError, ValueError):
                return f":{int(number.read_text())}"
            self._end(self._display, patience=2.0)
        xauthority.write(self._display_key)
        reading, writing = os.pipe()
        width, height = self.canvas
        with self._log() as output, open(reading) as answer:  # noqa: PTH123  (a file descriptor)
            try:
                # Xvfb finds a free display itself and tells which: no race with another one.
                self._display = self._spawn(
                    "xvfb.pid",
                    [
                        *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
                        *("+extension", "GLX", "-nolisten", "tcp", "-noreset"),
                        *("-auth", str(self._display_key)),
                    ],
                    {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.home)},
                    output,
                    pass_fds=(writing,),
                )
            finally:
                os.close(writing)
            shown = answer.readline().strip()
        if not shown:
            raise LaunchFailed(_("Xvfb did not start; its last words are in %(log)s.", log=self.log_file))
        number.write_text(shown)
        return f":{shown}"

    def _spawn(
        self,
        pid_file: str,
        command: list[str],
        environment: dict[str, str],
        output: IO[bytes],
        pass_fds: tuple[int, ...] = (),
    ) -> Process:
        program = shutil.which(command[0])
        if program is None:
            raise LaunchFailed(
                _(
                    "%(program)s is not installed. On Debian: apt install obs-studio xvfb.",
                    program=command[0],
                )
            )
        # A session of its own: Ctrl-C in the service's terminal is for the service, which then stops OBS in order.
        child = subprocess.Popen(
            [program, *command[1:]],
            env=environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            pass_fds=pass_fds,
        )
        process = Process.of_child(child)
        try:
            process.write(self.home / pid_file)
        except OSError:
            # Nobody could find it again.
            self._end(process, patience=2.0)
            raise
        return process

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One starter at a time, also across processes."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _log(self) -> Iterator[IO[bytes]]:
        if self.log_file.exists() and self.log_file.stat().st_size > 5_000_000:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        with self.log_file.open("ab") as output:
            yield output

    def _kept_password(self) -> str:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.home / "websocket-password"
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text().strip()

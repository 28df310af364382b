"""OBS as the studio: wishes in, facts out, one worker thread in between."""

from __future__ import annotations

import contextvars
import logging
import queue
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster import config
from broadcaster.devices.obs.backoff import Backoff
from broadcaster.devices.obs.connection import Address
from broadcaster.devices.obs.director import Superseded
from broadcaster.devices.obs.errors import Frozen, ObsError, Offline, Refused
from broadcaster.devices.obs.events import MediaEnded, SceneChanged
from broadcaster.devices.obs.link import Inbox, Link, Lost, Message, Wake
from broadcaster.devices.obs.names import Names
from broadcaster.devices.obs.outcomes import Memory
from broadcaster.devices.obs.outputs import Outputs
from broadcaster.devices.obs.scenes import MissingScene
from broadcaster.language import gettext as _
from broadcaster.ports import StudioHealth
from broadcaster.show.messages import SceneTakenByHand, StudioConnected, StudioLost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from broadcaster.devices.obs.launch import PrivateObs
    from broadcaster.pictures import Pictures
    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event
    from broadcaster.show.outputs import OutputsWanted
    from broadcaster.show.studio import Target, TargetId, ThinScene

log = logging.getLogger(__name__)

LEAD = timedelta(milliseconds=400)
"""A wish for an instant has to be here that much earlier: a video that is not ready yet takes 0.2 s to load, and the
frame is waited for."""

SCREENSHOT_WITHIN = 2.0
HANGS_AFTER = 2.0
"""Seconds without an answer, beyond the time-out that ended the connection, after which a private OBS is replaced."""


class ObsStudio:
    """`ports.Studio` on a real OBS.

    Args:
        pictures: makes those for viewers, for a canvas of so many pixels; OBS must see them and the videos under the
            same paths.
        password: of obs-websocket; not needed with a launcher.
        launcher: the private OBS to start and to keep running; without one, OBS is somebody else's.
        pages: where the overlay pages are served, if OBS shall show these where it can.
        outputs: stream and recording; without it they are only watched.

    """

    def __init__(
        self,
        settings: config.Obs,
        clock: Clock,
        pictures: Callable[[tuple[int, int]], Pictures],
        password: str | None = None,
        *,
        launcher: PrivateObs | None = None,
        pages: str = "",
        outputs: Outputs | None = None,
    ) -> None:
        self._names = Names(settings.prefix)
        self._clock = clock
        self._pictures, self._pages = pictures, pages
        self._launcher = launcher
        self._outputs = outputs or Outputs(clock, config.Stream(), config.Recording())
        self._address = Address(settings.host, settings.port, password or "")
        self._memory = Memory()
        self._inbox: Inbox = queue.SimpleQueue()
        self._post: Callable[[Event], None] = lambda _event: None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        # Below: shared, under the lock.
        self._wish: Target | None = None
        self._released = False
        self._thin: tuple[ThinScene, ...] = ()
        # Below: written by the worker alone, read anywhere.
        self._link: Link | None = None
        self._stopping = False
        self._detail = ""
        # Below: the worker's own.
        self._taken: Target | None = None
        self._dressed: Target | None = None
        self._to_build: list[ThinScene] = []
        self._mute_since: float | None = None
        self._mending = Backoff()
        self._refusal = ""
        self._was_connected: bool | None = None

    # -- the port

    @property
    def lead(self) -> timedelta:
        return LEAD

    def start(self, post: Callable[[Event], None]) -> None:
        self._post = post
        self._outputs.post = self._post_safely
        # A thread starts in an empty context; what it writes for people is in the service's language.
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="obs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._inbox.put(Wake())
        if self._thread is not None:
            self._thread.join(10.0)
            if self._thread.is_alive():
                log.warning("The OBS worker does not end.")

    def prepare(self, scenes: Sequence[ThinScene]) -> None:
        with self._lock:
            self._thin = tuple(scenes)
            self._to_build = list(scenes)
        self._inbox.put(Wake())

    def want(self, target: Target, reason: str) -> None:
        log.debug("Wanted %s (%s): %s", target.id, target.scene, reason)
        with self._lock:
            self._wish = target
            self._released = False
        self._inbox.put(Wake())

    def release(self, reason: str) -> None:
        log.info("Hands off OBS: %s", reason)
        with self._lock:
            self._released = True
        self._inbox.put(Wake())

    def want_outputs(self, outputs: OutputsWanted) -> None:
        self._outputs.wanted = outputs
        link = self._link
        if link is not None:
            link.monitor.look()

    def health(self) -> StudioHealth:
        link = self._link
        if link is None:
            state = "connecting" if self._was_connected is None else "offline"
            return StudioHealth(state, detail=self._detail)
        readings = link.monitor.readings
        return StudioHealth(
            "yielded" if self._released else "connected",
            program_scene=link.hands.scene,
            streaming=readings.streaming if readings else None,
            recording=readings.recording if readings else None,
            version=link.version,
            fps=readings.fps if readings else None,
            skipped_frames=readings.skipped_frames if readings else None,
            cpu_percent=readings.cpu_percent if readings else None,
            stream=self._outputs.numbers.stream,
            recorded=self._outputs.numbers.recorded,
            alarms=self._outputs.alarms.raised,
        )

    def screenshot(self, width: int = 640, scene: str = "") -> bytes | None:
        link = self._link
        return None if link is None else link.monitor.screenshot(width, SCREENSHOT_WITHIN, scene)

    # -- the worker

    def _run(self) -> None:
        backoff = Backoff()
        while not self._stopping:
            began = time.monotonic()
            try:
                self._link = self._connect()
                self._tell_connected(self._link)
                self._serve(self._link)
            except ObsError as error:
                self._tell_lost(str(error))
            except Exception as error:
                log.exception("The OBS worker failed; it starts anew.")
                self._tell_lost(str(error))
            finally:
                self._disconnect()
            self._idle(backoff.next(began, time.monotonic()))

    def _connect(self) -> Link:
        if self._launcher is not None:
            if not self._launcher.keep_running():
                raise Offline(_("the private OBS is not running"))
            self._address = self._launcher.address
        try:
            link = Link.open(
                self._address,
                self._inbox,
                names=self._names,
                pictures=self._pictures,
                pages=self._pages,
                clock=self._clock,
                memory=self._memory,
                post=self._post_safely,
                pause=self._pause,
                outputs=self._outputs,
            )
        except Offline:
            self._restart_if_mute()
            raise
        self._mute_since = None
        return link

    def _restart_if_mute(self) -> None:
        """A private OBS that lives and does not answer: it never came up, or it hangs."""
        if self._launcher is None:
            return
        age = self._launcher.running_for
        mute = time.monotonic() - self._mute_since if self._mute_since is not None else age
        has_answered = mute < age
        if mute > HANGS_AFTER if has_answered else age > self._launcher.answer_within:
            self._launcher.restart("it does not answer")

    def _disconnect(self) -> None:
        link, self._link = self._link, None
        self._taken = self._dressed = None
        if link is not None:
            self._mute_since = time.monotonic()
            try:
                link.close()
            except Exception:
                log.exception("The connection to OBS could not be closed; it is left to itself.")

    def _serve(self, link: Link) -> None:
        link.setup()
        with self._lock:
            self._to_build = list(self._thin)
        while not self._stopping:
            if not link.feed.alive:
                raise Offline(_("the event socket is gone"))
            try:
                self._follow(link)
                untold = link.director.watch(time.monotonic())
                if untold is not None:
                    self._inbox.put(untold)
                wait = 0.0 if self._build_one(link) else link.director.next_due(time.monotonic())
            except Superseded:
                continue
            except Refused as error:
                wait = self._mend(link, error)
            self._take_in(wait)

    def _mend(self, link: Link, error: Refused) -> float:
        """Set up again what is missing. Seconds until the next try; wishes and events do not wait for it."""
        now = time.monotonic()
        if str(error) != self._refusal:
            self._refusal = str(error)
            log.warning("OBS refuses: %s", error)
        if error.passes:
            # Somebody removed something of ours, or the scene collection was changed: make it anew.
            link.setup()
            self._taken = self._dressed = None
        return self._mending.next(now, time.monotonic())

    def _follow(self, link: Link) -> None:
        with self._lock:
            target = None if self._released else self._wish
        if target is None:
            return
        if self._taken is None or self._taken.id != target.id:
            # Neither is on air for certain until it has been taken to the end.
            self._taken = None
            link.director.take(target)
            self._taken = target
        if self._dressed != target:
            # Once, also when OBS refuses: no refusal may keep the video on air from being watched.
            self._dressed = target
            link.director.dress(target)
        link.director.cue(target)

    def _build_one(self, link: Link) -> bool:
        """One thin scene at a time, so that a switch never waits for a whole day's. True while there is more to do."""
        with self._lock:
            if not self._to_build:
                return False
            scene = self._to_build[0]
            current = self._wish
        if current is None or current.scene != scene.name:
            try:
                link.rig.scenes.thin(scene, shows_program=scene.operator_scene is None)
            except MissingScene as error:
                log.warning("%s", error)
            except Refused as error:
                if error.passes:
                    raise
                log.warning("The scene %r cannot be made: %s", self._names.thin(scene.name), error)
        with self._lock:
            if self._to_build and self._to_build[0] is scene:
                self._to_build.pop(0)
            keep = {self._names.thin(each.name) for each in self._thin}
            done = not self._to_build
            if self._wish is not None:
                keep.add(self._names.thin(self._wish.scene))
        if done:
            link.rig.scenes.remove_stale(keep, link.hands.scene)
        return not done

    # -- what comes in

    def _take_in(self, wait: float) -> None:
        """Wait for messages up to `wait` seconds; handle all that are there."""
        try:
            message = self._inbox.get(timeout=wait) if wait > 0 else self._inbox.get_nowait()
            while True:
                self._handle(message)
                message = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _handle(self, message: Message) -> None:
        link = self._link
        if link is None:
            return
        match message:
            case Lost(error=error, mark=mark):
                if mark is link.mark:
                    # One that only does not answer may be busy: `_restart_if_mute` finds out.
                    if self._launcher is not None and isinstance(error, Frozen):
                        self._launcher.restart(str(error))
                    raise error
            case SceneChanged() | MediaEnded():
                if link.director.handle(message) and isinstance(message, SceneChanged):
                    self._taken_by_hand(message)
            case Wake():
                pass

    def _taken_by_hand(self, change: SceneChanged) -> None:
        with self._lock:
            self._released = True
            items = {self._names.thin(each.name): each.item for each in self._thin}
        self._taken = None
        log.info("Somebody changed OBS's program scene to %r.", change.scene)
        self._post_safely(
            SceneTakenByHand(
                change.at,
                change.scene,
                items.get(change.scene),
                is_standby=change.scene in {self._names.standby, *self._memory.standby_scenes},
            )
        )

    def _pause(self, seconds: float, target: TargetId) -> None:
        """Take in what comes for so many seconds, unless something else than `target` is wanted."""
        until = time.monotonic() + seconds
        while True:
            with self._lock:
                if self._released or (self._wish and self._wish.id != target):
                    raise Superseded
            wait = until - time.monotonic()
            if wait <= 0 or self._stopping:
                return
            self._take_in(wait)

    def _idle(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (wait := until - time.monotonic()) > 0 and not self._stopping:
            self._take_in(wait)

    # -- what goes out

    def _tell_connected(self, link: Link) -> None:
        self._detail = ""
        self._was_connected = True
        log.debug("Connected to OBS %s.", link.version)
        self._post_safely(StudioConnected(self._clock.now(), link.version))

    def _tell_lost(self, why: str) -> None:
        self._detail = why
        if self._was_connected is not False:
            log.warning("OBS is not there: %s", why)
            # Also when it never was there: the operator must hear of it before the show, not at its first item.
            self._post_safely(StudioLost(self._clock.now(), why))
            self._was_connected = False

    def _post_safely(self, event: Event) -> None:
        try:
            self._post(event)
        except Exception:
            log.exception("An event could not be handed over: %r", event)

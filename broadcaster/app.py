"""Builds the service, starts it, and stops it in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadcaster import language
from broadcaster.agenda import Agenda
from broadcaster.conductor import Conductor
from broadcaster.config import FROM_YOUTUBE
from broadcaster.control_room import Room
from broadcaster.devices.clock import SystemClock
from broadcaster.devices.links import LinkProbe
from broadcaster.devices.machine import Machine
from broadcaster.devices.media import MediaProbe, Thumbnails
from broadcaster.devices.obs import Address, ObsStudio, Outputs, PrivateObs
from broadcaster.devices.rehearsal import RehearsalStudio
from broadcaster.devices.youtube import channel_for
from broadcaster.editing import Editor, Record, ShowFiles
from broadcaster.last_good import LastGood
from broadcaster.measuring import Measuring
from broadcaster.pictures import Pictures
from broadcaster.pictures.theme import themes_of
from broadcaster.ports import Change
from broadcaster.running_files import RunningFiles
from broadcaster.schedule_files.folders import media_folder
from broadcaster.schedule_files.reading import DESCRIPTION
from broadcaster.show import snapshot
from broadcaster.show.as_run import Outcome
from broadcaster.show.broadcasts import day_parts
from broadcaster.show.messages import RundownLoaded, Tell, Ticked
from broadcaster.show.outputs import OutputPolicy
from broadcaster.show.state import initial, resumed
from broadcaster.store import SqlAccess, SqlStore
from broadcaster.trying import Trying
from broadcaster.web import create_app, serve
from broadcaster.web.osc import OscPanel
from broadcaster.web.upload_files import Places
from broadcaster.web.variables import Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from broadcaster.config import Settings
    from broadcaster.ports import Channel, Studio, StudioHealth
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.rundown import Rundown
    from broadcaster.show.state import State
    from broadcaster.web import WebServer

log = logging.getLogger(__name__)

OVERLAYS = Path(__file__).parent.parent / "overlays"
JOURNAL_KEPT = timedelta(days=90)
DEEDS_KEPT = timedelta(days=400)
REHEARSED = "~rehearsal"
"""Ends the name under which a rehearsal is stored, so that it never mixes with the show itself."""


def private_obs(settings: Settings, *, headless: bool = False) -> PrivateObs:
    """The service's own OBS; the same one for every command with these settings."""
    secret = settings.obs.password
    width, height = settings.obs.canvas.split("x")
    return PrivateObs(
        settings.state_dir / "obs",
        settings.obs.port,
        password=secret.get_secret_value() if secret else None,
        canvas=(int(width), int(height)),
        fps=settings.obs.fps,
        headless=headless,
    )


def obs_password(settings: Settings) -> str:
    """obs-websocket's password: from the environment, else the one that the private OBS keeps for its owner."""
    if settings.obs.password is not None:
        return settings.obs.password.get_secret_value()
    kept = settings.state_dir / "obs" / "websocket-password"
    return kept.read_text("utf-8").strip() if kept.exists() else ""


def obs_address(settings: Settings) -> Address:
    return Address(settings.obs.host, settings.obs.port, obs_password(settings))


def pictures_of(settings: Settings, brand: str) -> Callable[[tuple[int, int]], Pictures]:
    """Makes the pictures for viewers, in the show's own look, for a canvas of so many pixels."""
    return lambda canvas: Pictures(settings.state_dir / "pictures", canvas, brand, themes_of(settings.show))


def pages_of(settings: Settings) -> str:
    """Where OBS finds the overlay pages; empty when it shall show pictures."""
    web = settings.web
    if settings.overlays.show == "pictures" or web.port == 0:
        return ""
    host = "127.0.0.1" if web.host in {"0.0.0.0", "::", "localhost"} else web.host  # noqa: S104  (compared, not bound)
    return f"http://{host}:{web.port}/overlays/"


def output_policy(settings: Settings) -> OutputPolicy:
    return OutputPolicy(
        stream=settings.stream.start == "day",
        recording=settings.recording.mode == "day",
        before=timedelta(minutes=settings.stream.before),
        after=timedelta(minutes=settings.stream.after),
    )


class Service:
    """One running show. `start` returns once the show runs and the page answers; `stop` undoes it in reverse."""

    conductor: Conductor

    def __init__(
        self, settings: Settings, *, rehearsal: bool = False, fresh: bool = False, headless: bool = False
    ) -> None:
        language.use(settings.language)
        self.settings = settings
        self.clock = SystemClock()
        self.probe = MediaProbe.kept_in(settings.state_dir, own_obs=settings.obs.launch)
        self.show = settings.show.name + (REHEARSED if rehearsal else "")
        self._rehearsal, self._fresh, self._headless = rehearsal, fresh, headless
        self._undo = contextlib.AsyncExitStack()
        self.files = RunningFiles(
            settings.show,
            self.probe,
            LastGood(settings.state_dir / "last-good", settings.show),
            self.clock,
            in_use=lambda: self.conductor.state.rundown,
            use=self._use,
            tell=self._tell,
        )
        self.machine = Machine(settings.state_dir)
        self.last_seen: StudioHealth | None = None

    # ----------------------------------------------------------- life

    async def start(self) -> None:
        """Raises ShowUnusable, StoreError, ServerError, LaunchFailed or ConfigError: nothing is left running then."""
        try:
            await self._start()
        except BaseException:
            await self._undo.aclose()
            raise

    async def stop(self) -> None:
        await self._undo.aclose()

    async def _start(self) -> None:
        undo, settings = self._undo, self.settings
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        rundown, told = await self.files.first()
        self.store = SqlStore(settings.store.url)
        undo.callback(self.store.close)
        self.access = SqlAccess(self.store.database)
        if self._fresh:
            self.store.forget(self.show)
        self.channel = self._channel()
        self.studio = await self._studio(rundown)
        state = replace(self._state(rundown), output_policy=output_policy(settings))
        self.conductor = Conductor(self.show, state, self.clock, self.studio, self.channel, self.store, threaded=True)
        undo.push_async_callback(asyncio.to_thread, self.conductor.stop)
        self.trying = Trying(LinkProbe().look, lambda: self.conductor.state, self.conductor.tell)
        self.editor = await self._editor()
        self.measuring = Measuring(self.probe, lambda: self.conductor.state, self.conductor.tell, self.files.reload)
        pictures = Thumbnails(settings.state_dir / "thumbnails")
        self.room = Room(
            self.conductor,
            self.clock,
            self.studio,
            self.channel,
            self.store,
            self.editor,
            template=settings.show / DESCRIPTION,
            measured=lambda: (self.measuring.done, self.measuring.total),
            thumbnail_of=pictures.jpeg,
            machine=lambda: self.machine.health,
        )

        self.channel.follow(self._day_parts(rundown))
        self.channel.start(self.conductor.post)
        undo.push_async_callback(asyncio.to_thread, self.channel.stop)
        self.studio.start(self.conductor.post)
        undo.push_async_callback(self._stop_studio)
        self.conductor.begin()
        await self._health()
        for each in told:
            self.conductor.tell(each)
        self.loop = self._spawn(self.conductor.run(), "conductor")

        self.agenda = Agenda(
            wake=self._wake, preflight=self.files.reload, housekeeping=self._housekeeping, health=self._health
        )
        self.agenda.follow(rundown, self.clock.now())
        self.agenda.start()
        undo.callback(self.agenda.stop)
        stop = asyncio.Event()
        undo.callback(stop.set)
        self._spawn(self.files.watch(stop), "watch")
        self._spawn(self.measuring.run(), "measuring")
        undo.callback(self.measuring.stop)
        if settings.links.check:
            self._spawn(self.trying.run(), "trying")
        self.web = await self._serve()
        undo.push_async_callback(self.web.stop)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)

        async def end() -> None:
            task.cancel()
            await asyncio.wait({task})

        self._undo.push_async_callback(end)
        task.add_done_callback(_say_if_failed)
        return task

    async def _studio(self, rundown: Rundown) -> Studio:
        settings = self.settings
        if self._rehearsal:
            return RehearsalStudio(self.clock, prefix=settings.obs.prefix)
        launcher = None
        if settings.obs.launch:
            launcher = private_obs(settings, headless=self._headless)
            self._undo.push_async_callback(self._leave_obs, launcher)
            await asyncio.to_thread(launcher.startup)
        return ObsStudio(
            settings.obs,
            self.clock,
            pictures_of(settings, rundown.title),
            obs_password(settings),
            launcher=launcher,
            pages=pages_of(settings),
            outputs=self._outputs(is_private=launcher is not None),
        )

    async def _editor(self) -> Editor:
        files = ShowFiles(self.settings.show, self.files.lock, self.files.reload_held, self.files.edited_here)
        record = Record(self.settings.state_dir / "edits" / f"{self.settings.show.name}.jsonl")
        editor = Editor(files, self.conductor, self.clock, self.probe, record, self.trying.why_dead)
        await editor.load()
        return editor

    def _outputs(self, *, is_private: bool) -> Outputs:
        settings = self.settings
        is_local = is_private or settings.obs.host in {"127.0.0.1", "::1", "localhost"}
        destination = self.channel.ingestion if settings.stream.server == FROM_YOUTUBE else None
        return Outputs(
            self.clock,
            settings.stream,
            settings.recording,
            is_local=is_local,
            is_private=is_private,
            destination=destination,
        )

    async def _stop_studio(self) -> None:
        self.last_seen = self.studio.health()
        await asyncio.to_thread(self.studio.stop)

    async def _leave_obs(self, launcher: PrivateObs) -> None:
        """End the private OBS, unless viewers or a recording depend on it."""
        health = self.last_seen
        if health is not None and (health.streaming or health.recording):
            log.warning("OBS goes on streaming or recording; `broadcaster obs stop` ends it.")
            return
        await asyncio.to_thread(launcher.stop)

    def _channel(self) -> Channel:
        youtube = self.settings.youtube
        if self._rehearsal and youtube.mode == "live":
            youtube = youtube.model_copy(update={"mode": "rehearsal"})  # a rehearsal tells the public nothing
        return channel_for(youtube, self.store, self.show, self.clock, self.settings.show / DESCRIPTION)

    def _day_parts(self, rundown: Rundown) -> tuple[DayPart, ...]:
        stream = self.settings.stream
        before, after = timedelta(minutes=stream.before), timedelta(minutes=stream.after)
        return day_parts(rundown, self.settings.youtube.title, before, after)

    def _state(self, rundown: Rundown) -> State:
        saved = self.store.snapshot(self.show)
        if saved is None:
            return initial(rundown)
        try:
            return snapshot.load(saved, rundown)
        except ValueError:
            log.exception("The saved position cannot be used; the show goes on by the clock and by what has aired.")
            return self._without_position(initial(rundown))

    def _without_position(self, state: State) -> State:
        """Go on without a saved position: what has aired stays on record, and what was on air has its end there."""
        lost = "the service lost its place while it was on air"
        open_rows = [
            replace(row, outcome=Outcome.PARTIAL, note=lost)
            for row in self.store.as_run(self.show)
            if row.outcome is None
        ]
        now = self.clock.now()
        self.store.commit(Change(now, self.show, snapshot.dump(state, now), tuple(open_rows)))
        return resumed(state, self.store.as_run(self.show))

    async def _serve(self) -> WebServer:
        web = self.settings.web
        show = self.settings.show
        places = Places(lambda: media_folder(show), show, self.probe)
        app = create_app(self.room, self.settings, overlays=OVERLAYS, access=self.access, places=places)
        self._undo.push_async_callback(asyncio.to_thread, app.state.house.close)
        self._undo.push_async_callback(asyncio.to_thread, app.state.uploads.close)
        server = await serve(app, web.host, web.port)
        osc = OscPanel(self.settings.osc, self.room, Variables(self.room), app.state.house.audit)
        self._undo.push_async_callback(osc.stop)
        try:
            await osc.start()
        except BaseException:
            await server.stop()
            raise
        return server

    def _tell(self, told: Tell) -> None:
        self.conductor.tell(told)

    def _use(self, rundown: Rundown) -> None:
        now = self.clock.now()
        self.conductor.handle(RundownLoaded(now, rundown))
        self.agenda.follow(rundown, now)
        self.channel.follow(self._day_parts(rundown))
        self.measuring.follow()
        self.trying.follow()

    # --------------------------------------------------------- alarms

    async def _wake(self) -> None:
        self.conductor.post(Ticked(self.clock.now()))

    async def _housekeeping(self) -> None:
        now = self.clock.now()
        dropped = await asyncio.to_thread(self.store.prune, now - JOURNAL_KEPT)
        log.info("Housekeeping: %d journal entries older than %d days dropped.", dropped, JOURNAL_KEPT.days)
        await asyncio.to_thread(self.access.prune_access, now - DEEDS_KEPT, now)

    async def _health(self) -> None:
        if (trouble := await asyncio.to_thread(self.machine.look)) is not None:
            self._tell(trouble)


def _say_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("The %s has ended.", task.get_name(), exc_info=error)

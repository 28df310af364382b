"""Builds the service, starts it, and stops it in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadcaster import language, schedule_files, watch
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
from broadcaster.language import gettext as _
from broadcaster.last_good import LastGood
from broadcaster.measuring import Measuring
from broadcaster.pictures import Pictures
from broadcaster.pictures.theme import themes_of
from broadcaster.ports import Change
from broadcaster.schedule_files.folders import media_folder
from broadcaster.schedule_files.reading import DESCRIPTION, gather, interpret
from broadcaster.show import snapshot
from broadcaster.show.as_run import Outcome
from broadcaster.show.broadcasts import day_parts
from broadcaster.show.messages import Level, RundownLoaded, Tell, Ticked
from broadcaster.show.outputs import OutputPolicy
from broadcaster.show.state import initial, resumed
from broadcaster.show.timeline import is_over
from broadcaster.show.transitions import N_
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
    from broadcaster.schedule_files import Problem, Reading
    from broadcaster.schedule_files.reading import Files
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.rundown import Rundown
    from broadcaster.show.state import State
    from broadcaster.web import WebServer

log = logging.getLogger(__name__)

OVERLAYS = Path(__file__).parent.parent / "overlays"
JOURNAL_KEPT = timedelta(days=90)
DEEDS_KEPT = timedelta(days=400)
ALL_OVER = N_(
    "All days of this show are over (the last is %(last)s): nothing will air. Is the date in its files right?"
)
REHEARSED = "~rehearsal"
"""Ends the name under which a rehearsal is stored, so that it never mixes with the show itself."""


class ShowUnusable(Exception):  # noqa: N818  (it is about the files, not a breakdown)
    """The show's files have errors and there is no earlier version to go on with. `problems` are all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(_("The show's files have errors."))
        self.problems = problems


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

    def __init__(
        self, settings: Settings, *, rehearsal: bool = False, fresh: bool = False, headless: bool = False
    ) -> None:
        language.use(settings.language)
        self.settings = settings
        self.clock = SystemClock()
        self.probe = MediaProbe.kept_in(settings.state_dir, own_obs=settings.obs.launch)
        self.show = settings.show.name + (REHEARSED if rehearsal else "")
        self._rehearsal, self._fresh, self._headless = rehearsal, fresh, headless
        self._last_good = LastGood(settings.state_dir / "last-good", settings.show)
        self._undo = contextlib.AsyncExitStack()
        self._problems: tuple[Problem, ...] = ()
        self._files = asyncio.Lock()
        """Held by whoever reads or writes the show's files: an older reading must not replace a newer one."""
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
        rundown, told = await self._first_rundown()
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
        self.measuring = Measuring(self.probe, lambda: self.conductor.state, self.conductor.tell, self.reload)
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
            wake=self._wake, preflight=self.reload, housekeeping=self._housekeeping, health=self._health
        )
        self.agenda.follow(rundown, self.clock.now())
        self.agenda.start()
        undo.callback(self.agenda.stop)
        self._watch(rundown)
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
        files = ShowFiles(self.settings.show, self._files, lambda: self._reload(changed_media=False), self._edited_here)
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

    # ---------------------------------------------------------- files

    async def _read(self) -> tuple[Files, Reading]:
        show = self.settings.show
        files = await asyncio.to_thread(gather, show)
        return files, await asyncio.to_thread(interpret, files, show, self.probe)

    async def _first_rundown(self) -> tuple[Rundown, list[Tell]]:
        files, reading = await self._read()
        self._problems = reading.problems
        if reading.rundown is not None:
            self._last_good.keep(files)
            told = [_summary(reading)] if reading.problems else []
            if is_over(reading.rundown, self.clock.now()):
                last = reading.rundown.days[-1].date.isoformat()
                told.append(Tell(Level.WARNING, ALL_OVER, {"last": last}))
            return reading.rundown, told
        kept = self._last_good.read(self.probe)
        if kept is None:
            raise ShowUnusable(reading.problems)
        return kept, [_refusal(reading)]

    async def reload(self) -> None:
        """Read the show's files again. A bad edit keeps the rundown that runs, and says so."""
        async with self._files:
            await self._reload(changed_media=False)

    async def _changed(self, paths: set[Path]) -> None:
        async with self._files:
            await self._reload(changed_media=any(path.parent != self.settings.show for path in paths))

    async def _reload(self, *, changed_media: bool) -> None:
        """With `changed_media` an equal rundown counts as new: what could not be played may be by now."""
        files, reading = await self._read()
        news = reading.problems != self._problems
        had_errors = any(problem.blocking for problem in self._problems)
        self._problems = reading.problems
        if reading.rundown is None:
            if news:
                self.conductor.tell(_refusal(reading))
            return
        before = self.conductor.state.rundown
        if changed_media or reading.rundown != before:
            edited = changed_media or reading.rundown.revision != before.revision
            self._taken_in(files, reading, edited=edited, news=news)
        elif had_errors:
            self.conductor.tell(Tell(Level.INFO, N_("The show's files can be used again: they are those in use.")))
        elif news and reading.problems:
            self.conductor.tell(_summary(reading))

    def _taken_in(self, files: Files, reading: Reading, *, edited: bool = True, news: bool = True) -> None:
        """A rundown that was read whole goes into the running show; one not `edited` only knows more of its videos."""
        if reading.rundown is None:
            return
        self._problems = reading.problems
        self._last_good.keep(files)
        self.conductor.handle(RundownLoaded(self.clock.now(), reading.rundown))
        self.agenda.follow(reading.rundown, self.clock.now())
        self.channel.follow(self._day_parts(reading.rundown))
        self.measuring.follow()
        self.trying.follow()
        if edited:
            self.conductor.tell(Tell(Level.INFO, N_("The show's files were changed: the new rundown is in use.")))
        if reading.problems and (edited or news):
            self.conductor.tell(_summary(reading))

    def _edited_here(self, files: Files, reading: Reading) -> None:
        """What a page has written into the files: whoever did it is told of in its own words."""
        self._taken_in(files, reading, edited=False, news=reading.problems != self._problems)

    def _watch(self, rundown: Rundown) -> None:
        folders = {self.settings.show}
        for media in [*rundown.filler, *(item.media for day in rundown.days for item in day.items if item.media)]:
            folder = Path(media.path).parent
            if not folder.is_relative_to(self.settings.show):
                folders.add(folder)
        stop = asyncio.Event()
        self._undo.callback(stop.set)
        self._spawn(watch.watch(folders, self._is_relevant, self._changed, stop), "watch")

    def _is_relevant(self, path: Path) -> bool:
        if path.parent == self.settings.show:
            return schedule_files.is_show_file(path)
        named = {media.path for media in self.conductor.state.rundown.filler}
        named |= {i.media.path for day in self.conductor.state.rundown.days for i in day.items if i.media}
        return str(path) in named

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
            self.conductor.tell(trouble)


def _summary(reading: Reading) -> Tell:
    first = reading.problems[0]
    return Tell(
        Level.WARNING,
        N_("The show has %(count)s problems; `broadcaster check` names all. The first: %(file)s:%(line)s: %(first)s"),
        {"count": str(len(reading.problems)), "file": first.file, "line": str(first.line), "first": first.message},
    )


def _refusal(reading: Reading) -> Tell:
    first = next(problem for problem in reading.problems if problem.blocking)
    return Tell(
        Level.ALARM,
        N_("The show's files have errors: the last good rundown stays in use. %(file)s:%(line)s: %(first)s %(hint)s"),
        {"file": first.file, "line": str(first.line), "first": first.message, "hint": first.hint},
    )


def _say_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.critical("The %s has ended.", task.get_name(), exc_info=error)

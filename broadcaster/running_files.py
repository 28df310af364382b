"""The files of a show that runs: read, watched, taken into use, and the last good ones kept for a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster import schedule_files, watch
from broadcaster.language import gettext as _
from broadcaster.schedule_files.reading import gather, interpret
from broadcaster.show.messages import Level, Tell
from broadcaster.show.timeline import is_over
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.last_good import LastGood
    from broadcaster.ports import Clock, Probe
    from broadcaster.schedule_files import Problem, Reading
    from broadcaster.schedule_files.reading import Files
    from broadcaster.show.rundown import Rundown

ALL_OVER = N_(
    "All days of this show are over (the last is %(last)s): nothing will air. Is the date in its files right?"
)


class ShowUnusable(Exception):  # noqa: N818  (it is about the files, not a breakdown)
    """The show's files have errors and there is no earlier version to go on with. `problems` are all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(_("The show's files have errors."))
        self.problems = problems


class RunningFiles:
    """Belongs to the event loop's thread. Call `first` before anything else.

    Args:
        in_use: the rundown that runs.
        use: takes a new one into the running show.
    """

    def __init__(
        self,
        show: Path,
        probe: Probe,
        last_good: LastGood,
        clock: Clock,
        *,
        in_use: Callable[[], Rundown],
        use: Callable[[Rundown], None],
        tell: Callable[[Tell], None],
    ) -> None:
        self._show, self._probe, self._last_good, self._clock = show, probe, last_good, clock
        self._in_use, self._use, self._tell = in_use, use, tell
        self._problems: tuple[Problem, ...] = ()
        self.lock = asyncio.Lock()
        """Held by whoever reads or writes the files: an older reading must not replace a newer one."""

    async def first(self) -> tuple[Rundown, list[Tell]]:
        """The rundown to begin with, and what is to be told of it. Raises ShowUnusable."""
        files, reading = await self._read()
        self._problems = reading.problems
        if reading.rundown is not None:
            self._last_good.keep(files)
            told = [_summary(reading)] if reading.problems else []
            if is_over(reading.rundown, self._clock.now()):
                last = reading.rundown.days[-1].date.isoformat()
                told.append(Tell(Level.WARNING, ALL_OVER, {"last": last}))
            return reading.rundown, told
        kept = self._last_good.read(self._probe)
        if kept is None:
            raise ShowUnusable(reading.problems)
        return kept, [_refusal(reading)]

    async def reload(self) -> None:
        """Read the files again. A bad edit keeps the rundown that runs, and says so."""
        async with self.lock:
            await self.reload_held()

    async def reload_held(self, *, changed_media: bool = False) -> None:
        """The same for whoever holds the lock.

        With `changed_media` an equal rundown counts as new: what could not be played may be by now.
        """
        files, reading = await self._read()
        news = reading.problems != self._problems
        had_errors = any(problem.blocking for problem in self._problems)
        self._problems = reading.problems
        if reading.rundown is None:
            if news:
                self._tell(_refusal(reading))
            return
        before = self._in_use()
        if changed_media or reading.rundown != before:
            edited = changed_media or reading.rundown.revision != before.revision
            self._taken_in(files, reading, edited=edited, news=news)
        elif had_errors:
            self._tell(Tell(Level.INFO, N_("The show's files can be used again: they are those in use.")))
        elif news and reading.problems:
            self._tell(_summary(reading))

    def edited_here(self, files: Files, reading: Reading) -> None:
        """What a page has written into the files: whoever did it is told of in its own words."""
        self._taken_in(files, reading, edited=False, news=reading.problems != self._problems)

    async def watch(self, stop: asyncio.Event) -> None:
        """Take up every edit from outside, until `stop` is set."""
        rundown = self._in_use()
        folders = {self._show}
        for media in [*rundown.filler, *(item.media for day in rundown.days for item in day.items if item.media)]:
            folder = Path(media.path).parent
            if not folder.is_relative_to(self._show):
                folders.add(folder)
        await watch.watch(folders, self._is_relevant, self._changed, stop)

    async def _read(self) -> tuple[Files, Reading]:
        files = await asyncio.to_thread(gather, self._show)
        return files, await asyncio.to_thread(interpret, files, self._show, self._probe)

    async def _changed(self, paths: set[Path]) -> None:
        async with self.lock:
            await self.reload_held(changed_media=any(path.parent != self._show for path in paths))

    def _taken_in(self, files: Files, reading: Reading, *, edited: bool, news: bool) -> None:
        """A rundown that was read whole goes into the running show; one not `edited` only knows more of its videos."""
        if reading.rundown is None:
            return
        self._problems = reading.problems
        self._last_good.keep(files)
        self._use(reading.rundown)
        if edited:
            self._tell(Tell(Level.INFO, N_("The show's files were changed: the new rundown is in use.")))
        if reading.problems and (edited or news):
            self._tell(_summary(reading))

    def _is_relevant(self, path: Path) -> bool:
        if path.parent == self._show:
            return schedule_files.is_show_file(path)
        rundown = self._in_use()
        named = {media.path for media in rundown.filler}
        named |= {item.media.path for day in rundown.days for item in day.items if item.media}
        return str(path) in named


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

"""One edit after the other: looked at, written into the show's files, taken into the running show, and remembered."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.template import Template, TemplateFault
from broadcaster.editing import telling
from broadcaster.editing.whole_days import wanted_days
from broadcaster.language import gettext as _
from broadcaster.ports import Conflicted, Refused
from broadcaster.schedule_files import FilesChanged, draft, written
from broadcaster.schedule_files.reading import DESCRIPTION, gather
from broadcaster.schedule_files.replacing import replace_file
from broadcaster.show import playout
from broadcaster.show.edits.arranging import arrange
from broadcaster.show.edits.conflicts import conflicts
from broadcaster.show.edits.consequences import consequences
from broadcaster.show.edits.fields import exhibitor_fields, item_fields
from broadcaster.show.edits.history import Entry, History
from broadcaster.show.edits.protection import protect, protect_from_days, protect_on_air
from broadcaster.show.edits.values import CannotEdit, Change, ChangeExhibitor
from broadcaster.show.messages import Level, RundownLoaded, Tell
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import date
    from pathlib import Path

    from broadcaster.conductor import Conductor
    from broadcaster.editing.record import Record
    from broadcaster.ports import Clock, Json, Probe
    from broadcaster.schedule_files import Draft, Reading
    from broadcaster.schedule_files.reading import Files
    from broadcaster.show.edits.arranging import Arranged
    from broadcaster.show.edits.values import Edit, Values
    from broadcaster.show.rundown import Rundown
    from broadcaster.show.state import State

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShowFiles:
    """How the editor reaches the show's files, which the service reads and watches, too.

    `lock` is held by whoever reads or writes them; `reload` reads them while it is held; `taken_in` gets what was
    written, and its reading, on the loop's thread.
    """

    show: Path
    lock: asyncio.Lock
    reload: Callable[[], Awaitable[None]]
    taken_in: Callable[[Files, Reading], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    arranged: Arranged
    drafted: Draft


class Editor:
    """Call `load` first. Everything belongs to the event loop's thread.

    `why_dead` says why a link leads nowhere; empty for one that is not known to.
    """

    def __init__(
        self,
        files: ShowFiles,
        conductor: Conductor,
        clock: Clock,
        probe: Probe,
        record: Record,
        why_dead: Callable[[str], str],
    ) -> None:
        self._files, self._conductor, self._clock, self._probe, self._record = files, conductor, clock, probe, record
        self._why_dead = why_dead
        self._history = History()

    async def load(self) -> None:
        self._history = await asyncio.to_thread(self._record.read)

    # ------------------------------------------------------------- asking

    def history(self, by: str) -> Json:
        return telling.history(self._history, by)

    def exhibitors(self) -> Json:
        return telling.exhibitors(self._conductor.state.rundown, self._why_dead)

    async def preview(self, edits: Sequence[Edit], base: str, rundown_of: Callable[[State], Json]) -> Json:
        """What the edit would do; nothing is written."""
        before = self._conductor.state.rundown
        timezone = before.timezone
        against = conflicts(before, edits, self._history, base)
        told = {"conflicts": [telling.conflict(each, timezone) for each in against]}
        async with self._files.lock:
            try:
                plan = await self._plan(edits)
            except Refused:
                if not against:
                    raise
                # Of something that somebody else has deleted: whoever makes the edit decides about that part of it.
                return {**told, "problems": [], "consequences": [], "refusal": "", "rundown": None}
        before = self._conductor.state.rundown
        rundown = plan.drafted.reading.rundown
        state, now = self._conductor.state, self._clock.now()
        if rundown is None:
            problems = [telling.problem(each) for each in plan.drafted.reading.problems if each.blocking]
            refusal = _refusal(lambda: protect_on_air(state, edits))
            return {**told, "problems": problems, "consequences": [], "refusal": refusal, "rundown": None}
        after, _commands = playout.step(state, RundownLoaded(now, rundown))
        refusal = _refusal(lambda: protect(state, after, edits, now))
        return {
            **told,
            "problems": [],
            "consequences": [telling.consequence(each, timezone) for each in consequences(state, after, now)],
            "refusal": refusal,
            "rundown": rundown_of(after),
        }

    # -------------------------------------------------------------- doing

    async def apply(self, edits: Sequence[Edit], base: str, by: str, key: str = "") -> Json:
        """Make the edit. On disk, and in the running show, when this returns.

        What `by` has sent under the same `key` before is not made again: its answer was lost on the way.

        Raises:
            Conflicted: somebody else has changed the same meanwhile.
            Refused: it cannot be made; all reasons are named.
        """
        return await self._carry_out(edits, base, by, key=key)

    async def undo(self, by: str) -> Json:
        """Take back what `by` did last. Raises as `apply`."""
        entry = self._history.to_undo(by)
        if entry is None:
            raise Refused(_("There is nothing of yours to undo."))
        origin = entry.id if entry.of is None else entry.of
        return await self._carry_out(entry.inverse, entry.revision, by, of=origin, undoes=True)

    async def redo(self, by: str) -> Json:
        """Make again what `by` took back last. Raises as `apply`."""
        entry = self._history.to_redo(by)
        if entry is None:
            raise Refused(_("There is nothing of yours to redo."))
        return await self._carry_out(entry.inverse, entry.revision, by, of=entry.of)

    async def write_template(self, template: str, by: str) -> None:
        """Put `template` into description.txt; an empty one takes the file away. Viewers see it at the next change.

        Raises:
            Refused: it is not one that may be used, or cannot be written.
        """
        path = self._files.show / DESCRIPTION
        async with self._files.lock:
            try:
                if template.strip():
                    Template(path, template)
                    await asyncio.to_thread(replace_file, path, template.encode())
                else:
                    await asyncio.to_thread(path.unlink, missing_ok=True)
            except (TemplateFault, OSError) as error:
                raise Refused(str(error)) from error
        log.info("%s wrote %s.", by or "Somebody", path.name)

    async def whole_days(self, days: list[Json], by: str, *, may_press: bool) -> None:
        """Write `days` ([{"day", "items"}]), each item with the keys that are to change, or all of them.

        What is on air and in the next minute is only for those to change who `may_press` the buttons, too.

        Raises:
            Refused: the edit has errors; all are named.
        """
        async with self._files.lock:
            before = self._conductor.state.rundown
            wanted = wanted_days(days, before)
            try:
                drafted = await asyncio.to_thread(draft, self._files.show, before, wanted, probe=self._probe)
                rundown = _refuse_problems(drafted.reading)
                if not may_press:
                    now, state = self._clock.now(), self._conductor.state
                    after, _commands = playout.step(state, RundownLoaded(now, rundown))
                    _may(lambda: protect_from_days(state, after, now))
                await asyncio.to_thread(drafted.put)
            except (FilesChanged, OSError) as error:
                raise Refused(str(error)) from error
            log.info("%s edited %s.", by or "Somebody", ", ".join(day.isoformat() for day in wanted))
            if drafted.reading.rundown != before:
                self._files.taken_in(gather(self._files.show), drafted.reading)

    async def _carry_out(
        self,
        edits: Sequence[Edit],
        base: str,
        by: str,
        *,
        of: int | None = None,
        undoes: bool = False,
        key: str = "",
    ) -> Json:
        async with self._files.lock:
            if (made := self._history.sent_as(key, by)) is not None:
                return {"id": made.id, "revision": made.revision, "consequences": []}
            try:
                plan = await self._plan(edits)
            except Refused:
                self._refuse_conflicts(edits, base)
                raise
            # Between here and the writing nothing is awaited that could change the rundown: the lock is held.
            before = self._conductor.state.rundown
            self._refuse_conflicts(edits, base)
            now, state = self._clock.now(), self._conductor.state
            _may(lambda: protect_on_air(state, edits))
            rundown = _refuse_problems(plan.drafted.reading)
            after, _commands = playout.step(state, RundownLoaded(now, rundown))
            _may(lambda: protect(state, after, edits, now))
            what = consequences(state, after, now)
            try:
                await asyncio.to_thread(plan.drafted.put)
            except (FilesChanged, OSError) as error:
                raise Refused(str(error)) from error
            entry = Entry(
                id=self._history.next_id,
                at=now,
                by=by,
                edits=plan.arranged.edits,
                inverse=_as_seen(plan.arranged.inverse, rundown),
                revision=rundown.revision,
                titles=telling.titles(plan.arranged.edits, rundown, before),
                of=of,
                undoes=undoes,
                before=before.revision,
                key=key,
            )
            self._history = self._history.with_entry(entry, 200)
            await asyncio.to_thread(self._record.add, self._history)
            self._files.taken_in(gather(self._files.show), plan.drafted.reading)
        message = UNDONE if undoes else EDITED
        named = ", ".join(dict.fromkeys(entry.titles))
        self._conductor.tell(Tell(Level.INFO, message, {"who": telling.person(by), "titles": named}))
        return {
            "id": entry.id,
            "revision": rundown.revision,
            "consequences": [telling.consequence(each, rundown.timezone) for each in what],
        }

    def _refuse_conflicts(self, edits: Sequence[Edit], base: str) -> None:
        rundown = self._conductor.state.rundown
        if against := conflicts(rundown, edits, self._history, base):
            raise Conflicted([telling.conflict(each, rundown.timezone) for each in against])

    async def _plan(self, edits: Sequence[Edit]) -> _Plan:
        """What the files would become. Files that were saved a moment ago are read first."""
        for is_last in (False, True):
            before = self._conductor.state.rundown
            try:
                return await asyncio.to_thread(self._drafted, before, edits)
            except FilesChanged as error:
                if is_last:
                    raise Refused(str(error)) from error
                await self._files.reload()
            except CannotEdit as error:
                raise Refused(_(error.message, **error.values)) from error
            except OSError as error:
                raise Refused(str(error)) from error
        raise AssertionError  # the second turn returns or raises

    def _drafted(self, before: Rundown, edits: Sequence[Edit]) -> _Plan:
        items, exhibitors = written(self._files.show, before)
        arranged = arrange(before, edits, items, exhibitors)
        days: dict[date, list[dict[str, object]]] = {
            day: [{"id": item.id, **item.values} for item in wanted] for day, wanted in arranged.days.items()
        }
        blocks = {str(item.id): item.block for wanted in arranged.days.values() for item in wanted if item.block}
        cells = {key: _cells(values) for key, values in arranged.exhibitors.items()}
        drafted = draft(self._files.show, before, days, cells, blocks=blocks, probe=self._probe)
        return _Plan(arranged, drafted)


EDITED = N_("%(who)s edited the rundown: %(titles)s.")
UNDONE = N_("%(who)s took an edit back: %(titles)s.")


def _refusal(check: Callable[[], None]) -> str:
    """Why not, in words; empty when nothing is against it."""
    try:
        check()
    except CannotEdit as error:
        return _(error.message, **error.values)
    return ""


def _may(check: Callable[[], None]) -> None:
    if why := _refusal(check):
        raise Refused(why)


def _cells(values: Values | None) -> dict[str, str] | None:
    return None if values is None else {key: str(value or "") for key, value in values.items()}


def _refuse_problems(reading: Reading) -> Rundown:
    """The rundown of a reading; Refused with all that is wrong when it has none."""
    if reading.rundown is not None:
        return reading.rundown
    errors = [problem for problem in reading.problems if problem.blocking]
    raise Refused(" ".join(f"{p.file}:{p.line}: {p.message} {p.hint}".strip() for p in errors))


def _as_seen(inverse: Sequence[Edit], rundown: Rundown) -> tuple[Edit, ...]:
    """With what is so after the edit: what is no longer so when it is taken back, somebody else has changed."""
    return tuple(_seen(edit, rundown) for edit in inverse)


def _seen(edit: Edit, rundown: Rundown) -> Edit:
    match edit:
        case Change(item=target):
            place = rundown.place(target)
            if place is None:
                return edit
            day = rundown.days[place[0]]
            now = item_fields(day.items[place[1]], day.date, rundown.timezone)
            return replace(edit, was={key: now[key] for key in edit.values})
        case ChangeExhibitor(exhibitor=identifier) if identifier in rundown.exhibitors:
            now = exhibitor_fields(rundown.exhibitors[identifier])
            return replace(edit, was={key: now[key] for key in edit.values})
        case _:
            return edit

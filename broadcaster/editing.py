"""Edits of the rundown that come from a page or a machine: into the show's files, and into the running show."""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.template import Template, TemplateFault
from broadcaster.language import gettext as _
from broadcaster.ports import Refused
from broadcaster.schedule_files.items import ORDER
from broadcaster.schedule_files.reading import DESCRIPTION, gather
from broadcaster.schedule_files.replacing import replace_file
from broadcaster.schedule_files.writing import FilesChanged, write_days

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broadcaster.conductor import Conductor
    from broadcaster.ports import Json, Probe
    from broadcaster.schedule_files import Reading
    from broadcaster.schedule_files.reading import Files
    from broadcaster.show.rundown import Item, Rundown

log = logging.getLogger(__name__)


class Editor:
    """Writes one edit after the other, under the lock `files`.

    `taken_in` gets what was written, and its reading, on the loop's thread.
    """

    def __init__(
        self,
        show: Path,
        conductor: Conductor,
        probe: Probe,
        files: asyncio.Lock,
        taken_in: Callable[[Files, Reading], None],
    ) -> None:
        self._show, self._conductor, self._probe = show, conductor, probe
        self._files, self._taken_in = files, taken_in

    async def edit(self, days: list[Json], by: str) -> None:
        """Write `days` ([{"day", "items"}]), each item with the keys that are to change, or all of them.

        Raises:
            Refused: the edit has errors; all are named.
        """
        async with self._files:
            before = self._conductor.state.rundown
            wanted = _wanted(days, before)
            try:
                writing = await asyncio.to_thread(write_days, self._show, before, wanted, self._probe)
            except (FilesChanged, OSError) as error:
                raise Refused(str(error)) from error
            errors = [problem for problem in writing.reading.problems if problem.blocking]
            if writing.reading.rundown is None:
                raise Refused(" ".join(f"{p.file}:{p.line}: {p.message} {p.hint}".strip() for p in errors))
            log.info("%s edited %s.", by or "Somebody", ", ".join(day.isoformat() for day in wanted))
            if writing.reading.rundown != before:
                self._taken_in(gather(self._show), writing.reading)

    async def write_template(self, template: str, by: str) -> None:
        """Put `template` into description.txt; an empty one takes the file away. Viewers see it at the next change.

        Raises:
            Refused: it is not one that may be used, or cannot be written.
        """
        path = self._show / DESCRIPTION
        async with self._files:
            try:
                if template.strip():
                    Template(path, template)
                    await asyncio.to_thread(replace_file, path, template.encode())
                else:
                    await asyncio.to_thread(path.unlink, missing_ok=True)
            except (TemplateFault, OSError) as error:
                raise Refused(str(error)) from error
        log.info("%s wrote %s.", by or "Somebody", path.name)


def _wanted(days: list[Json], before: Rundown) -> dict[date, list[dict[str, object]]]:
    try:
        return {date.fromisoformat(str(day["day"])): [_changes(item, before) for item in day["items"]] for day in days}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(_("The edit cannot be read: %(why)s", why=repr(error))) from error


def _changes(given: Json, before: Rundown) -> dict[str, object]:
    """The keys that differ from the running rundown: a page may send back an item as it got it."""
    known = before.find(given["id"])
    return {
        key: given[key]
        for key in ORDER
        if key in given and (key == "id" or known is None or not _is_same(key, given[key], known))
    }


def _is_same(key: str, value: object, item: Item) -> bool:
    match key:
        case "type" | "title" | "exhibitor" | "scene" | "end" | "skip" | "note":
            return bool(value == getattr(item, key))
        case _:
            return False  # a file says these in words of its own; the writer compares them

"""The history of edits on disk, so that what was acknowledged can be taken back after a crash, too."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from broadcaster.schedule_files.replacing import replace_file
from broadcaster.show.edits.history import Entry, History

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

KEPT = 200
"""Entries. Nobody takes back what was done two hundred edits ago."""

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


class Record:
    """One line of JSON an entry, in `path`. All methods block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = 0

    def read(self) -> History:
        """What there is, cut to KEPT. A line that cannot be read, as after a power cut, ends it."""
        try:
            lines = self._path.read_bytes().splitlines()
        except OSError:
            return History()
        entries: list[Entry] = []
        for line in lines:
            try:
                entries.append(_ENTRY.validate_json(line))
            except ValidationError:
                log.warning("%s: a line cannot be read; edits from there on cannot be taken back.", self._path)
                entries.clear()
        self._lines = len(lines)
        return History(tuple(entries[-KEPT:]))

    def add(self, history: History) -> None:
        """Write the newest entry. A failure is logged: it costs an undo after a crash, not the edit."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._lines >= 2 * KEPT:
                replace_file(self._path, b"".join(_ENTRY.dump_json(entry) + b"\n" for entry in history.entries))
                self._lines = len(history.entries)
                return
            with self._path.open("ab") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(_ENTRY.dump_json(history.entries[-1]) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            self._lines += 1
        except OSError:
            log.exception("The history of edits cannot be written.")

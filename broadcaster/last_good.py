"""The newest version of a show's files that could be played, kept for a restart after a bad edit."""

from __future__ import annotations

import base64
import json
import logging
from typing import TYPE_CHECKING

from broadcaster.schedule_files.reading import Files, interpret
from broadcaster.schedule_files.replacing import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster.ports import Probe
    from broadcaster.show.rundown import Rundown

log = logging.getLogger(__name__)


class LastGood:
    """One file in `folder` for the show `show`: the bytes of its files, without the media."""

    def __init__(self, folder: Path, show: Path) -> None:
        self._show = show
        self._path = folder / f"{show.name}.json"

    def keep(self, files: Files) -> None:
        """The files as they were read. A failure to write is logged: it costs comfort, not the show."""
        content = {name: base64.b64encode(data).decode() for name, data in files.content.items()}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, json.dumps(content).encode())
        except OSError:
            log.exception("The show's files could not be kept for a restart.")

    def read(self, probe: Probe) -> Rundown | None:
        """The rundown of the kept files, or None when there are none that can be used."""
        try:
            kept = json.loads(self._path.read_bytes())
            content = {str(name): base64.b64decode(data) for name, data in kept.items()}
        except (OSError, ValueError, AttributeError):
            return None
        return interpret(Files(content, {}), self._show, probe).rundown

"""The videos that a show names: where they are, and whether they can be played."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.schedule_files.problems import ProblemList, familiar, nearest
from broadcaster.show.rundown import Media

if TYPE_CHECKING:
    from broadcaster.ports import Probe


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a video that can be opened is named first: in `file`, as people know it, at `line`, by `name`."""

    path: str
    name: str
    file: str
    line: int


class MediaFolder:
    """Turns names in the files into Media. Each file is probed, and each fault told, once."""

    def __init__(self, folder: Path, probe: Probe | None) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100  (".." goes, symbolic links stay)
        self._probe = probe
        self._seen: dict[str, Media] = {}
        self.mentions: dict[str, Mention] = {}
        """By path."""

    def take(self, name: str, line: int, problems: ProblemList) -> Media:
        """The file `name`, relative to the folder or absolute; a fault is reported where it is first named."""
        seen = self._seen.get(name)
        if seen is not None:
            return seen
        path = self._path(name)
        missing = path is None or not _exists(path)
        if path is None or missing:
            media = Media(str(path or name), fault=_("the file is missing"))
            problems.fault(
                line,
                _("Video “%(name)s” is missing; the show goes on without it.", name=name),
                self._where(name, path),
            )
        else:
            self.mentions.setdefault(str(path), Mention(str(path), name, problems.file, line))
            media = Media(str(path)) if self._probe is None else self._probe.media(str(path))
            if media.fault:
                problems.fault(
                    line,
                    _(
                        "Video “%(name)s” cannot be played: %(fault)s. The show goes on without it.",
                        name=name,
                        fault=media.fault,
                    ),
                    _("Open it in a player; ask the exhibitor for it again, as MP4 (H.264 and AAC)."),
                )
        self._seen[name] = media
        return media

    def _path(self, name: str) -> Path | None:
        if "\0" in name:
            return None
        for form in ("NFC", "NFD"):
            # A Mac writes é as two characters in file names, a keyboard as one.
            path = Path(os.path.abspath(self.folder / unicodedata.normalize(form, name)))  # noqa: PTH100
            if _exists(path):
                return path
        return Path(os.path.abspath(self.folder / name))  # noqa: PTH100

    def _where(self, name: str, path: Path | None) -> str:
        if path is None:
            return _("Write the file's name.")
        try:
            stems = {there.stem: there.name for there in path.parent.iterdir() if there.name != path.name}
        except OSError:
            return _("There is no folder %(folder)s.", folder=familiar(path.parent))
        near = nearest(path.stem, stems)
        if near is not None:
            return _("Did you mean “%(word)s”?", word=str(Path(name).with_name(stems[near])))
        return _("Copy it into %(folder)s, or correct its name here.", folder=familiar(path.parent))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False

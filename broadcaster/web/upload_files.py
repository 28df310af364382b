"""The files of what people send, on disk: a record each, a part that grows, and the move to where it belongs.

A file grows in the folder `.uploads` beside where it will be, so that its last step is a rename: whoever plays the
folder's videos sees it whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.pictures import logo
from broadcaster.web.people import Unfit, now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from broadcaster.ports import Probe

FOLDER = ".uploads"
LARGEST = 20 * 1024**3
KEPT_FREE = 2 * 1024**3
"""Bytes that stay free on the disk: the show's own writing must never fail for a file that somebody sends."""
AT_ONCE = 20
FORGOTTEN = timedelta(hours=24)
"""After so long without a new piece, an unfinished file goes."""
VIDEOS = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts")


class Kind(StrEnum):
    VIDEO = "video"
    LOGO = "logo"

    @property
    def suffixes(self) -> tuple[str, ...]:
        return VIDEOS if self is Kind.VIDEO else tuple(logo.KINDS)

    @property
    def largest(self) -> int:
        return LARGEST if self is Kind.VIDEO else logo.LARGEST_FILE


class State(StrEnum):
    RECEIVING = "receiving"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Upload:
    """`name` is as it will be in the folder. `detail` says why it was refused, for people."""

    id: str
    kind: Kind
    name: str
    length: int
    by: str
    address: str
    created_at: datetime
    replaces: bool = False
    state: State = State.RECEIVING
    detail: str = ""
    duration_s: float | None = None
    offset: int = 0


class Unknown(Exception):  # noqa: N818  (an answer)
    """There is no such upload, or no longer."""


class NoSpace(Exception):  # noqa: N818  (an answer)
    """The disk would be too full. str() says so, for people."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where files go, and who looks at the videos."""

    videos: Callable[[], Path]
    logos: Path
    probe: Probe

    def folder(self, kind: Kind) -> Path:
        return self.videos() if kind is Kind.VIDEO else self.logos


class UploadFiles:
    """Blocks; thread-safe as far as each upload is used by one thread at a time.

    Every use raises OSError when the disk fails, and Unfit where there is no place for files.
    """

    def __init__(
        self,
        places: Places | None,
        clock: Callable[[], datetime] = now_utc,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._places, self._clock, self._free = places, clock, free

    def _at_hand(self) -> Places:
        if self._places is None:
            raise Unfit(_("Here no files can be taken in."))
        return self._places

    def _folder(self, kind: Kind) -> Path:
        return self._at_hand().folder(kind)

    def path(self, upload: Upload) -> Path:
        # The suffix stays: some formats are known by it only.
        return self._folder(upload.kind) / FOLDER / f"{upload.id}{Path(upload.name).suffix}"

    def begin(self, upload: Upload, busy: Collection[str]) -> None:
        """Raises Unfit: there is one of that name, or too many are on their way; NoSpace. `busy` are not forgotten."""
        self._sweep(busy)
        folder = self._folder(upload.kind)
        (folder / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        if not upload.replaces and _taken(folder, upload.name):
            raise Unfit(_there_is_one(upload.name))
        unfinished = [each for each in self.all() if each.state in {State.RECEIVING, State.CHECKING}]
        if len(unfinished) >= AT_ONCE:
            raise Unfit(_("Too many files are on their way. Let some arrive first."))
        needed = upload.length + sum(each.length - each.offset for each in unfinished)
        missing = needed + KEPT_FREE - self._free(folder)
        if missing > 0:
            raise NoSpace(
                _("The disk has no room for this file: make %(size)s MB free first.", size=missing // 1_000_000 + 1)
            )
        self.path(upload).touch(mode=0o644)
        self.keep(upload)

    def _sweep(self, busy: Collection[str]) -> None:
        """What nobody has gone on with, and what was done long ago."""
        for upload in self.all():
            path = self.path(upload)
            touched = path if path.exists() else self._record(upload)
            age = self._clock().timestamp() - touched.stat().st_mtime
            if upload.id not in busy and age > FORGOTTEN.total_seconds():
                self.forget(upload)

    def all(self) -> list[Upload]:
        """The newest first."""
        if self._places is None:
            return []
        folders = {self._folder(kind) / FOLDER for kind in Kind}
        records = [record for folder in folders if folder.is_dir() for record in folder.glob("*.json")]
        found = [upload for record in records if (upload := self._read(record)) is not None]
        return sorted(found, key=lambda upload: upload.created_at, reverse=True)

    def find(self, upload_id: str) -> Upload:
        """Raises Unknown."""
        if not upload_id.isalnum() or not upload_id.isascii():
            raise Unknown
        for kind in Kind if self._places else ():
            upload = self._read(self._folder(kind) / FOLDER / f"{upload_id}.json")
            if upload is not None:
                return upload
        raise Unknown

    def _record(self, upload: Upload) -> Path:
        return self._folder(upload.kind) / FOLDER / f"{upload.id}.json"

    def _read(self, record: Path) -> Upload | None:
        try:
            upload = _kept(record)
            if upload.state is State.RECEIVING:
                try:
                    return replace(upload, offset=self.path(upload).stat().st_size)
                except FileNotFoundError:
                    # It may have been judged, and moved to its place, since its record was read.
                    upload = _kept(record)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return replace(upload, offset=upload.length) if upload.state is not State.RECEIVING else None

    def keep(self, upload: Upload) -> None:
        record = self._record(upload)
        temporary = record.with_suffix(".new")
        content = {**asdict(upload), "created_at": upload.created_at.isoformat()}
        del content["offset"]
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(record)

    def forget(self, upload: Upload) -> None:
        self.path(upload).unlink(missing_ok=True)
        self._record(upload).unlink(missing_ok=True)

    def judge(self, upload: Upload) -> Upload:
        """Look at the whole file, and move it to its place or drop it; what it is then.

        One that has been judged stays as it was judged: its file may have been replaced by another since.
        """
        if (known := self.find(upload.id)).state in {State.READY, State.REFUSED}:
            return known
        self.keep(replace(upload, state=State.CHECKING))
        path, target = self.path(upload), self._folder(upload.kind) / upload.name
        if not path.exists() and target.exists() and target.stat().st_size == upload.length:
            path = target  # it was moved, and then the service ended
        fault, duration = self._fault(upload.kind, path)
        if not fault and path != target:
            try:
                _move(path, target, may_replace=upload.replaces)
            except FileExistsError:
                fault = _there_is_one(upload.name)
        if fault and path != target:
            path.unlink(missing_ok=True)
        state = State.REFUSED if fault else State.READY
        done = replace(upload, state=state, detail=fault, duration_s=duration)
        self.keep(done)
        return done

    def _fault(self, kind: Kind, path: Path) -> tuple[str, float | None]:
        """Why it cannot be used, for people; and how long a video is, in seconds."""
        if kind is Kind.LOGO:
            try:
                logo.Logo(path)
            except logo.Unusable as error:
                return _("This logo cannot be used: %(why)s.", why=str(error)), None
            return "", None
        media = self._at_hand().probe.media(str(path))
        if media.fault:
            return _("This video cannot be played: %(why)s.", why=media.fault), None
        return "", media.duration.total_seconds() if media.duration else None


def _kept(record: Path) -> Upload:
    """With no offset. Raises OSError, ValueError, TypeError, KeyError."""
    kept = json.loads(record.read_text("utf-8"))
    kept["created_at"] = datetime.fromisoformat(kept["created_at"])
    return Upload(**{**kept, "kind": Kind(kept["kind"]), "state": State(kept["state"])})


def write(path: Path, at: int, piece: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(piece)


def settle(path: Path, end: int) -> None:
    """What is acknowledged is on disk, and there is nothing behind it."""
    with path.open("r+b") as file:
        file.truncate(end)
        os.fsync(file.fileno())


def _taken(folder: Path, name: str) -> bool:
    """Also by a name that other systems take for the same."""
    try:
        return name.casefold() in {each.name.casefold() for each in folder.iterdir()}
    except OSError:
        return False


def _there_is_one(name: str) -> str:
    return _("There is a file %(name)s already. Replace it, or give this one another name.", name=name)


def _move(path: Path, target: Path, *, may_replace: bool) -> None:
    """In one step. Raises FileExistsError unless it may replace."""
    if not may_replace and _taken(target.parent, target.name):
        raise FileExistsError(target)
    path.chmod(0o644)
    path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

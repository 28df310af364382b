"""Files that people send, in pieces: on disk before they are acknowledged, and checked before they count."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import contextvars
import hashlib
import logging
import secrets
import shutil
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from broadcaster.language import gettext as _
from broadcaster.web.file_names import safe_name
from broadcaster.web.people import Unfit, now_utc
from broadcaster.web.upload_files import Kind, NoSpace, Places, State, Upload, UploadFiles, settle, write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

log = logging.getLogger(__name__)

PIECE = 1024**2
"""Bytes that are collected before they are written."""

SILENCE_SECONDS = 30.0
"""A piece of which nothing comes for so long is broken off: a phone that has left its network closes no line."""


class Silent(Exception):  # noqa: N818  (an answer)
    """The line is there, but nothing comes any more. What has come is kept as if it had broken."""


class WrongOffset(Exception):  # noqa: N818  (an answer)
    """What was sent does not go on where the file ends. `offset` is where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class WrongChecksum(Exception):  # noqa: N818  (an answer)
    """The piece was damaged on its way. Nothing of it is kept."""


class Occupied(Exception):  # noqa: N818  (an answer)
    """Another piece of it is on its way."""


@dataclass(slots=True)
class _Running:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        return self.lock.locked() or self.task is not None


class Uploads:
    """`checked` is called with every upload that has become ready or refused. Belongs to the event loop."""

    def __init__(
        self,
        places: Places | None,
        checked: Callable[[Upload], Awaitable[None]],
        *,
        clock: Callable[[], datetime] = now_utc,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        silence: float = SILENCE_SECONDS,
    ) -> None:
        self._files, self._checked, self._clock = UploadFiles(places, clock, free), checked, clock
        self._silence = silence
        self._running: dict[str, _Running] = {}
        # Its own, so that slow disks and long checks hold up nothing else.
        self._disk = ThreadPoolExecutor(2, thread_name_prefix="uploads")

    # ---------------------------------------------------------- what there is

    async def all(self) -> list[Upload]:
        """The newest first: what is on its way, and what has come in the last day."""
        found: list[Upload] = await self._on_disk(self._files.all)
        return [self._resumed(upload) for upload in found]

    async def find(self, upload_id: str) -> Upload:
        """Raises Unknown."""
        found: Upload = await self._on_disk(self._files.find, upload_id)
        return self._resumed(found)

    def _resumed(self, upload: Upload) -> Upload:
        """One that is whole and that nobody looks at is looked at now: the line, or the service, ended just then."""
        is_whole = upload.state is State.CHECKING or (
            upload.state is State.RECEIVING and upload.offset == upload.length
        )
        running = self._running.get(upload.id, _Running())
        if is_whole and not running.is_busy:
            self._check_soon(upload)
        return upload

    # --------------------------------------------------------------- sending

    async def begin(
        self, kind: Kind, name: str, length: int, *, by: str = "", address: str = "", replaces: bool = False
    ) -> Upload:
        """Raises Unfit: of a wrong kind, too large, or there already; NoSpace."""
        name = safe_name(name, kind.suffixes)
        if length > kind.largest:
            raise Unfit(_("The file is too large: at most %(size)s MB can be taken.", size=kind.largest // 1_000_000))
        upload = Upload(secrets.token_hex(12), kind, name, length, by, address, self._clock(), replaces)
        busy = {each for each, running in self._running.items() if running.is_busy}
        await self._on_disk(self._files.begin, upload, busy)
        if length == 0:
            self._check_soon(upload)
        return upload

    async def append(
        self, upload_id: str, offset: int, pieces: AsyncIterator[bytes], checksum: tuple[str, bytes] | None = None
    ) -> Upload:
        """Take what comes, from `offset` on; what has arrived is kept even if the rest does not.

        With a `checksum` (its name, and what it must be) all of it is kept or nothing.

        Raises:
            Unknown, WrongOffset, WrongChecksum, Occupied, Silent, NoSpace, Unfit
        """
        await self.find(upload_id)
        running = self._running.setdefault(upload_id, _Running())
        if running.lock.locked():
            raise Occupied
        async with running.lock:
            upload: Upload = await self._on_disk(self._files.find, upload_id)
            if upload.state is not State.RECEIVING or upload.offset != offset:
                raise WrongOffset(upload.offset)
            path: Path = await self._on_disk(self._files.path, upload)
            end = offset
            summed = _Sum(checksum[0]) if checksum else None
            is_whole = False
            try:
                async for piece in _collected(_punctual(pieces, self._silence)):
                    if end + len(piece) > upload.length:
                        raise Unfit(_("More has come than the file was said to be long."))
                    if summed is not None:
                        summed.add(piece)
                    await self._on_disk(write, path, end, piece)
                    end += len(piece)
                is_whole = True
            finally:
                if checksum is not None and (not is_whole or summed is None or summed.value() != checksum[1]):
                    end = offset
                await asyncio.shield(self._on_disk(settle, path, end))
            if checksum is not None and summed is not None and summed.value() != checksum[1]:
                raise WrongChecksum
            upload = replace(upload, offset=end)
            if end == upload.length:
                self._check_soon(upload)
            return upload

    async def give_up(self, upload_id: str) -> None:
        """Raises Unknown, or Unfit for one that is in its place already."""
        await self._on_disk(self._files.find, upload_id)
        running = self._running.setdefault(upload_id, _Running())
        # A piece that is on its way comes to its end first: whoever gives up has broken it off.
        async with running.lock:
            upload = await self._on_disk(self._files.find, upload_id)
            if upload.state is State.CHECKING or running.task is not None:
                raise Unfit(_("The file is being checked. Wait a moment."))
            await self._on_disk(self._files.forget, upload)
        self._running.pop(upload_id, None)

    async def settled(self) -> None:
        """Nothing is being checked any more."""
        tasks = [running.task for running in self._running.values() if running.task is not None]
        if tasks:
            await asyncio.wait(tasks)

    def close(self) -> None:
        self._disk.shutdown(wait=True)

    # -------------------------------------------------------------- checking

    def _check_soon(self, upload: Upload) -> None:
        running = self._running.setdefault(upload.id, _Running())
        running.task = asyncio.create_task(self._check(upload), name=f"check upload {upload.id}")

    async def _check(self, upload: Upload) -> None:
        try:
            done = await self._on_disk(self._files.judge, upload)
        except Exception:
            log.exception("The file %s that was sent could not be checked.", upload.name)
            done = replace(upload, state=State.REFUSED, detail=_("It could not be checked: the log says why."))
            with contextlib.suppress(OSError):
                await self._on_disk(self._files.keep, done)
        self._running.pop(upload.id, None)
        await self._checked(done)

    async def _on_disk(self, work: Callable[..., Any], *arguments: Any) -> Any:
        there = contextvars.copy_context()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._disk, lambda: there.run(work, *arguments))
        except OSError as error:
            if error.errno in {28, 122}:  # ENOSPC, EDQUOT
                raise NoSpace(
                    _("The disk is full. Make room, then go on: nothing that has arrived is lost.")
                ) from error
            raise


class _Sum:
    """A checksum that grows: sha1, sha256, md5, or crc32 as four bytes, the highest first."""

    def __init__(self, name: str) -> None:
        self._hash = hashlib.new(name) if name != "crc32" else None
        self._crc = 0

    def add(self, piece: bytes) -> None:
        if self._hash is None:
            self._crc = zlib.crc32(piece, self._crc)
        else:
            self._hash.update(piece)

    def value(self) -> bytes:
        return self._crc.to_bytes(4) if self._hash is None else self._hash.digest()


CHECKSUMS = ("sha256", "sha1", "crc32")


def checksum_of(header: str) -> tuple[str, bytes]:
    """Name and value of an Upload-Checksum header (tus.io, checksum). Raises ValueError."""
    name, _space, encoded = header.strip().partition(" ")
    if name not in CHECKSUMS:
        raise ValueError(name)
    return name, base64.b64decode(encoded, validate=True)


async def _punctual(pieces: AsyncIterator[bytes], silence: float) -> AsyncIterator[bytes]:
    """Raises Silent when none comes for that many seconds."""
    while True:
        try:
            async with asyncio.timeout(silence):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise Silent from error
        yield piece


async def _collected(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Larger pieces; what has come before a failure comes, too."""
    waiting = bytearray()
    try:
        async for piece in pieces:
            waiting += piece
            if len(waiting) >= PIECE:
                yield bytes(waiting)
                waiting.clear()
    except Exception:
        if waiting:
            yield bytes(waiting)
        raise
    if waiting:
        yield bytes(waiting)

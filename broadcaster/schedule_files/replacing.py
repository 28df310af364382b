"""Files that change at once: readers see the old ones or the new ones, also after a power cut."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path` at once.

    Raises:
        OSError: it cannot be written; the old content stays.
    """
    with prepared({path: content}) as replacement:
        replacement.put_in_place()


@contextlib.contextmanager
def prepared(contents: Mapping[Path, bytes]) -> Iterator[Replacement]:
    """The new contents, safely on the disk beside their files; those that are not put in place vanish at the end.

    Raises:
        OSError: one cannot be written, as when the disk is full.
    """
    replacement = Replacement()
    try:
        for path, content in contents.items():
            replacement.prepare(path, content)
        yield replacement
    finally:
        replacement.clear()


class Replacement:
    """See `prepared`."""

    def __init__(self) -> None:
        self._prepared: list[tuple[Path, Path]] = []

    def prepare(self, path: Path, content: bytes) -> None:
        path = path.resolve()  # A symbolic link stays one.
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            mode = 0o644
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        self._prepared.append((Path(temporary), path))
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())

    def put_in_place(self) -> None:
        """All of them, in the order given; when one cannot, those before it are put back.

        Raises:
            OSError: nothing has changed.
        """
        olds: list[tuple[Path, bytes | None]] = []
        try:
            for temporary, path in self._prepared:
                old = path.read_bytes() if path.exists() else None
                temporary.replace(path)
                olds.append((path, old))
        except OSError:
            for path, old in reversed(olds):
                with contextlib.suppress(OSError):
                    _restore(path, old)
            raise
        for folder in {path.parent for _temporary, path in self._prepared}:
            _sync(folder)

    def clear(self) -> None:
        for temporary, _path in self._prepared:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _restore(path: Path, old: bytes | None) -> None:
    if old is None:
        path.unlink()
    else:
        replace_file(path, old)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # Not every network share can; the files are in place all the same.
            os.fsync(handle)
    finally:
        os.close(handle)

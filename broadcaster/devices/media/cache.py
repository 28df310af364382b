"""What the probe has seen before, in a JSON file."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from broadcaster.devices.media.media_file import MediaFile
from broadcaster.devices.media.replacing import replace_json

log = logging.getLogger(__name__)

VERSION = 3


class Cache:
    """Files by path, valid while size and mtime stay. Not thread-safe: the probe holds a lock.

    `opened` are files that were being read when the file was last written. A process that finds one there was killed by
    it, or another process is at it just now: neither is a reason to open it in this process.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._files: dict[str, MediaFile] = {}
        self._for_now: set[str] = set()
        self._opened: set[str] = set()
        self._suspects: set[str] = set()
        self._warned = False
        if path is not None:
            self._load(path)

    def get(self, path: str, size: int, mtime_ns: int) -> MediaFile | None:
        file = self._files.get(path)
        return file if file is not None and (file.size, file.mtime_ns) == (size, mtime_ns) else None

    def is_suspect(self, path: str) -> bool:
        return path in self._suspects

    def begin(self, path: str) -> None:
        self._opened.add(path)
        self._save()

    def put(self, file: MediaFile, *, for_now: bool = False) -> None:
        """`for_now`: what may come of the moment, as of a program that did not answer, is for this process only."""
        self._opened.discard(file.path)
        self._suspects.discard(file.path)
        self._files[file.path] = file
        (self._for_now.add if for_now else self._for_now.discard)(file.path)
        self._save()

    def _load(self, path: Path) -> None:
        try:
            content: dict[str, Any] = json.loads(path.read_bytes())
            if content["version"] == VERSION:
                self._files = {values["path"]: MediaFile.from_json(values) for values in content["files"]}
                self._suspects = {str(name) for name in content["opened"]}
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            log.warning("%s cannot be read; the videos are probed anew", path)
            self._files, self._suspects = {}, set()

    def _save(self) -> None:
        """Best effort: without the file, probing only takes longer."""
        if self._path is None:
            return
        content = {
            "version": VERSION,
            "opened": sorted(self._opened),
            "files": [file.as_json() for path, file in self._files.items() if path not in self._for_now],
        }
        try:
            replace_json(self._path, content)
        except OSError as error:
            if not self._warned:
                self._warned = True
                log.warning("%s cannot be written: %s", self._path, error)

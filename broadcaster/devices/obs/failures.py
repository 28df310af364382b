"""Videos that cannot be played: what is known, and for how long it holds."""

from __future__ import annotations

from pathlib import Path

from broadcaster.language import gettext as _

Fingerprint = tuple[int, int]


class Failures:
    """Remembers files that OBS could not open, until they change on disk."""

    def __init__(self) -> None:
        self._bad: dict[str, Fingerprint | None] = {}
        self._told: dict[str, Fingerprint | None] = {}

    def mark(self, path: str) -> None:
        """OBS has tried to open `path` in vain."""
        self._bad[path] = _fingerprint(path)

    def why(self, path: str) -> str:
        """Why `path` cannot be played, for people; empty when nothing is known against it."""
        name = Path(path).name
        fingerprint = _fingerprint(path)
        if fingerprint is None:
            return _("The video file is missing: %(path)s", path=path)
        if fingerprint[1] == 0:
            return _("The video file is empty: %(path)s", path=path)
        if self._bad.get(path) == fingerprint:
            return _("OBS cannot play the video %(name)s: it is damaged or not a video.", name=name)
        self._bad.pop(path, None)
        self._told.pop(path, None)
        return ""

    def is_news(self, path: str) -> bool:
        """Whether nobody was told yet that `path`, as it is now, fails. Asking is telling."""
        fingerprint = _fingerprint(path)
        if path in self._told and self._told[path] == fingerprint:
            return False
        self._told[path] = fingerprint
        return True


def _fingerprint(path: str) -> Fingerprint | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size

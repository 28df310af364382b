"""What is wrong with a show's files, in words for the people who write them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, or one thing to look at, at its place.

    `line` counts from 1, as editors do. `blocking` errors leave no rundown to play; the others (a video that is
    missing, a link that is not fit for viewers) must be put right too, but the show goes on without the thing.
    """

    severity: Severity
    file: str
    line: int
    message: str
    hint: str = ""
    blocking: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "hint": self.hint,
        }


class ProblemList:
    """Collects the problems of one file; `file` is its name as people know it.

    `blocking` is False for a file that the show can do without: then its errors are faults only.
    """

    def __init__(self, file: str, problems: list[Problem], *, blocking: bool = True) -> None:
        self.file = file
        self._problems = problems
        self._blocking = blocking

    def error(self, line: int, message: str, hint: str = "") -> None:
        """No rundown can be made of this."""
        self._problems.append(Problem("error", self.file, line, message, hint, self._blocking))

    def fault(self, line: int, message: str, hint: str = "") -> None:
        """An error that the show survives: it goes on air without the thing."""
        self._problems.append(Problem("error", self.file, line, message, hint))

    def warning(self, line: int, message: str, hint: str = "") -> None:
        self._problems.append(Problem("warning", self.file, line, message, hint))


def familiar(path: Path) -> Path:
    """The path as it was given; relative to where people stand when it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a slip of, or None when nothing is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(word.casefold()[:200], folded, n=1, cutoff=0.62)
    return folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or else all of them when they are few."""
    words = list(known)
    near = nearest(word, words)
    if near is not None:
        return _("Did you mean “%(word)s”?", word=near)
    return one_of(words) if 0 < len(words) <= 20 else ""


def one_of(words: Sequence[str]) -> str:
    return _("Possible: %(words)s.", words=", ".join(words))

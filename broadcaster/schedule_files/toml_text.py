"""TOML that people type: the values, where they stand, and every slip of syntax that can be told apart."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from broadcaster.language import gettext as _
from broadcaster.schedule_files.toml_layout import Layout, layout

if TYPE_CHECKING:
    from broadcaster.schedule_files.problems import ProblemList

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ASSIGNMENT = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$")
_MOST = 20
"""After so many slips in one file the rest waits until these are put right."""


@dataclass(frozen=True, slots=True)
class Document:
    """`spoilt` are the lines that could not be read: what would stand there is not called missing."""

    values: dict[str, Any]
    layout: Layout
    spoilt: frozenset[int] = field(default_factory=frozenset)


def parse(text: str, problems: ProblemList) -> Document | None:
    """The document, without lines of the form `key = nonsense`, which are reported; None when none is left."""
    lines: list[str] | None = None
    spoilt: list[int] = []
    current = text
    while True:
        try:
            return Document(tomllib.loads(current), layout(text), frozenset(spoilt))
        except tomllib.TOMLDecodeError as error:
            line, reason = _place(str(error), current)
        except (ValueError, RecursionError, OverflowError):
            # A number of thousands of digits, or thousands of brackets.
            problems.error(1, _("The file cannot be read: a number or a list in it is far too long."))
            return None
        if lines is None:
            lines = text.split("\n")
        source = lines[line - 1] if line <= len(lines) else ""
        problems.error(line, *_explained(reason, source))
        if _ASSIGNMENT.match(source) is None or (spoilt and line <= spoilt[-1]) or len(spoilt) >= _MOST:
            return None
        spoilt.append(line)
        lines[line - 1] = "#"
        current = "\n".join(lines)


def _place(message: str, text: str) -> tuple[int, str]:
    """The line that an error of tomllib's is about, and its reason."""
    match = _PLACE.search(message)
    reason = message[: match.start()] if match else message
    unfinished = (
        layout(text).unfinished if reason.startswith(("Unterminated", "Unclosed", "Expected", "Invalid")) else None
    )
    if unfinished is not None:
        return unfinished, reason
    if match and match[1]:
        return int(match[1]), reason
    return 1 + text.rstrip().count("\n"), reason


def _explained(reason: str, source: str) -> tuple[str, str]:
    """What is wrong with a line, and what to write instead."""
    if reason.startswith("Cannot"):
        return _("The line repeats what the file has said before."), _("Remove one of the two.")
    assignment = _ASSIGNMENT.match(source)
    if assignment is None:
        if source.lstrip().startswith("["):
            return (
                _("The line cannot be read: “%(line)s”.", line=_short(source)),
                _("An item begins with [[item]], with two brackets on each side."),
            )
        return (
            _("The line cannot be read: “%(line)s”.", line=_short(source)),
            _('Each line is key = value; a remark begins with “#”; texts stand between ".'),
        )
    key, value = assignment.groups()
    message = _("The value of “%(key)s” cannot be read: %(value)s", key=key, value=_short(value) or _("nothing"))
    clock = re.match(r"(\d{1,2})[.:](\d{2})(?![\d-])", value)
    if clock is not None and key in {"start", "planned_end"}:
        return message, _("Write %(key)s = %(time)s.", key=key, time=f"{int(clock[1]):02}:{clock[2]}:00")
    if value[:1] in {"[", "{"}:
        return message, _("Close the list with ].")
    if value.count('"') % 2:
        return message, _('Put the text between two ".')
    if value[:1] not in {'"', "'"} and value:
        return message, _('Put the text between two ": %(key)s = "%(value)s".', key=key, value=_short(value))
    if "\\" in value:
        return message, _("Write / instead of \\, or put the text between two '.")
    return message, _('Write it like %(key)s = "text".', key=key)


def _short(text: str) -> str:
    text = "".join(letter if letter.isprintable() else "·" for letter in text.strip())
    return text if len(text) <= 60 else text[:59] + "…"

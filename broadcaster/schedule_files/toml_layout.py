"""Where things stand in a TOML text: the line of every key and table, the place of every [[table]].

tomllib says nothing of places, and tomlkit takes twenty times as long. A text that tomllib has accepted needs no
second parser: statements begin at line starts, and only strings and brackets carry them over line ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str | int, ...]

_SIMPLE = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*([^\s\"'\[{]|\"(?!\"\")[^\"\\\r\n]*\"|'(?!'')[^'\r\n]*')")
_PART = re.compile(r"[ \t]*(?:([A-Za-z0-9_-]+)|\"((?:[^\"\\\r\n]|\\.)*)\"|'([^'\r\n]*)')[ \t]*")
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"""'
    r"|'''"
    r'|"(?:[^"\\\r\n]|\\.)*"'
    r"|'[^'\r\n]*'"
    r"|\#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)


class Header(NamedTuple):
    """A [table] or [[table]] line: offset of the line's start, its number, and its key (index included)."""

    offset: int
    line: int
    key: Key


@dataclass(slots=True)
class Layout:
    """`lines` maps keys to line numbers: ("title",), ("item", 0), ("item", 0, "start"), ("filler", 1)."""

    lines: dict[Key, int] = field(default_factory=dict)
    headers: list[Header] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """For each header, and before them for the top, the offset just behind the line of its last statement."""
    unfinished: int | None = None
    """The line of a statement whose string or bracket never closes."""

    def line(self, *key: str | int) -> int:
        """The line of `key`, or else of the nearest thing that contains it."""
        for length in range(len(key), 0, -1):
            found = self.lines.get(key[:length])
            if found is not None:
                return found
        return 1


def layout(text: str) -> Layout:
    """The layout of a TOML text. Of a text that is not valid TOML, as much as can be told; never an error."""
    found = Layout()
    lines, counts = found.lines, dict[Key, int]()
    here: Key = ()
    offset, number, last_end, size = 0, 1, 0, len(text)
    while offset < size:
        end = text.find("\n", offset) + 1 or size
        first = text[offset:end].lstrip(" \t")[:1]
        if first in {"", "\r", "\n", "#"}:
            offset, number = end, number + 1
            continue
        if first == "[":
            here = _open_table(text[offset:end], counts)
            found.ends.append(last_end)
            found.headers.append(Header(offset, number, here))
            for length in range(1, len(here) + 1):
                lines.setdefault(here[:length], number)
            offset, last_end, number = end, end, number + 1
            continue
        simple = _SIMPLE.match(text, offset, end)
        if simple is not None:
            lines.setdefault((*here, simple[1]), number)
            offset, last_end, number = end, end, number + 1
            continue
        name, value_at = _dotted(text, offset, end)
        key = (*here, *name)
        for length in range(len(here) + 1, len(key) + 1):
            lines.setdefault(key[:length], number)
        begin = number
        end, number = _value_end(text, value_at, number, key, lines)
        if end < 0:
            found.unfinished = begin
            end = size
        offset = last_end = end
    found.ends.append(last_end)
    return found


def _open_table(line: str, counts: dict[Key, int]) -> Key:
    name, _end = _dotted(line.lstrip(" \t["), 0, len(line))
    repeated = line.lstrip().startswith("[[")
    key: Key = ()
    for place, part in enumerate(name):
        key = (*key, part)
        if repeated and place == len(name) - 1:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _dotted(text: str, offset: int, end: int) -> tuple[tuple[str, ...], int]:
    """A (dotted, quoted) key and the offset where it ends."""
    parts: list[str] = []
    while (match := _PART.match(text, offset, end)) is not None:
        parts.append(next(group for group in match.groups() if group is not None))
        offset = match.end()
        if text[offset : offset + 1] != ".":
            break
        offset += 1
    return tuple(parts), offset


def _value_end(text: str, offset: int, number: int, key: Key, lines: dict[Key, int]) -> tuple[int, int]:
    """Offset and number of the line after the value that follows at `offset`; -1 when it never ends.

    Strings inside an array get lines of their own.
    """
    depth = element = 0
    for token in _TOKEN.finditer(text, offset):
        word = token[0]
        if word == "\n":
            number += 1
            if depth <= 0:
                return token.end(), number
        elif word in "[{":
            depth += 1
        elif word in "]}":
            depth -= 1
        elif word in {'"""', "'''"}:
            return -1, number
        elif word[0] in "\"'":
            if depth == 1:
                lines.setdefault((*key, element), number)
                element += 1
            number += word.count("\n")
    return (-1 if depth > 0 else len(text)), number

"""A day file cut into its items, so that each can move with its comments and all else stays byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.schedule_files.toml_layout import layout

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Blocks:
    """`head` + `items` + `tail` is the file's text. An item's block begins with the comments above its [[item]]."""

    head: str
    items: tuple[str, ...]
    tail: str


def cut(text: str) -> Blocks:
    """The blocks of a valid day file.

    Between two items, comments that follow the first one without a blank line are its own; those after a blank
    line, and all when there is none, belong to the next. Above the first item only what touches it does: the rest
    is the file's heading.
    """
    found = layout(text)
    starts: list[int] = []
    for place, header in enumerate(found.headers):
        if len(header.key) != 2 or header.key[0] != "item":
            continue  # a table inside an item moves with it
        gap = text[found.ends[place] : header.offset]
        lines = gap.splitlines(keepends=True)
        kept = _touching(lines) if not starts else _after_blank(lines)
        starts.append(header.offset - sum(map(len, kept)))
    if not starts:
        return Blocks(text, (), "")
    last = found.ends[-1]
    trailing = text[last:].splitlines(keepends=True)
    own = len(trailing) - len(_after_blank(trailing)) if any(not line.strip() for line in trailing) else len(trailing)
    end = last + sum(map(len, trailing[:own]))
    items = tuple(text[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True))
    return Blocks(text[: starts[0]], items, text[end:])


def _touching(lines: Sequence[str]) -> Sequence[str]:
    """The comments directly above, without a blank line between."""
    count = 0
    while count < len(lines) and lines[-1 - count].strip():
        count += 1
    return lines[len(lines) - count :]


def _after_blank(lines: Sequence[str]) -> Sequence[str]:
    """From the first comment after a blank line on."""
    blank = next((place for place, line in enumerate(lines) if not line.strip()), None)
    if blank is None:
        return lines
    comment = next((place for place in range(blank, len(lines)) if lines[place].strip()), len(lines))
    return lines[comment:]


def join(before: Blocks, items: Sequence[str]) -> str:
    """The text with its items replaced; where they have new neighbours, a blank line parts them as elsewhere."""
    if tuple(items) == before.items:
        return before.head + "".join(items) + before.tail
    newline = "\r\n" if "\r\n" in before.head + "".join(before.items) else "\n"
    parted = not before.items[:-1] or any(_ends_blank(item) for item in before.items[:-1])
    old_pairs = set(zip(before.items, before.items[1:], strict=False))
    text = before.head
    if items and text and not text.endswith("\n"):
        text += newline
    if items and not before.items and text:
        text += newline
    for place, item in enumerate(items):
        text += item
        if place + 1 == len(items):
            break
        if not item.endswith("\n"):
            text += newline
        if parted and not _ends_blank(item) and (item, items[place + 1]) not in old_pairs:
            text += newline
    if text.endswith(newline * 2) and not before.tail and not (before.items and _ends_blank(before.items[-1])):
        text = text[: -len(newline)]
    return text + before.tail


def _ends_blank(item: str) -> bool:
    return item.endswith(("\n\n", "\n\r\n"))

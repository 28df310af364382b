"""The managed block inside a description that people write in as well.

It stands between two marker lines; whatever stands outside them is people's, and stays byte for byte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from broadcaster.show.public_text import size

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 5000
"""Of a whole description, in UTF-8 (YouTube Data API v3, `videos` resource, snippet.description)."""

OPENING = "▼▼▼ EXPO ▼▼▼"
CLOSING = "▲▲▲ EXPO ▲▲▲"

# The words with which the composer begins its paragraphs: by them a block that lost a marker is known.
ON_AIR = "🔴 Sedang tayang: "
BETWEEN = "📺 "
SHOP = "🛍 Belanja di expo: "
NEXT = "Berikutnya:"
SCHEDULE = "Jadwal:"
OTHERS = "Peserta lainnya"
ALL = "Peserta hari ini"
REPLAY = "Daftar tayangan"
LINKS = "Toko peserta"


class NoRoom(ValueError):  # noqa: N818  (an answer about a text, not a breakdown)
    """People's own text, or the block, is too long: together they would exceed YouTube's 5000 bytes."""


# Also what is left of a marker that somebody typed into; the arrows' direction tells which one it was.
_MARKER = re.compile(
    r"""^[ \t]*
    (?: ▼+ [ \t]* EXPO [ \t]* ▼* | ▼* [ \t]* EXPO [ \t]* ▼+
      | (?P<end> ▲+ [ \t]* EXPO [ \t]* ▲* | ▲* [ \t]* EXPO [ \t]* ▲+ ) )
    [ \t]*(?=\r?$)""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_PARAGRAPH = re.compile(r"[^\r\n](?:.|\n(?![ \t\r]*(?:\n|\Z)))*")
_OWN = (ON_AIR, BETWEEN, SHOP, NEXT, SCHEDULE, OTHERS, ALL, REPLAY, LINKS)


def merge(existing: str, block: str, previous: str = "") -> str:
    """`existing` with the block between its two marker lines; all outside them stays byte for byte.

    A description without markers gets the block on top, where viewers see it before "more". Duplicates
    of the block are removed. When a marker is missing or damaged, the old block ends where its text does:
    `previous`, the block that was published last, tells; without it, only paragraphs that begin with the
    service's own words are taken for the block's. In doubt text stays: a line that stands there twice can be
    repaired by hand, a lost one cannot.

    Characters that YouTube forbids are left alone in people's own text. YouTube would not have stored
    them; should it refuse them one day, the operator is told. Nobody's words are rewritten silently.

    Raises:
        NoRoom: the whole would exceed 5000 bytes.
    """
    text = _merge(existing, block, previous)
    if size(text) > MAX_BYTES:
        raise NoRoom(f"{size(text)} > {MAX_BYTES} bytes")
    return text


def room(existing: str, previous: str = "") -> int:
    """Bytes that are left for the block, given people's own text in `existing`. 0 when there are none."""
    return max(0, MAX_BYTES - size(_merge(existing, "", previous)))


def managed(existing: str) -> str | None:
    """The block that stands in a description, without markers; None when it has none, or a damaged one."""
    found = list(_MARKER.finditer(existing))
    if len(found) != 2 or found[0]["end"] or not found[1]["end"]:
        return None
    return existing[found[0].end() : found[1].start()].strip("\r\n")


def _merge(existing: str, block: str, previous: str) -> str:
    existing = existing.encode("utf-8", "ignore").decode()  # lone surrogates are not text: they cannot have been read
    # A line of the block that reads like a marker would cut the block in two the next time.
    lines = [line for line in block.split("\n") if not _MARKER.match(line)]
    new = "\n".join([OPENING, *lines, CLOSING])
    spans = _spans(existing, previous)
    if not spans:
        return f"{new}\n\n{existing}" if existing else new
    (start, end), *duplicates = spans
    for extra_start, extra_end in reversed(duplicates):
        existing = existing[:extra_start] + existing[_after_line(existing, extra_end) :]
    return existing[:start] + new + existing[end:]


def _after_line(text: str, end: int) -> int:
    found = re.compile(r"\r?\n").match(text, end)
    return found.end() if found else end


def _spans(text: str, previous: str) -> list[tuple[int, int]]:
    """Where the service's own text stands, markers included: whole lines, in order, none overlapping."""
    spans: list[tuple[int, int]] = []
    opened: re.Match[str] | None = None
    for marker in _MARKER.finditer(text):
        if not marker["end"]:
            if opened is not None:
                spans.append((opened.start(), _forward(text, opened.end(), marker.start(), previous)))
            opened = marker
        elif opened is not None:
            spans.append((opened.start(), marker.end()))
            opened = None
        else:
            floor = spans[-1][1] if spans else 0
            spans.append((_backward(text, floor, marker.start(), previous), marker.end()))
    if opened is not None:
        spans.append((opened.start(), _forward(text, opened.end(), len(text), previous)))
    if not spans and "\n" in previous.strip():  # both markers are gone; a single line could be anybody's
        found = re.search(rf"^{re.escape(previous)}(?=\r?$)", text, re.MULTILINE)
        if found:
            spans.append(found.span())
    return spans


def _forward(text: str, start: int, stop: int, previous: str) -> int:
    """The end of the block whose closing marker is gone."""
    end = start
    for paragraph in _PARAGRAPH.finditer(text, start, stop):
        own = _own_lines(paragraph[0].split("\n"), previous)
        if not own:
            break
        lines = paragraph[0].split("\n")
        end = paragraph.start() + len("\n".join(lines[:own]))
        if own < len(lines):
            break
    return end - 1 if text[end - 1 : end] == "\r" else end


def _backward(text: str, floor: int, stop: int, previous: str) -> int:
    """The start of the block whose opening marker is gone."""
    start = stop
    for paragraph in reversed(list(_PARAGRAPH.finditer(text, floor, stop))):
        lines = paragraph[0].split("\n")
        own = _own_lines(lines[::-1], previous) if previous else (len(lines) if lines[0].startswith(_OWN) else 0)
        if not own:
            break
        start = paragraph.end() - len("\n".join(lines[len(lines) - own :]))
        if own < len(lines):
            break
    return start


def _own_lines(lines: Sequence[str], previous: str) -> int:
    """How many of a paragraph's lines, from the block's side, are the block's."""
    if not previous:
        return len(lines) if lines[0].startswith(_OWN) else 0
    known = {line.strip() for line in previous.split("\n")}
    count = 0
    for line in lines:
        if line.strip() not in known:
            break
        count += 1
    return count

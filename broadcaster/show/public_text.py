"""Words for viewers: pieces of text, titles, links and times in a form that YouTube accepts.

No `<`, `>` or control characters anywhere; titles have 1–100 characters (YouTube Data API v3, `videos`).
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, tzinfo

MAX_TITLE = 100

# Past 60 hashtags YouTube ignores them all; past a handful nobody reads them.
_HASHTAGS = 15

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")

_SPACES = re.compile(r"\s+")
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters
    "\ud800-\udfff"  # lone surrogates: a str that holds one cannot be sent at all
    "\u202a-\u202e\u2066-\u2069\ufeff"  # directions that would turn the rest round; byte order mark
    "\ufdd0-\ufdef" + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)) + "]"
)
_READABLE = (
    (re.compile(r"<3(?!\d)"), "♥"),
    (re.compile(r"</3(?!\d)"), "💔"),
    (re.compile(r"<[-=]+>"), "↔"),
    (re.compile(r"[-=]+>"), "→"),
    (re.compile(r"<-+"), "←"),
    (re.compile(r"<="), "≤"),
    (re.compile(r">="), "≥"),
    (re.compile(r"<<"), "«"),
    (re.compile(r">>"), "»"),
    (re.compile(r"<"), "‹"),
    (re.compile(r">"), "›"),
)
_HTTPS = re.compile(r"https://[^\s/?#@<>\"\\]+(?:[/?#][^\s<>\"\\]*)?", re.IGNORECASE)


def clean(text: str) -> str:
    """One line that YouTube accepts and its author still recognises: "Kopi <3" becomes "Kopi ♥"."""
    text = _FORBIDDEN.sub("", _SPACES.sub(" ", text))
    if "<" in text or ">" in text:
        for pattern, sign in _READABLE:
            text = pattern.sub(sign, text)
    return _SPACES.sub(" ", text).strip()


def clean_link(link: str) -> str:
    """The link when it is a plain https link, else nothing: viewers are sent nowhere else."""
    link = link.strip()
    return link if _HTTPS.fullmatch(link) and not _FORBIDDEN.search(link) else ""


def clean_hashtags(tags: Sequence[str]) -> tuple[str, ...]:
    """Words behind a #, each once, at most 15: "batik pekalongan" becomes "#batikpekalongan"."""
    words = (re.sub(r"\W+", "", clean(tag)) for tag in tags)
    each = {word.casefold(): f"#{word}" for word in words if word}
    return tuple(each.values())[:_HASHTAGS]


def clean_title(text: str, otherwise: str = "Siaran langsung") -> str:
    """A title of 1–100 characters for a video; `otherwise` when nothing of `text` is left."""
    # Counted in UTF-16 units (an emoji is two): that satisfies any other way of counting, too.
    return shorten(clean(text), MAX_TITLE, _utf16) or otherwise


def local_time(instant: datetime, timezone: str, at: datetime) -> str:
    """The time with its zone, "09.05 WIB"; the day before it when it is not the day of `at`: "besok 09.05 WIB"."""
    zone = _zone(timezone)
    local = instant.astimezone(zone)
    abbreviation = local.tzname() or "UTC"
    if abbreviation[0] in "+-":  # zones without letters of their own
        abbreviation = f"UTC{abbreviation}"
    time = f"{local:%H.%M} {abbreviation}"
    today = at.astimezone(zone).date()
    if local.date() == today:
        return time
    if local.date() == today + timedelta(days=1):
        return f"besok {time}"
    return f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {time}"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # A wrong zone is reported with the show's files; here the time still has its zone beside it.
        return ZoneInfo("UTC")


def size(text: str) -> int:
    """In bytes of UTF-8."""
    return len(text.encode())


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def shorten(text: str, limit: int, measure: Callable[[str], int] = len) -> str:
    """At most `limit`, cut between words where that loses little, with "…" for the rest; "" when hopeless."""
    if measure(text) <= limit:
        return text
    kept = text[: max(limit, 0)]
    while kept and measure(kept) + measure("…") > limit:
        kept = kept[:-1]
    space = kept.rfind(" ")
    if space > len(kept) * 2 // 3:
        kept = kept[:space]
    kept = kept.rstrip(" \u200d,.;:–-·")
    return f"{kept}…" if kept else ""

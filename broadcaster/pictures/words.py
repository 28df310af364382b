"""Words on pictures. Viewers are spoken to in Bahasa Indonesia, whatever the language of the control room."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from broadcaster.show.overlay_state import Part

NEXT = "Berikutnya"
STAND = "Stan"
SOON = "Segera kembali"
THANKS = "Terima kasih sudah menonton"

# Controls; what turns the direction of all that follows; what is not seen and only makes names differ; half characters.
_UNSHOWN = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Cn}\u00ad\u061c\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e001f]"
)
_MARKS = regex.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_MANY_MARKS = regex.compile(r"((?:\p{Mn}|\p{Me}){8})(?:\p{Mn}|\p{Me})+")


def one_line(text: str) -> str:
    """`text` as it can be set: one line, without what is not to be seen; at most three accents on a letter."""
    text = _UNSHOWN.sub("", regex.sub(r"\s+", " ", text))
    text = unicodedata.normalize("NFC", regex.sub(r" +", " ", text))
    text = _MANY_MARKS.sub(r"\1", _MARKS.sub(r"\1", text)).strip()
    return text if regex.search(r"[^\s\p{M}\p{Cf}\p{Zs}]", text) else ""


def shown(part: Part) -> Part:
    """The part with each of its texts as it can be set; a link stays exactly as it is."""
    texts = {field.name: one_line(getattr(part, field.name)) for field in fields(part) if field.name != "link"}
    if "category" in texts:
        # "olahan ikan" in a table, "Olahan ikan" on a chip.
        texts["category"] = texts["category"][:1].upper() + texts["category"][1:]
    return replace(part, **texts)  # type: ignore[arg-type]


def is_rtl(text: str) -> bool:
    """Whether the text begins in a script that runs from right to left."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False

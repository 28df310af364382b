"""Words that viewers read: what YouTube refuses in them, and what would spoil a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from broadcaster.schedule_files.problems import ProblemList

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def cleaned(text: str, line: int, what: str, problems: ProblemList) -> str:
    """`text` on one line, without characters that steer terminals or turn lines around; those are warned of."""
    if _CONTROL.search(text):
        problems.warning(
            line,
            _("%(what)s contains an invisible control character; it is left out.", what=what),
            _("Type the text again instead of pasting it."),
        )
        text = _CONTROL.sub("", text)
    if "<" in text or ">" in text:
        problems.warning(
            line,
            _("%(what)s contains < or >, which YouTube refuses; the description shows other signs instead.", what=what),
            _("Leave < and > out."),
        )
    return " ".join(text.split())

"""Checked access to the keys of a TOML table: what is unknown, missing or of the wrong type is told with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from broadcaster.language import gettext as _
from broadcaster.schedule_files.problems import ProblemList, did_you_mean, one_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from enum import StrEnum

    from broadcaster.schedule_files.toml_layout import Key
    from broadcaster.schedule_files.toml_text import Document

Choice = TypeVar("Choice", bound="StrEnum")


class Table:
    """One table of a document. `spoilt` when a line in it could not be read: then nothing in it is missing."""

    def __init__(
        self, values: dict[str, Any], document: Document, problems: ProblemList, key: Key = (), *, spoilt: bool = False
    ) -> None:
        self.values = values
        self.problems = problems
        self.spoilt = spoilt
        self._document = document
        self._key = key

    def line(self, *key: str | int) -> int:
        return self._document.layout.line(*self._key, *key)

    def refuse_unknown(self, known: Collection[str]) -> None:
        for key in self.values.keys() - known:
            self.problems.error(self.line(key), _("Unknown key “%(key)s”.", key=key), did_you_mean(key, sorted(known)))

    def missing(self, key: str, hint: str = "") -> None:
        if not self.spoilt:
            self.problems.error(self.line(), _("“%(key)s” is missing.", key=key), hint)

    def text(self, key: str, hint: str = "", *, required: bool = False) -> str:
        """A text without outer blanks; "" when absent, empty or wrong. `hint` tells how to write it."""
        value = self.values.get(key)
        if isinstance(value, str):
            text = value.strip()
            if not text and required:
                self.problems.error(self.line(key), _("“%(key)s” is empty.", key=key), hint)
            return text
        if value is not None:
            self.wrong(key, _("a text"), _('Put it between two ".'))
        elif required:
            self.missing(key, hint)
        return ""

    def texts(self, key: str) -> list[tuple[str, int]]:
        """The texts of a list, each with its line."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self.wrong(key, _("a list of texts"), _('Write it like %(key)s = ["one", "two"].', key=key))
            return []
        return [(entry.strip(), self.line(key, place)) for place, entry in enumerate(value) if entry.strip()]

    def flag(self, key: str) -> bool:
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(key, "true / false", _("Write %(key)s = true or %(key)s = false, without quotation marks.", key=key))
        return False

    def choice(self, key: str, default: Choice) -> Choice:
        """A word of an enumeration; `default` when absent or wrong."""
        return self.optional_choice(key, type(default)) or default

    def optional_choice(self, key: str, words: type[Choice]) -> Choice | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value.strip() in {word.value for word in words}:
            return words(value.strip())
        known = [word.value for word in words]
        hint = did_you_mean(value, known) if isinstance(value, str) else one_of(known)
        self.problems.error(
            self.line(key), _("%(key)s cannot be %(value)s.", key=key, value=_shown(value)), hint or one_of(known)
        )
        return None

    def wrong(self, key: str, wanted: str, hint: str) -> None:
        self.problems.error(
            self.line(key),
            _(
                "“%(key)s” must be %(wanted)s, not %(value)s.",
                key=key,
                wanted=wanted,
                value=_shown(self.values.get(key)),
            ),
            hint,
        )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = f"“{value}”" if isinstance(value, str) else str(value)
    except ValueError:  # an integer of thousands of digits
        text = _("a huge number")
    text = "".join(letter if letter.isprintable() else "·" for letter in text)
    return text if len(text) <= 60 else text[:59] + "…"

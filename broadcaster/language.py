"""Bahasa Indonesia and English. Messages are written in English and translated where people read them."""

from __future__ import annotations

import gettext as _gettext
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("id", "en")
CATALOGUES = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("language", default="en")


def use(language: str) -> None:
    """Speak `language` ("id" or "en") in this context from here on."""
    _current.set(language)


def current() -> str:
    return _current.get()


@cache
def _translations(language: str) -> _gettext.NullTranslations:
    # Compiled in memory from the .po file: there is no build step to forget, and it costs some 20 ms once.
    path = CATALOGUES / language / "LC_MESSAGES" / "broadcaster.po"
    if not path.exists():
        return _gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def gettext(message: str, /, **values: object) -> str:
    """`message` in the current language, its %(named)s parts filled in. Import it as `_`."""
    text = _translations(_current.get()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    return _translations(_current.get()).ngettext(one, many, n) % {"n": n, **values}

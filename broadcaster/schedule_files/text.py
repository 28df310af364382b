"""Bytes to text. People's files come from Excel, Notepad and phones; what is not UTF-8 is called by its name."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from broadcaster.schedule_files.problems import ProblemList

BOM = "\ufeff"


def decode(content: bytes, problems: ProblemList) -> str | None:
    """The text without its byte order mark; None when it is not UTF-8, which is then reported."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        message, hint = _diagnosis(content, error)
        problems.error(1 if content[:1] in {b"\xff", b"\xfe", b"P", b"\xd0"} else line, message, hint)
        return None


def _diagnosis(content: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    save_as = _("Save it as UTF-8 (in Excel: “CSV UTF-8”; in Notepad: encoding “UTF-8”).")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _("The file is UTF-16 (“Unicode text”), not UTF-8."), save_as
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return (
            _("The file is an office document or a ZIP file, not text."),
            _("Open it in its program and save it as “CSV UTF-8”; renaming is not enough."),
        )
    bad = content[error.start : error.start + 1]
    try:
        # What the person meant, if the file comes from Windows; five bytes are undefined there.
        meant = bad.decode("cp1252")
    except UnicodeDecodeError:
        return _("The file is not UTF-8 (byte 0x%(byte)s).", byte=bad.hex()), save_as
    if b"\0" in content:
        return _("The file is not text (byte 0x%(byte)s).", byte=bad.hex()), save_as
    return (
        _("The file is not UTF-8; it looks like Windows-1252 (“%(letter)s”).", letter=meant),
        save_as,
    )

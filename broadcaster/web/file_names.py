"""Names of files that people send, made safe to write and easy to name in the show's files."""

from __future__ import annotations

import re
import unicodedata

from broadcaster.language import gettext as _
from broadcaster.web.people import Unfit

LONGEST_STEM = 80
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def safe_name(name: str, suffixes: tuple[str, ...]) -> str:
    """Letters, digits, spaces and . _ - ( ) are kept; there is no folder in it, and it ends in one of `suffixes`.

    Raises:
        Unfit: nothing is left of it, or it is of another kind.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem, dot, kind = last.rpartition(".")
    suffix = f".{kind.lower().strip()}" if dot else ""
    if suffix not in suffixes:
        raise Unfit(
            _(
                "“%(name)s” is no file of a kind that can be used. Its name must end in one of these: %(suffixes)s",
                name=last[:100],
                suffixes=" ".join(suffixes),
            )
        )
    kept = "".join(letter if letter.isalnum() or letter in " ._-()" else "-" for letter in stem)
    # A file that begins with a point is hidden, and one that ends in a space cannot be opened on Windows.
    stem = re.sub(r"[ -]*-[ -]*", "-", re.sub(r"\s+", " ", kept)).strip(" .-")[:LONGEST_STEM].rstrip(" .-")
    while len(stem.encode()) > 200:
        stem = stem[:-1]
    if not stem or stem.lower() in _RESERVED:
        raise Unfit(_("“%(name)s” cannot be the name of a file. Give it another one.", name=last[:100]))
    return stem + suffix

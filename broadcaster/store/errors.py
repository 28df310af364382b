"""What can go wrong with a database, in words."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator


class StoreError(Exception):
    """The database did not do what was asked, and stored nothing. str() says what is wrong and what to do."""


DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})


@contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn the library's errors into StoreError. `where` names the database, without any password."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(explain(error, where)) from error


def primary_code(error: SQLAlchemyError) -> str:
    """SQLite's primary result code by name (SQLITE_BUSY for SQLITE_BUSY_SNAPSHOT); "" for other errors."""
    if not isinstance(error, DBAPIError) or not isinstance(error.orig, sqlite3.Error):
        return ""
    name: str = getattr(error.orig, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2])


def explain(error: SQLAlchemyError, where: str) -> str:
    match primary_code(error):
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return _(
                "The database %(where)s is locked by another program. "
                "Close the program that holds it (is Broadcaster running twice?) and try again.",
                where=where,
            )
        case "SQLITE_FULL":
            return _(
                "The disk is full: the database %(where)s cannot grow. Free some space on that disk.",
                where=where,
            )
        case "SQLITE_READONLY" | "SQLITE_CANTOPEN" | "SQLITE_PERM":
            return _(
                "The database %(where)s cannot be opened for writing. "
                "See that the file and its folder belong to the user who runs Broadcaster, "
                "and that the disk is not read-only.",
                where=where,
            )
        case "SQLITE_IOERR":
            return _(
                "The disk failed while the database %(where)s was read or written. "
                "Check the disk, or set [store] url in config.toml to another one.",
                where=where,
            )
        case code if code in DAMAGED:
            return _(
                "The database %(where)s is damaged. Restart Broadcaster: "
                "it sets the damaged file aside, keeps it, and starts with a new one.",
                where=where,
            )
    # Only the driver's own words: SQLAlchemy's text would carry the whole statement and its values.
    what = error.orig if isinstance(error, StatementError) else error
    return _("The database %(where)s refused: %(what)s", where=where, what=what)

"""One open database: one writer at a time, any number of readers."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, Table, make_url
from sqlalchemy.dialects import postgresql, sqlite

from broadcaster.store.errors import in_words
from broadcaster.store.opening import BUSY_TIMEOUT, is_memory, name_of, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import timedelta
    from pathlib import Path


class Database:
    """Named by an SQLAlchemy URL. Every use raises StoreError in words when it fails, and then has stored nothing."""

    damaged: Path | None
    """Where a damaged database was moved at opening; None when all was well. The operator must be told."""

    def __init__(self, url: str, *, busy_timeout: timedelta = BUSY_TIMEOUT) -> None:
        """Open the database, made and brought to the newest tables where needed.

        Raises:
            StoreError: it cannot be opened, or stayed locked for `busy_timeout`.

        """
        self._engine, self.damaged = open_database(url, busy_timeout)
        self._writer = self._engine.execution_options(begin="IMMEDIATE")
        self._where = name_of(make_url(url))
        self._write_lock = threading.Lock()
        # A database in memory lives in one connection, so that its readers wait their turn too.
        self._read_lock: AbstractContextManager[Any] = self._write_lock if is_memory(make_url(url)) else nullcontext()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction."""
        with self._write_lock, in_words(self._where), self._writer.begin() as connection:
            yield connection

    def read(self, query: Executable) -> Sequence[Any]:
        with self._read_lock, in_words(self._where), self._engine.connect() as connection:
            return connection.execute(query).all()

    def close(self) -> None:
        with self._write_lock:
            self._engine.dispose()


def upsert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert `rows`, or replace those whose primary key is there already."""
    if not rows:
        return
    dialect_insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = dialect_insert(table)
    replaced = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=replaced), rows)

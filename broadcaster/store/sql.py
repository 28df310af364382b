"""The store on an SQL database: SQLite as it comes, PostgreSQL by its URL."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Executable, Table, delete, func, insert, make_url, select
from sqlalchemy.dialects import postgresql, sqlite

from broadcaster.ports import ChatPost, JournalEntry, KnownBroadcast, KnownVideo, Revision
from broadcaster.show.as_run import AsRun
from broadcaster.store import tables as t
from broadcaster.store.errors import in_words
from broadcaster.store.opening import BUSY_TIMEOUT, is_memory, name_of, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime, timedelta
    from pathlib import Path

    from broadcaster.ports import Change, Json
    from broadcaster.show.rundown import ItemId


class SqlStore:
    """ports.Store on a database named by an SQLAlchemy URL.

    One writer at a time, any number of readers; every method raises StoreError in words when the database
    fails, and then has stored nothing.
    """

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

    def commit(self, change: Change) -> None:
        with self._writing() as connection:
            state = {"show": change.show, "at": change.at, "state": change.snapshot}
            _upsert(connection, t.snapshot, [state])
            rows = [{"show": change.show, **asdict(row)} for row in change.rows]
            _upsert(connection, t.as_run, rows)
            if change.journal:
                connection.execute(
                    insert(t.journal),
                    [
                        {
                            "show": change.show,
                            "at": entry.at,
                            "kind": entry.kind,
                            "values": dict(entry.values),
                        }
                        for entry in change.journal
                    ],
                )

    def snapshot(self, show: str) -> Json | None:
        rows = self._read(select(t.snapshot.c.state).where(t.snapshot.c.show == show))
        return cast("Json", rows[0].state) if rows else None

    def as_run(self, show: str, day: date | None = None) -> list[AsRun]:
        c = t.as_run.c
        # By the decided start, not the confirmed one: an item that was skipped between two others stays between them,
        # even when the second came a few milliseconds early.
        start = func.coalesce(c.expected_start, c.planned_start)
        query = (
            select(*(c[field.name] for field in fields(AsRun)))
            .where(c.show == show)
            .order_by(c.day, start.nulls_last(), c.cue, c.item, c.airing)
        )
        if day is not None:
            query = query.where(c.day == day)
        return [AsRun(*row) for row in self._read(query)]

    def journal(self, show: str, limit: int = 200) -> list[JournalEntry]:
        c = t.journal.c
        query = select(c.at, c.kind, c["values"]).where(c.show == show).order_by(c.id.desc()).limit(limit)
        return [JournalEntry(at, kind, values) for at, kind, values in self._read(query)]

    def add_revision(self, show: str, revision: Revision) -> None:
        with self._writing() as connection:
            connection.execute(insert(t.description_revision), [{"show": show, **asdict(revision)}])

    def revisions(self, show: str, limit: int | None = None) -> list[Revision]:
        c = t.description_revision.c
        query = select(c.at, c.item, c.text, c.state, c.detail).where(c.show == show).order_by(c.id.desc()).limit(limit)
        return [Revision(*row) for row in reversed(self._read(query))]

    def spend(self, at: datetime, method: str, units: int) -> None:
        with self._writing() as connection:
            connection.execute(insert(t.quota_ledger), [{"at": at, "method": method, "units": units}])

    def spent(self, since: datetime) -> int:
        c = t.quota_ledger.c
        rows = self._read(select(func.coalesce(func.sum(c.units), 0)).where(c.at >= since))
        return int(rows[0][0])

    def broadcasts(self, show: str) -> list[KnownBroadcast]:
        c = t.broadcast.c
        columns = (c[field.name] for field in fields(KnownBroadcast))
        query = select(*columns).where(c.show == show).order_by(c.day, c.number)
        return [KnownBroadcast(*row) for row in self._read(query)]

    def keep_broadcast(self, show: str, known: KnownBroadcast) -> None:
        with self._writing() as connection:
            _upsert(connection, t.broadcast, [{"show": show, **asdict(known)}])

    def known_video(self, video: str) -> KnownVideo | None:
        c = t.known_video.c
        columns = (c[field.name] for field in fields(KnownVideo))
        rows = [KnownVideo(*row) for row in self._read(select(*columns).where(c.video == video))]
        return replace(rows[0], titles=tuple(rows[0].titles)) if rows else None

    def keep_video(self, known: KnownVideo) -> None:
        with self._writing() as connection:
            _upsert(connection, t.known_video, [{**asdict(known), "titles": list(known.titles)}])

    def chat_post(self, video: str, item: ItemId) -> ChatPost | None:
        c = t.chat_post.c
        columns = (c[field.name] for field in fields(ChatPost))
        rows = self._read(select(*columns).where(c.video == video, c.item == item))
        return ChatPost(*rows[0]) if rows else None

    def keep_chat_post(self, post: ChatPost) -> None:
        with self._writing() as connection:
            _upsert(connection, t.chat_post, [asdict(post)])

    def prune(self, before: datetime) -> int:
        with self._writing() as connection:
            return connection.execute(delete(t.journal).where(t.journal.c.at < before)).rowcount

    def forget(self, show: str) -> None:
        with self._writing() as connection:
            for table in (t.snapshot, t.as_run, t.journal, t.description_revision):
                connection.execute(delete(table).where(table.c.show == show))

    def close(self) -> None:
        with self._write_lock:
            self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._write_lock, in_words(self._where), self._writer.begin() as connection:
            yield connection

    def _read(self, query: Executable) -> Sequence[Any]:
        with self._read_lock, in_words(self._where), self._engine.connect() as connection:
            return connection.execute(query).all()


def _upsert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert `rows`, or replace those whose primary key is there already."""
    if not rows:
        return
    dialect_insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = dialect_insert(table)
    replaced = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=replaced), rows)

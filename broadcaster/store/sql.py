"""The store on an SQL database: SQLite as it comes, PostgreSQL by its URL."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, func, insert, select

from broadcaster.ports import ChatPost, JournalEntry, KnownBroadcast, KnownVideo, Revision
from broadcaster.show.as_run import AsRun
from broadcaster.store import tables as t
from broadcaster.store.database import Database, upsert
from broadcaster.store.opening import BUSY_TIMEOUT

if TYPE_CHECKING:
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
        self.database = Database(url, busy_timeout=busy_timeout)
        self.damaged = self.database.damaged

    def commit(self, change: Change) -> None:
        with self.database.writing() as connection:
            state = {"show": change.show, "at": change.at, "state": change.snapshot}
            upsert(connection, t.snapshot, [state])
            rows = [{"show": change.show, **asdict(row)} for row in change.rows]
            upsert(connection, t.as_run, rows)
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
        rows = self.database.read(select(t.snapshot.c.state).where(t.snapshot.c.show == show))
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
        return [AsRun(*row) for row in self.database.read(query)]

    def journal(self, show: str, limit: int = 200) -> list[JournalEntry]:
        c = t.journal.c
        query = select(c.at, c.kind, c["values"]).where(c.show == show).order_by(c.id.desc()).limit(limit)
        return [JournalEntry(at, kind, values) for at, kind, values in self.database.read(query)]

    def add_revision(self, show: str, revision: Revision) -> None:
        with self.database.writing() as connection:
            connection.execute(insert(t.description_revision), [{"show": show, **asdict(revision)}])

    def revisions(self, show: str, limit: int | None = None) -> list[Revision]:
        c = t.description_revision.c
        query = select(c.at, c.item, c.text, c.state, c.detail).where(c.show == show).order_by(c.id.desc()).limit(limit)
        return [Revision(*row) for row in reversed(self.database.read(query))]

    def spend(self, at: datetime, method: str, units: int) -> None:
        with self.database.writing() as connection:
            connection.execute(insert(t.quota_ledger), [{"at": at, "method": method, "units": units}])

    def spent(self, since: datetime) -> int:
        c = t.quota_ledger.c
        rows = self.database.read(select(func.coalesce(func.sum(c.units), 0)).where(c.at >= since))
        return int(rows[0][0])

    def broadcasts(self, show: str) -> list[KnownBroadcast]:
        c = t.broadcast.c
        columns = (c[field.name] for field in fields(KnownBroadcast))
        query = select(*columns).where(c.show == show).order_by(c.day, c.number)
        return [KnownBroadcast(*row) for row in self.database.read(query)]

    def keep_broadcast(self, show: str, known: KnownBroadcast) -> None:
        with self.database.writing() as connection:
            upsert(connection, t.broadcast, [{"show": show, **asdict(known)}])

    def known_video(self, video: str) -> KnownVideo | None:
        c = t.known_video.c
        columns = (c[field.name] for field in fields(KnownVideo))
        rows = [KnownVideo(*row) for row in self.database.read(select(*columns).where(c.video == video))]
        return replace(rows[0], titles=tuple(rows[0].titles)) if rows else None

    def keep_video(self, known: KnownVideo) -> None:
        with self.database.writing() as connection:
            upsert(connection, t.known_video, [{**asdict(known), "titles": list(known.titles)}])

    def chat_post(self, video: str, item: ItemId) -> ChatPost | None:
        c = t.chat_post.c
        columns = (c[field.name] for field in fields(ChatPost))
        rows = self.database.read(select(*columns).where(c.video == video, c.item == item))
        return ChatPost(*rows[0]) if rows else None

    def keep_chat_post(self, post: ChatPost) -> None:
        with self.database.writing() as connection:
            upsert(connection, t.chat_post, [asdict(post)])

    def prune(self, before: datetime) -> int:
        with self.database.writing() as connection:
            return connection.execute(delete(t.journal).where(t.journal.c.at < before)).rowcount

    def forget(self, show: str) -> None:
        with self.database.writing() as connection:
            for table in (t.snapshot, t.as_run, t.journal, t.description_revision):
                connection.execute(delete(table).where(table.c.show == show))

    def close(self) -> None:
        self.database.close()

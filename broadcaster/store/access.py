"""People, sessions, tokens and deeds in the database: access.AccessStore."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from broadcaster.access import Account, Deed, Right, Role, Session, Token
from broadcaster.store import tables as t
from broadcaster.store.database import upsert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table

    from broadcaster.store.database import Database


class SqlAccess:
    """access.AccessStore. Raises StoreError in words when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ------------------------------------------------------------- people

    def accounts(self) -> list[Account]:
        query = select(*_columns(t.account, Account)).order_by(t.account.c.name)
        return [Account(*row) for row in self._database.read(query)]

    def put_account(self, account: Account) -> None:
        with self._database.writing() as connection:
            upsert(connection, t.account, [asdict(account)])

    def remove_account(self, name: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(t.session).where(t.session.c.account == name))
            connection.execute(delete(t.account).where(t.account.c.name == name))

    # ----------------------------------------------------------- sessions

    def sessions(self) -> list[Session]:
        query = select(*_columns(t.session, Session)).order_by(t.session.c.created_at.desc(), t.session.c.key)
        return [Session(*row) for row in self._database.read(query)]

    def session(self, key: str) -> tuple[Session, Role | None] | None:
        query = (
            select(*_columns(t.session, Session), t.account.c.role)
            .join_from(t.session, t.account, isouter=True)
            .where(t.session.c.key == key)
        )
        rows = self._database.read(query)
        return (Session(*rows[0][:-1]), rows[0][-1]) if rows else None

    def put_session(self, session: Session) -> None:
        is_there = select(t.account.c.name).where(t.account.c.name == session.account)
        with self._database.writing() as connection:
            # It may have been removed while its password was being checked.
            if session.account is None or connection.execute(is_there).first():
                upsert(connection, t.session, [asdict(session)])

    def touch_session(self, key: str, seen_at: datetime, expires_at: datetime) -> None:
        with self._database.writing() as connection:
            touched = update(t.session).where(t.session.c.key == key).values(seen_at=seen_at, expires_at=expires_at)
            connection.execute(touched)

    def end_session(self, key: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(t.session).where(t.session.c.key == key))

    def end_sessions_of(self, account: str | None, *, but: str = "") -> None:
        c = t.session.c
        with self._database.writing() as connection:
            connection.execute(delete(t.session).where(c.account.is_not_distinct_from(account), c.key != but))

    # ------------------------------------------------------------- tokens

    def tokens(self) -> list[Token]:
        query = select(*_columns(t.token, Token)).order_by(t.token.c.created_at.desc(), t.token.c.id)
        return [_token(row) for row in self._database.read(query)]

    def token(self, key: str) -> Token | None:
        rows = self._database.read(select(*_columns(t.token, Token)).where(t.token.c.key == key))
        return _token(rows[0]) if rows else None

    def put_token(self, token: Token) -> None:
        with self._database.writing() as connection:
            upsert(connection, t.token, [{**asdict(token), "rights": sorted(token.rights)}])

    def touch_token(self, token_id: str, at: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(update(t.token).where(t.token.c.id == token_id).values(used_at=at))

    def remove_token(self, token_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(t.token).where(t.token.c.id == token_id))

    # -------------------------------------------------------------- deeds

    def add_deed(self, deed: Deed) -> None:
        row = asdict(deed)
        del row["id"]
        with self._database.writing() as connection:
            connection.execute(insert(t.deed), [{**row, "values": dict(deed.values)}])

    def deeds(self, limit: int = 100, *, before: int | None = None, who: str = "", act: str = "") -> list[Deed]:
        c = t.deed.c
        query = select(*_columns(t.deed, Deed)).order_by(c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(c.id < before)
        if who:
            query = query.where(c.who == who)
        if act:
            query = query.where(c.act == act)
        return [Deed(*row) for row in self._database.read(query)]

    def prune_access(self, before: datetime, now: datetime) -> int:
        with self._database.writing() as connection:
            connection.execute(delete(t.session).where(t.session.c.expires_at <= now))
            return connection.execute(delete(t.deed).where(t.deed.c.at < before)).rowcount


def _columns(table: Table, record: type) -> list[Any]:
    return [table.c[field.name] for field in fields(record)]


def _token(row: Any) -> Token:
    token_id, label, rights, *rest = row
    return Token(token_id, label, frozenset(map(Right, rights)), *rest)

"""The tables. Changed only together with a migration in `broadcaster/migrations/versions/`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from broadcaster.access import Role
from broadcaster.show.as_run import Outcome
from broadcaster.show.rundown import ItemType

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy import Dialect


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC to the microsecond.

    PostgreSQL keeps it as timestamptz. SQLite has no such type and keeps text without a zone, of fixed width,
    so that it sorts and compares as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _word(words: type[StrEnum]) -> Enum:
    """A column of an enum's values as plain text: a new word needs no migration."""
    return Enum(words, native_enum=False, length=16, values_callable=lambda e: [word.value for word in e])


# SQLite numbers rows by itself only when the key is declared INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("show", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("state", JSON, nullable=False),
)

as_run = Table(
    "as_run",
    metadata,
    Column("show", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("airing", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("cue", String, nullable=False),
    Column("type", _word(ItemType), nullable=False),
    Column("title", Text, nullable=False),
    Column("exhibitor", String),
    Column("media", Text),
    Column("planned_start", Instant),
    Column("expected_start", Instant),
    Column("actual_start", Instant),
    Column("actual_end", Instant),
    Column("outcome", _word(Outcome)),
    Column("note", Text, nullable=False),
    Index(None, "show", "day"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("show", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("values", JSON, nullable=False),
    Index(None, "show", "id"),
    Index(None, "at"),
)

description_revision = Table(
    "description_revision",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("show", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("item", String),
    Column("text", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "show", "id"),
)

quota_ledger = Table(
    "quota_ledger",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("method", String, nullable=False),
    Column("units", Integer, nullable=False),
    Index(None, "at"),
)

known_video = Table(
    "known_video",
    metadata,
    Column("video", String, primary_key=True),
    Column("own_title", Text, nullable=False),
    Column("titles", JSON, nullable=False),
    Column("whole", Text, nullable=False),
    Column("begins", Instant),
    Column("ends", Instant),
    Column("finished_at", Instant),
)

chat_post = Table(
    "chat_post",
    metadata,
    Column("video", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String, nullable=False),
)

broadcast = Table(
    "broadcast",
    metadata,
    Column("show", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("video", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("asked", String, nullable=False),
    Column("asked_at", Instant),
    Column("hand", String, nullable=False),
    Column("made", Boolean, nullable=False),
    Column("thumbnail", String, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("role", _word(Role), nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("account", ForeignKey(account.c.name, ondelete="CASCADE")),
    Column("name", String(80), nullable=False),
    Column("address", String(80), nullable=False),
    Column("browser", String(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "account"),
)

token = Table(
    "token",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("label", String(80), nullable=False),
    Column("rights", JSON, nullable=False),
    Column("key", String(64), nullable=False, unique=True),
    Column("created_by", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
)

deed = Table(
    "deed",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("via", String(16), nullable=False),
    Column("address", String(80), nullable=False),
    Column("act", String(80), nullable=False),
    Column("status", Integer, nullable=False),
    Column("values", JSON, nullable=False),
    Index(None, "at"),
    Index(None, "who", "id"),
    Index(None, "act", "id"),
)

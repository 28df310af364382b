"""Opening a database: the file and its rights, the connections' settings, the newest tables."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import QueuePool, StaticPool

from broadcaster.language import gettext as _
from broadcaster.store.errors import DAMAGED, StoreError, in_words, primary_code

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent.parent / "migrations"

BUSY_TIMEOUT = timedelta(seconds=5)
"""How long a write waits for another program's. A report's reading never blocks: the journal mode is WAL."""


def open_database(url: str, busy_timeout: timedelta) -> tuple[Engine, Path | None]:
    """An engine on a database with the newest tables; and where a damaged file was moved, if that was needed.

    A damaged SQLite file is renamed to `<name>.damaged-<time>`, and a new one is begun: the show is worth
    more than its history, and the history is kept for whoever can mend it.

    Raises:
        StoreError: it cannot be opened.

    """
    try:
        parsed = make_url(url)
        engine = _engine(parsed, busy_timeout)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        # The URL may hold a password, so it is not repeated.
        raise StoreError(
            _(
                "[store] url in config.toml is not a database that this installation can open (%(what)s). "
                "Example: sqlite:///var/broadcaster.db",
                what=error,
            )
        ) from error
    where = name_of(parsed)
    aside = None
    try:
        with in_words(where):
            path = _file_of(parsed)
            if path is not None:
                _prepare_file(path)
                if _is_damaged(engine):
                    engine.dispose()
                    aside = _set_aside(path)
                    _prepare_file(path)
            _migrate(engine, where)
    except StoreError:
        engine.dispose()
        raise
    return engine, aside


def name_of(url: URL) -> str:
    """The database as people know it: a file's path, else its URL without the password."""
    return str(_file_of(url) or url.render_as_string(hide_password=True))


def is_memory(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def _file_of(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or is_memory(url):
        return None
    return Path(url.database or "")


def _engine(url: URL, busy_timeout: timedelta) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(
        url,
        connect_args={"timeout": busy_timeout.total_seconds(), "check_same_thread": False},
        poolclass=StaticPool if is_memory(url) else QueuePool,
    )
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_connection(connection: Any, _record: object) -> None:
    # Python's own transactions begin late and end at DDL; with none of them, BEGIN is ours (see _begin).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # NORMAL would let a power cut take the last commits with it.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when somebody wrote in between; one that
    # takes the write lock at its beginning waits its turn.
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _prepare_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before SQLite does it with the umask's rights. Its -wal and -shm files inherit them.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            _(
                "The database %(where)s cannot be made or opened: %(what)s. "
                "See that its folder belongs to the user who runs Broadcaster, "
                "or change [store] url in config.toml.",
                where=path,
                what=error.strerror or error,
            )
        ) from error


def _is_damaged(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return bool(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok")
    except DatabaseError as error:
        if primary_code(error) in DAMAGED:
            return True
        raise


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    # The -wal file holds the newest commits: it goes along under the name that SQLite looks for.
    for suffix in ("-wal", "-shm", ""):
        companion = Path(f"{path}{suffix}")
        if companion.exists():
            companion.rename(f"{aside}{suffix}")
    log.error("database %s is damaged; kept as %s, a new one begins", path, aside)
    return aside


def _migrate(engine: Engine, where: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        # One transaction that holds the write lock: of two programs that start together, one waits and then
        # finds all done.
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            _(
                "The database %(where)s was made by a newer Broadcaster (%(what)s). "
                "Update Broadcaster, or set [store] url in config.toml to another file.",
                where=where,
                what=error,
            )
        ) from error

"""Databases with the newest tables at once: copies of one that was brought there, as it is done in tests/store."""

from __future__ import annotations

import functools
import sqlite3
from typing import Any

from sqlalchemy import Engine, event

from broadcaster.store import Database


def in_memory() -> Database:
    content = _migrated()

    def copy_tables(connection: sqlite3.Connection, _record: object) -> None:
        _, _, file = connection.execute("PRAGMA database_list").fetchone()
        if not file:
            connection.deserialize(content)

    event.listen(Engine, "connect", copy_tables)
    try:
        return Database("sqlite:///:memory:")
    finally:
        event.remove(Engine, "connect", copy_tables)


@functools.cache
def _migrated() -> bytes:
    database = Database("sqlite:///:memory:")
    with database.writing() as connection:
        driver: Any = connection.connection.driver_connection
        content: bytes = driver.serialize()
    database.close()
    return content

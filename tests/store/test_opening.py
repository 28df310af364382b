"""Opening a database: whatever is found there, in words and without loss."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from broadcaster import language
from broadcaster.ports import Change
from broadcaster.store import SqlStore, StoreError, tables
from broadcaster.store.opening import MIGRATIONS

NINE = datetime(2026, 11, 25, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "expo.db"


@pytest.fixture
def url(path):
    return f"sqlite:///{path}"


def keep(url: str, n: int) -> None:
    store = SqlStore(url)
    store.commit(Change(NINE, "expo", {"n": n}))
    store.close()


def test_the_folder_is_made_and_only_the_owner_may_read_the_files(path, url):
    store = SqlStore(url)
    store.commit(Change(NINE, "expo", {"n": 1}))
    assert {"expo.db", "expo.db-shm", "expo.db-wal"} == {file.name for file in path.parent.iterdir()}
    assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)
    store.close()


def test_a_file_that_others_could_read_is_closed_to_them(path, url):
    keep(url, 1)
    path.chmod(0o644)
    keep(url, 2)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_what_was_stored_is_there_after_reopening(url):
    keep(url, 7)
    store = SqlStore(url)
    assert ({"n": 7}, None) == (store.snapshot("expo"), store.damaged)
    store.close()


def test_every_commit_reaches_the_disk(url):
    """WAL with synchronous=FULL: SQLite calls fsync before a commit returns."""
    store = SqlStore(url)
    with store.database._engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert ["wal", 2, 1, 5000] == settings
    store.close()


def test_migrations_make_exactly_the_tables_that_the_code_uses(url, path):
    SqlStore(url).close()
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, tables.metadata)


def test_migrations_can_be_undone(url):
    SqlStore(url).close()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert ["alembic_version"] == connection.dialect.get_table_names(connection)


def test_migrations_speak_postgresql_too():
    """Written out, with no PostgreSQL at hand: instants keep their zone, keys count by themselves."""
    out = StringIO()
    config = Config(output_buffer=out)
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["dialect"] = "postgresql"
    command.upgrade(config, "head", sql=True)
    assert "at TIMESTAMP WITH TIME ZONE NOT NULL" in out.getvalue()
    assert "id BIGSERIAL NOT NULL" in out.getvalue()


@pytest.mark.parametrize("damage", ["not a database", "torn in the middle", "a page overwritten"])
def test_a_damaged_database_is_set_aside_whole_and_a_new_one_begins(path, url, damage):
    """The show goes on without its history, and the history is kept for whoever can mend it."""
    keep(url, 1)
    match damage:
        case "not a database":
            path.write_bytes(b"rundown,day,start\n" * 1000)
        case "torn in the middle":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case _:
            content = bytearray(path.read_bytes())
            content[4096:8192] = b"\xff" * 4096
            path.write_bytes(content)
    before = path.read_bytes()

    store = SqlStore(url)
    store.commit(Change(NINE, "expo", {"n": 2}))

    assert {"n": 2} == store.snapshot("expo")
    assert store.damaged is not None
    assert store.damaged.name.startswith("expo.db.damaged-2")
    assert before == store.damaged.read_bytes()
    store.close()


def test_an_empty_file_is_a_new_database(path, url):
    path.parent.mkdir()
    path.touch()
    store = SqlStore(url)
    assert (None, None) == (store.damaged, store.snapshot("expo"))
    store.close()


def test_a_locked_database_is_named_and_left_as_it_is(path, url):
    keep(url, 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"expo\.db is locked by another program\. .* running twice"):
        SqlStore(url, busy_timeout=timedelta(milliseconds=20))
    other.execute("ROLLBACK")
    other.close()
    store = SqlStore(url)
    assert ({"n": 1}, None) == (store.snapshot("expo"), store.damaged)
    store.close()


def test_a_lock_while_the_show_runs_is_an_error_in_words_and_the_next_commit_works(path, url):
    store = SqlStore(url, busy_timeout=timedelta(milliseconds=20))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="is locked by another program"):
        store.commit(Change(NINE, "expo", {"n": 1}))
    other.execute("ROLLBACK")
    other.close()
    store.commit(Change(NINE, "expo", {"n": 2}))
    assert {"n": 2} == store.snapshot("expo")
    store.close()


def test_a_report_reads_while_the_service_writes(url):
    """Two programs, one database: the second sees what is committed and disturbs nothing."""
    service, report = SqlStore(url), SqlStore(url)
    service.commit(Change(NINE, "expo", {"n": 1}))
    with service.database.writing():
        assert {"n": 1} == report.snapshot("expo")
    report.close()
    service.close()


def test_a_database_of_a_newer_version_is_refused_untouched(path, url):
    keep(url, 1)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match=r"newer Broadcaster \(.*9999.*\)\. Update Broadcaster"):
        SqlStore(url)
    assert ["expo.db"] == [file.name for file in path.parent.iterdir()]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"var/expo\.db cannot be made or opened: .*"):
        SqlStore(f"sqlite:///{tmp_path}/var/expo.db")


def test_a_folder_in_the_files_place_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be made or opened: Is a directory"):
        SqlStore(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("bad", ["var/expo.db", "oracel://host/expo", ""])
def test_a_url_that_means_nothing_is_explained_with_an_example(bad):
    with pytest.raises(StoreError, match=r"sqlite:///var/broadcaster\.db"):
        SqlStore(bad)


def test_a_password_in_the_url_is_never_repeated():
    with pytest.raises(StoreError) as caught:
        SqlStore("nosuch://broadcaster:rahasia@db.example/expo")
    assert "rahasia" not in str(caught.value)


def test_errors_speak_the_language_of_the_service(tmp_path):
    """Whatever the catalogue says, the file's name and the fault are in it."""
    language.use("id")
    try:
        with pytest.raises(StoreError, match=str(tmp_path)):
            SqlStore(f"sqlite:///{tmp_path}")
    finally:
        language.use("en")

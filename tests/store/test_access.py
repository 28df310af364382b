"""What the store keeps about people, their sessions, machines and acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from broadcaster.access import AccessStore, Account, Deed, Right, Role, Session, Token
from broadcaster.store import Database, SqlAccess, SqlStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NINE = datetime(2026, 11, 25, 2, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
RINA = Account("rina", Role.OPERATOR, "$argon2id$…", NINE, NINE)
TOKEN = Token("0a1b", "Stream Deck", frozenset({Right.LOOK, Right.PRESS}), "k" * 64, "ada", NINE)


def session(key: str, account: str | None = "rina", *, at: datetime = NINE) -> Session:
    return Session(key, account, account or "Pak Budi", "192.168.1.30", "Firefox", at, at, at + HOUR)


def deed(act: str, who: str = "rina", at: datetime = NINE) -> Deed:
    return Deed(at, who, "session", "192.168.1.30", act, 200, {"item": "p-batik"})


@pytest.fixture(params=["file", "memory"])
def access(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlAccess]:
    database = Database(f"sqlite:///{tmp_path}/var/expo.db" if request.param == "file" else "sqlite:///:memory:")
    yield SqlAccess(database)
    database.close()


def test_it_is_what_the_control_room_asks_for(access: SqlAccess) -> None:
    kept: AccessStore = access
    assert ([], [], [], []) == (kept.accounts(), kept.sessions(), kept.tokens(), kept.deeds())


def test_an_account_comes_back_as_it_was_put_and_is_replaced_by_name(access: SqlAccess) -> None:
    access.put_account(RINA)
    access.put_account(replace(RINA, role=Role.ADMIN))
    access.put_account(replace(RINA, name="ada"))

    assert ["ada", "rina"] == [account.name for account in access.accounts()]
    assert replace(RINA, role=Role.ADMIN) == access.accounts()[1]


def test_a_session_that_has_ended_is_not_brought_back_by_its_last_request(access: SqlAccess) -> None:
    access.put_account(RINA)
    access.put_session(session("a"))
    access.touch_session("a", NINE + HOUR, NINE + 2 * HOUR)
    touched = access.session("a")
    access.end_session("a")
    access.touch_session("a", NINE + HOUR, NINE + 3 * HOUR)

    assert (replace(session("a"), seen_at=NINE + HOUR, expires_at=NINE + 2 * HOUR), Role.OPERATOR) == touched
    assert None is access.session("a")


def test_a_session_comes_with_the_role_that_its_account_has_now(access: SqlAccess) -> None:
    access.put_account(RINA)
    access.put_session(session("a"))
    access.put_session(session("b", None))
    access.put_account(replace(RINA, role=Role.VIEWER))

    assert (session("a"), Role.VIEWER) == access.session("a")
    assert (session("b", None), None) == access.session("b")
    assert access.session("c") is None


def test_whoever_is_removed_has_no_sessions_and_gets_none(access: SqlAccess) -> None:
    """A sign-in may be under way."""
    access.put_account(RINA)
    access.put_session(session("a"))
    access.remove_account("rina")
    access.put_session(session("b"))

    assert ([], []) == (access.accounts(), access.sessions())


def test_sessions_are_ended_one_by_one_or_all_but_one(access: SqlAccess) -> None:
    access.put_account(RINA)
    for key, account in (("a", "rina"), ("b", "rina"), ("c", "rina"), ("d", None)):
        access.put_session(session(key, account))

    access.end_session("a")
    access.end_sessions_of("rina", but="b")
    assert ["b", "d"] == [each.key for each in access.sessions()]
    access.end_sessions_of(None)
    assert ["b"] == [each.key for each in access.sessions()]


def test_a_token_is_found_by_its_key_until_it_is_removed(access: SqlAccess) -> None:
    access.put_token(TOKEN)
    access.touch_token(TOKEN.id, NINE + HOUR)

    assert replace(TOKEN, used_at=NINE + HOUR) == access.token(TOKEN.key)
    access.remove_token(TOKEN.id)
    assert (None, []) == (access.token(TOKEN.key), access.tokens())


def test_deeds_are_read_from_the_newest_back_and_by_person_and_act(access: SqlAccess) -> None:
    for each in (deed("take"), deed("hold"), deed("take", "ada"), deed("take")):
        access.add_deed(each)
    newest, second, *_rest = access.deeds()

    assert replace(deed("take"), id=newest.id) == newest
    assert ["hold", "take"] == [each.act for each in access.deeds(before=second.id)]
    assert [newest.id] == [each.id for each in access.deeds(1, who="rina", act="take")]


def test_old_deeds_and_dead_sessions_are_dropped_and_nothing_else(access: SqlAccess) -> None:
    access.put_account(RINA)
    access.put_token(TOKEN)
    access.put_session(session("old", at=NINE - HOUR))
    access.put_session(session("new"))
    access.add_deed(deed("take", at=NINE - HOUR))
    access.add_deed(deed("hold"))

    dropped = access.prune_access(NINE, NINE)

    assert (1, ["hold"], ["new"], 1, 1) == (
        dropped,
        [each.act for each in access.deeds()],
        [each.key for each in access.sessions()],
        len(access.accounts()),
        len(access.tokens()),
    )


def test_people_are_in_the_database_of_the_show_and_survive_a_restart(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/expo.db")
    SqlAccess(store.database).put_account(RINA)
    store.close()

    again = Database(f"sqlite:///{tmp_path}/expo.db")
    assert [RINA] == SqlAccess(again).accounts()
    again.close()

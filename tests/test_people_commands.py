"""Who may come in, from the machine's own command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from broadcaster.access import Role
from broadcaster.commands import app
from broadcaster.store import Database, SqlAccess
from broadcaster.web import people as web_people
from broadcaster.web.people import People
from tests.web.people import CHEAP

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

PASSWORD = "kain batik tulis"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(web_people, "PasswordHasher", lambda: CHEAP)
    (tmp_path / "config.toml").write_text('language = "en"\n')
    return tmp_path


def call(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, ["people", *arguments], input=given)


def kept(place: Path) -> SqlAccess:
    return SqlAccess(Database(f"sqlite:///{place}/var/broadcaster.db"))


def test_the_first_account_is_made_on_the_machine_itself(place: Path) -> None:
    result = call("add", "Rina", "--role", "admin", given=f"{PASSWORD}\n")

    assert (0, "✓ rina may sign in, as admin.") == (result.exit_code, result.output.strip())
    assert PASSWORD not in (place / "var/broadcaster.db").read_bytes().decode("latin-1")
    assert [("rina", Role.ADMIN)] == [(account.name, account.role) for account in kept(place).accounts()]


def test_the_first_account_is_an_admins() -> None:
    result = call("add", "rina", given=f"{PASSWORD}\n")

    assert (2, True) == (result.exit_code, "must be an admin" in result.output)


@pytest.mark.parametrize("arguments", [("role", "budi", "viewer"), ("password", "budi"), ("remove", "budi")])
def test_nobody_cannot_be_changed(arguments: tuple[str, ...]) -> None:
    result = call(*arguments, given=f"{PASSWORD}\n")

    assert (2, True) == (result.exit_code, "nobody called budi" in result.output)


def test_people_are_listed_changed_and_removed(place: Path) -> None:
    call("add", "rina", "--role", "admin", given=f"{PASSWORD}\n")
    call("add", "budi", given=f"{PASSWORD}\n")
    call("role", "budi", "operator")
    call("password", "budi", given="tenun ikat troso\n")

    listed = json.loads(call("list", "--json").stdout)
    assert [("budi", "operator"), ("rina", "admin")] == [(each["name"], each["role"]) for each in listed]
    assert "budi" in call("list").output
    assert People(kept(place), hasher=CHEAP)._check("budi", "tenun ikat troso") is not None
    assert 2 == call("remove", "rina").exit_code
    assert [0, 0] == [call("remove", "budi").exit_code, call("remove", "rina").exit_code]
    assert "nobody has to sign in" in call("list").output
    assert ["remove person", "remove person", "change person", "change person", "add person", "add person"] == [
        deed.act for deed in kept(place).deeds()
    ]
    assert {"command"} == {deed.via for deed in kept(place).deeds()}


@pytest.mark.parametrize("name", ["", "-rina", "rina wulandari", "rína", "x" * 41, "../rina"])
def test_a_name_that_cannot_be_used_is_refused_with_what_can(name: str) -> None:
    result = call("add", "--role", "admin", "--", name, given=f"{PASSWORD}\n")

    assert (2, True) == (result.exit_code, "letters a to z" in " ".join(result.output.split()))


@pytest.mark.parametrize("password", ["", "kurang", "x" * 201, "rina123456", "aaaaaaaaaaaa"])
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    assert 2 == call("add", "rina", "--role", "admin", given=f"{password}\n").exit_code

"""`people`: who may come into the control room, from the machine itself."""

from __future__ import annotations

import getpass
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from broadcaster.access import Deed, Role
from broadcaster.commands import options
from broadcaster.commands.options import CONFIG, AsJson, Config, escape, fail, out
from broadcaster.language import gettext as _
from broadcaster.store import Database, SqlAccess, StoreError
from broadcaster.web.people import People, Unfit, now_utc
from broadcaster.web.people_api import account_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help=_("Name of the account."))]
OfRole = Annotated[Role, typer.Option("--role", help=_("What the person may do."))]


@app.command("add", help=_("Add somebody; the password is asked for, or read from standard input."))
def add(name: Name, role: OfRole = Role.VIEWER, config: Config = CONFIG) -> None:
    with _at_the_door(config, "add person", {"name": name, "role": role.value}) as people:
        account = people.add(name, role, _new_password())
        _done(_("%(name)s may sign in, as %(role)s.", name=account.name, role=account.role.value))


@app.command("list", help=_("Who there is."))
def list_(config: Config = CONFIG, as_json: AsJson = False) -> None:
    with _at_the_door(config) as people:
        accounts = people.all()
    if as_json:
        options.print_json([account_json(account) for account in accounts])
        return
    if not accounts:
        out.print(_("There are no accounts: on this machine nobody has to sign in."))
        return
    table = Table(_("Name"), _("Role"), _("Password of"), box=SIMPLE_HEAD)
    for account in accounts:
        table.add_row(escape(account.name), account.role.value, f"{account.changed_at.astimezone():%Y-%m-%d %H:%M %Z}")
    out.print(table)


@app.command("role", help=_("Let somebody do more, or less."))
def role(
    name: Name,
    new: Annotated[Role, typer.Argument(metavar="ROLE", help=_("What the person may do."))],
    config: Config = CONFIG,
) -> None:
    with _at_the_door(config, "change person", {"name": name, "role": new.value}) as people:
        account = people.change(name, role=new)
        _done(_("%(name)s is now %(role)s.", name=account.name, role=account.role.value))


@app.command("password", help=_("Give somebody a new password, and sign them out everywhere."))
def password(name: Name, config: Config = CONFIG) -> None:
    with _at_the_door(config, "change person", {"name": name, "password": "new"}) as people:
        if people.find(name) is None:
            raise Unfit(_("There is nobody called %(name)s.", name=name[:40]))
        people.change(name, password=_new_password())
        _done(_("The password of %(name)s is changed.", name=name.strip().lower()))


@app.command("remove", help=_("Remove somebody, who is signed out everywhere."))
def remove(name: Name, config: Config = CONFIG) -> None:
    with _at_the_door(config, "remove person", {"name": name}) as people:
        people.remove(name)
        _done(_("%(name)s is removed.", name=name.strip().lower()))


@contextmanager
def _at_the_door(config: Path, act: str = "", values: dict[str, Any] | None = None) -> Iterator[People]:
    """The people of that configuration. What is done is logged, as this machine's user."""
    settings = options.settings(config)
    try:
        database = Database(settings.store.url)
    except StoreError as error:
        fail(str(error))
    access = SqlAccess(database)
    people = People(access, may_be_empty=True)
    try:
        yield people
        if act:
            access.add_deed(Deed(now_utc(), getpass.getuser(), "command", "", act, 200, values or {}))
    except (Unfit, StoreError) as error:
        fail(str(error))
    finally:
        people.close()
        database.close()


def _new_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given: str = typer.prompt(_("Password"), hide_input=True, confirmation_prompt=_("Once more"), err=True)
    return given


def _done(sentence: str) -> None:
    out.print("[green]✓[/] " + escape(sentence), soft_wrap=True)

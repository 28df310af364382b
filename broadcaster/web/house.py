"""All that lets people in, built together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.config import ConfigError
from broadcaster.language import gettext as _
from broadcaster.web.audit import Audit
from broadcaster.web.clerk import Clerk
from broadcaster.web.gate import is_loopback
from broadcaster.web.password import Password
from broadcaster.web.people import People
from broadcaster.web.sessions import Sessions
from broadcaster.web.tokens import Tokens

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from broadcaster.access import AccessStore
    from broadcaster.config import Web


@dataclass(frozen=True, slots=True)
class House:
    store: AccessStore
    clerk: Clerk
    people: People
    sessions: Sessions
    tokens: Tokens
    audit: Audit

    def close(self) -> None:
        """Once all is written."""
        self.people.close()
        self.clerk.close()


def open_house(store: AccessStore, web: Web, *, hasher: PasswordHasher | None = None) -> House:
    """`hasher` is for tests, which cannot wait for a good one.

    Raises:
        ConfigError: it would listen beyond this machine, and nobody could be told from anybody.
    """
    password = Password(web.password)
    loopback = is_loopback(web.host)
    people = People(store, may_be_empty=loopback and not password.is_set, hasher=hasher)
    if not loopback and not password.is_set and not people.all():
        raise ConfigError(
            _(
                "[web] host = %(host)s lets other machines in, and there is neither an account nor a password. "
                "Make an account with `broadcaster people add NAME --role admin`, "
                "or set BROADCASTER_WEB__PASSWORD in the environment, or host = 127.0.0.1.",
                host=web.host,
            )
        )
    clerk = Clerk()
    return House(
        store=store,
        clerk=clerk,
        people=people,
        sessions=Sessions(store, people, password, clerk, is_loopback=loopback),
        tokens=Tokens(store),
        audit=Audit(store, clerk),
    )

"""Who may do what: rights and roles, and what is kept about people, their sessions, machines' tokens and acts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Right(StrEnum):
    """What a route asks of whoever calls it."""

    LOOK = "look"
    """See the control room."""
    EDIT = "edit"
    """Change the rundown and the exhibitors, and send files."""
    PRESS = "press"
    """Change what is on air."""
    RULE = "rule"
    """Say who may come in, and read what everybody did."""


class Role(StrEnum):
    """Each may all that the one before may."""

    VIEWER = "viewer"
    ORGANIZER = "organizer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def rights(self) -> frozenset[Right]:
        order = list(Role)
        return frozenset(list(Right)[: order.index(self) + 1])


MACHINE_RIGHTS = (Right.LOOK, Right.PRESS)
"""What a token may give: never the right to change the rundown, nor to rule."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
"""What an account may be called. Capitals are made small, so that Rina and rina are one person."""


@dataclass(frozen=True, slots=True)
class Account:
    """`password` is an Argon2 hash with its parameters, as argon2 writes it."""

    name: str
    role: Role
    password: str = field(repr=False)
    created_at: datetime
    changed_at: datetime
    """When the password was set."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. `key` is the SHA-256 of what its cookie holds.

    `account` is None for whoever has signed in with the shared password, under a name of their own choice.
    """

    key: str = field(repr=False)
    account: str | None
    name: str
    address: str
    browser: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a machine shows instead of a password. `key` is the SHA-256 of it; the token itself is shown once."""

    id: str
    label: str
    rights: frozenset[Right]
    key: str = field(repr=False)
    created_by: str
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit log. `status` is that of the answer; `values` is JSON, without secrets."""

    at: datetime
    who: str
    via: str
    address: str
    act: str
    status: int
    values: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


class AccessStore(Protocol):
    """Where all that is kept. Thread-safe. Every write is on disk when the call returns."""

    def accounts(self) -> list[Account]:
        """By name."""
        ...

    def put_account(self, account: Account) -> None: ...

    def remove_account(self, name: str) -> None:
        """And its sessions."""
        ...

    def sessions(self) -> list[Session]:
        """The newest first."""
        ...

    def session(self, key: str) -> tuple[Session, Role | None] | None:
        """With the role that its account has now."""
        ...

    def put_session(self, session: Session) -> None:
        """For an account that is gone, nothing is written."""
        ...

    def touch_session(self, key: str, seen_at: datetime, expires_at: datetime) -> None:
        """One that has ended stays ended."""
        ...

    def end_session(self, key: str) -> None: ...

    def end_sessions_of(self, account: str | None, *, but: str = "") -> None:
        """All of an account, or all of the shared password; but the one whose key is `but`."""
        ...

    def tokens(self) -> list[Token]:
        """The newest first."""
        ...

    def token(self, key: str) -> Token | None: ...

    def put_token(self, token: Token) -> None: ...

    def touch_token(self, token_id: str, at: datetime) -> None: ...

    def remove_token(self, token_id: str) -> None: ...

    def add_deed(self, deed: Deed) -> None: ...

    def deeds(self, limit: int = 100, *, before: int | None = None, who: str = "", act: str = "") -> list[Deed]:
        """The newest first; those with an id below `before`, of that person, of that act."""
        ...

    def prune_access(self, before: datetime, now: datetime) -> int:
        """Drop deeds older than `before` and sessions that have expired by `now`. Returns how many deeds went."""
        ...

"""Who is asking. The gate finds it out, and leaves it in the state of every request and socket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.access import Right, Role

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True)
class Visitor:
    """`via`: local | session | password | token | nobody. `role` is None for tokens and for nobody.

    `key` names the session, and is empty for all others. Locally, where nobody signs in, the name is empty.
    """

    name: str
    rights: frozenset[Right]
    via: str
    role: Role | None = None
    account: str | None = None
    key: str = ""

    def may(self, right: Right | str | None) -> bool:
        """None is what everybody may."""
        return right is None or Right(right) in self.rights


NOBODY = Visitor("", frozenset(), "nobody")
LOCAL = Visitor("", Role.ADMIN.rights, "local", Role.ADMIN)


def visitor_of(connection: HTTPConnection) -> Visitor:
    found = getattr(connection.state, "visitor", NOBODY)
    return found if isinstance(found, Visitor) else NOBODY


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else "?"


def by(connection: HTTPConnection) -> str:
    """Who does it and from where, as the show's own record wants it."""
    name, address = visitor_of(connection).name, address_of(connection)
    return f"{name}@{address}" if name else address

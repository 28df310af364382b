"""A place for people, in memory, whose passwords are hashed quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from broadcaster.store import SqlAccess
from broadcaster.web.people import People
from tests.databases import in_memory

if TYPE_CHECKING:
    from broadcaster.access import Role

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def nobody() -> SqlAccess:
    """Without accounts."""
    return SqlAccess(in_memory())


def password_of(name: str) -> str:
    return f"{name} has a long password"


def with_people(**roles: Role) -> SqlAccess:
    """Accounts by name; the admin first. Each has the password `password_of(name)`."""
    access = nobody()
    people = People(access, hasher=CHEAP)
    for name, role in sorted(roles.items(), key=lambda each: each[1] != "admin"):
        people.add(name, role, password_of(name))
    people.close()
    return access

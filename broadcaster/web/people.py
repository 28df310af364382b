"""Accounts: who there is, what each may, and their passwords."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from broadcaster.access import NAME, Account, Role
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.access import AccessStore

SHORTEST, LONGEST = 10, 200
"""Letters of a password. The longest keeps a hash from being a way to keep the machine busy."""

WAITING = 16
"""How many sign-ins may wait for their hash: one takes a few hundredths of a second and 64 MB."""


class Unfit(Exception):  # noqa: N818  (an answer to a person)
    """What was asked for cannot be done. str() says why, and what to do."""


class Busy(Exception):  # noqa: N818  (an answer to a person)
    """Too many passwords are being checked at once."""


def now_utc() -> datetime:
    return datetime.now(UTC)


class People:
    """`may_be_empty`: the last account may go, as nobody has to sign in then."""

    def __init__(
        self,
        store: AccessStore,
        *,
        may_be_empty: bool = False,
        clock: Callable[[], datetime] = now_utc,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._store = store
        self._may_be_empty = may_be_empty
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobodys: str | None = None

    def all(self) -> list[Account]:
        return self._store.accounts()

    def find(self, name: str) -> Account | None:
        name = name.strip().lower()
        return next((account for account in self._store.accounts() if account.name == name), None)

    def add(self, name: str, role: Role, password: str) -> Account:
        """A new account. Blocks while the password is hashed.

        Raises:
            Unfit: the name cannot be used or is taken, the password is too short, or the first one is no admin.
        """
        name = name.strip().lower()
        if not NAME.fullmatch(name):
            raise Unfit(
                _("A name has 1 to 40 of the letters a to z, digits, and . _ - and begins with a letter or digit.")
            )
        accounts = self._store.accounts()
        if any(account.name == name for account in accounts):
            raise Unfit(_("There is somebody called %(name)s already.", name=name))
        if role is not Role.ADMIN and not any(account.role is Role.ADMIN for account in accounts):
            raise Unfit(_("The first account must be an admin: from then on everybody has to sign in."))
        now = self._clock()
        account = Account(name, role, self._hashed(name, password), now, now)
        self._store.put_account(account)
        return account

    def change(
        self, name: str, *, role: Role | None = None, password: str | None = None, keep_session: str = ""
    ) -> Account:
        """All that is given, or nothing. A new password ends the account's sessions, but the one with that key.

        Blocks while the password is hashed.

        Raises:
            Unfit: there is nobody of that name, it would leave no admin, or the password is too short.
        """
        account = self._known(name)
        if role is not None:
            if role is not Role.ADMIN:
                self._keep_an_admin(account)
            account = replace(account, role=role)
        if password is not None:
            account = replace(account, password=self._hashed(account.name, password), changed_at=self._clock())
        self._store.put_account(account)
        if password is not None:
            self._store.end_sessions_of(account.name, but=keep_session)
        return account

    def remove(self, name: str) -> None:
        """And end its sessions. Raises Unfit: there is nobody of that name, or it would leave no admin."""
        account = self._known(name)
        if not self._may_be_empty or len(self._store.accounts()) > 1:
            self._keep_an_admin(account)
        self._store.remove_account(account.name)

    async def check(self, name: str, password: str) -> Account | None:
        """The account, if that is its password. Takes as long for a name that nobody has.

        Raises:
            Busy: too many others are being checked.
        """
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, self._check, name, password)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _check(self, name: str, password: str) -> Account | None:
        account = self.find(name)
        if len(password) > LONGEST:
            return None
        if account is None:
            # As slow as for somebody, so that the time does not tell who there is.
            self._nobodys = self._nobodys or self._hasher.hash("nobody's password")
            self._is_right(self._nobodys, password)
            return None
        if not self._is_right(account.password, password):
            return None
        if self._hasher.check_needs_rehash(account.password):
            account = replace(account, password=self._hasher.hash(password))
            self._store.put_account(account)
        return account

    def _is_right(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def _hashed(self, name: str, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise Unfit(_("A password has %(shortest)s to %(longest)s letters.", shortest=SHORTEST, longest=LONGEST))
        own = password.lower().replace(name, "") if len(name) > 2 else password
        if len(own) < SHORTEST // 2 + 2 or len(set(own)) < 4:
            raise Unfit(_("That password is guessed at once. Choose another one."))
        return self._hasher.hash(password)

    def _known(self, name: str) -> Account:
        account = self.find(name)
        if account is None:
            raise Unfit(_("There is nobody called %(name)s.", name=name[:40]))
        return account

    def _keep_an_admin(self, account: Account) -> None:
        others = [each for each in self._store.accounts() if each.name != account.name]
        if account.role is Role.ADMIN and not any(each.role is Role.ADMIN for each in others):
            raise Unfit(
                _(
                    "%(name)s is the only admin: nobody could add people any more. Make somebody else an admin first.",
                    name=account.name,
                )
            )

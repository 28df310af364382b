"""Tokens: what machines show instead of a password."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from broadcaster.access import MACHINE_RIGHTS, Right, Token
from broadcaster.language import gettext as _
from broadcaster.web.people import Unfit, now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from broadcaster.access import AccessStore

PREFIX = "bct_"
"""Begins every token, so that one that leaked is known for what it is."""


def key_of(secret: str) -> str:
    """What is stored of a token or a cookie: they are random, so that a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


class Tokens:
    def __init__(self, store: AccessStore, *, clock: Callable[[], datetime] = now_utc) -> None:
        self._store = store
        self._clock = clock

    def all(self) -> list[Token]:
        return self._store.tokens()

    def make(self, label: str, rights: Iterable[Right], by: str) -> tuple[Token, str]:
        """A new token, and its secret, which cannot be shown again.

        Raises:
            Unfit: it has no name, or would have rights that no machine gets.
        """
        label = " ".join(label.split())[:80]
        if not label:
            raise Unfit(_("Give the token a name, such as the machine's."))
        wanted = frozenset(rights) | {Right.LOOK}
        if not wanted <= set(MACHINE_RIGHTS):
            raise Unfit(_("A machine may look and press, and no more."))
        secret = PREFIX + secrets.token_urlsafe(32)
        token = Token(secrets.token_hex(4), label, wanted, key_of(secret), by, self._clock())
        self._store.put_token(token)
        return token, secret

    def remove(self, token_id: str) -> None:
        """Raises Unfit: there is none."""
        if not any(token.id == token_id for token in self._store.tokens()):
            raise Unfit(_("There is no such token."))
        self._store.remove_token(token_id)

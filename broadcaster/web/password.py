"""The shared password of the control room: for programs as HTTP Basic, for people on the sign-in page.

The user name is free, and says who pressed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr


class Password:
    """Whether a password is the shared one. Without one, none is."""

    def __init__(self, secret: SecretStr | None) -> None:
        self._secret = b"" if secret is None else secret.get_secret_value().encode()

    @property
    def is_set(self) -> bool:
        return bool(self._secret)

    def matches(self, given: str | bytes) -> bool:
        given = given.encode() if isinstance(given, str) else given
        return self.is_set and hmac.compare_digest(_digest(given), _digest(self._secret))


def basic(header: str) -> tuple[str, bytes | None]:
    """User and password of an Authorization header; None for one that is not HTTP Basic."""
    scheme, _space, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        return "", None
    user, colon, password = decoded.partition(b":")
    return user.decode("utf-8", "replace")[:80], password if colon else None


def _digest(secret: bytes) -> bytes:
    # Compared as digests, so that the time taken does not tell the length either.
    return hashlib.sha256(secret).digest()

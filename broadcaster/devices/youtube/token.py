"""The login, in Google's authorized_user JSON: read when its mode is 0600, written back when it was refreshed."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from google.oauth2.credentials import Credentials

from broadcaster.devices.youtube.faults import LOGIN, BadCredentials
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  (an address)

LOGGED_IN = "logged_in"
LOGIN_ENDS = "login_ends"
"""Keys of the service's own in the token file: when consent was given, and when it ends, if Google said so."""


def is_safe_address(url: str) -> bool:
    """Https anywhere, plain http on this machine only: logins travel along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"})


class TokenFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._saved: str | None = None
        self._refresh_token = ""
        self._dated: tuple[int, int, int] | None = None
        self._given: datetime | None = None
        self._ends: datetime | None = None

    def version(self) -> tuple[int, int, int] | None:
        """Differs when the file does; None while there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_mode

    def credentials(self) -> Credentials:
        """The login as the file has it.

        Raises:
            BadCredentials: no file, open to others, not Google's authorized_user JSON, or not to be trusted.
        """
        content = self._read()
        missing = [key for key in ("refresh_token", "client_id", "client_secret") if not content.get(key)]
        if missing or content.get("type", "authorized_user") != "authorized_user":
            raise BadCredentials(
                _(
                    "%(path)s is not a login (authorized_user JSON with refresh_token, client_id and client_secret). "
                    "Run “%(command)s”.",
                    path=self._path,
                    command=LOGIN,
                )
            )
        token_uri = str(content.get("token_uri") or _TOKEN_URI)
        if not is_safe_address(token_uri):
            raise BadCredentials(_("%(path)s: token_uri must begin with https.", path=self._path))
        self._saved = content.get("token") or None
        self._refresh_token = str(content["refresh_token"])
        # Not Credentials.from_authorized_user_info: that ignores token_uri.
        return Credentials(  # type: ignore[no-untyped-call]
            token=self._saved,
            refresh_token=self._refresh_token,
            token_uri=token_uri,
            client_id=str(content["client_id"]),
            client_secret=str(content["client_secret"]),
            expiry=_expiry(content.get("expiry")),
        )

    def ends_at(self, login_days: int) -> datetime | None:
        """When the login ends by itself; None when it does not, or nothing is known of that.

        Google says so with some consents; else `login_days` after it was given, 0 meaning never.
        """
        if self.version() != self._dated:
            self._dated = self.version()
            try:
                content = self._read()
            except BadCredentials:
                content = {}
            self._given, self._ends = _moment(content.get(LOGGED_IN)), _moment(content.get(LOGIN_ENDS))
        if self._ends is not None:
            return self._ends
        return self._given + timedelta(days=login_days) if self._given and login_days else None

    def create(self, content: dict[str, Any]) -> None:
        """Begin anew with a login just made, in Google's authorized_user JSON."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._replace(json.dumps(content, indent=1))

    def save(self, credentials: Credentials) -> None:
        """Write a refreshed token back, atomically and for the owner's eyes only.

        Does nothing when there is none, or when the file has meanwhile become another login's. A file
        that cannot be written is logged; the login in memory goes on working.
        """
        if credentials.token == self._saved:
            return
        self._saved = credentials.token
        try:
            content = self._read()
            if content.get("refresh_token") != self._refresh_token:
                return
            expiry = credentials.expiry
            content |= {"token": credentials.token, "refresh_token": credentials.refresh_token}
            content["expiry"] = f"{expiry.isoformat()}Z" if expiry else None
            self._replace(json.dumps(content, indent=1))
            self._refresh_token = str(credentials.refresh_token)
        except (OSError, BadCredentials) as error:
            log.warning("the refreshed login could not be written to %s: %s", self._path, error)

    def _read(self) -> dict[str, Any]:
        try:
            with self._path.open(encoding="utf-8") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if mode & 0o077:
                    raise BadCredentials(
                        _(
                            "%(path)s can be read by others (mode %(mode)s). Run: chmod 600 %(path)s",
                            path=self._path,
                            mode=f"{mode:04o}",
                        )
                    )
                content = json.load(file)
        except FileNotFoundError as error:
            raise BadCredentials(
                _("There is no login yet: %(path)s is missing. Run “%(command)s”.", path=self._path, command=LOGIN)
            ) from error
        except OSError as error:
            raise BadCredentials(f"{self._path}: {error.strerror}") from error
        except ValueError as error:
            # Not `from error`: it quotes the file.
            del error
            content = None
        if not isinstance(content, dict):
            raise BadCredentials(_("%(path)s is not JSON. Run “%(command)s”.", path=self._path, command=LOGIN))
        return content

    def _replace(self, text: str) -> None:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}.{threading.get_ident()}")
        with suppress(FileNotFoundError):
            beside.unlink()
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _expiry(text: object) -> datetime | None:
    """Google's library wants it naive and in UTC."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

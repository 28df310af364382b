"""Consent, once: Google's installed-app flow in a browser, here or elsewhere, and the login into the token file.

The login is looked at before it is kept: one of the wrong channel replaces no good one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from google_auth_oauthlib.flow import InstalledAppFlow
from oauthlib.oauth2 import OAuth2Error

from broadcaster.devices.youtube.faults import BadCredentials
from broadcaster.devices.youtube.token import LOGGED_IN, LOGIN_ENDS, TokenFile
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.oauth2.credentials import Credentials

    from broadcaster.devices.youtube.broadcasts import Broadcasts

    Check = Callable[[Credentials], object]
    """Raises a ChannelFault when the login is not one to keep."""

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
"""The least that covers descriptions, broadcasts and chat."""
PATIENCE_S = 300
ELSEWHERE_PORT = 8585
"""Where a browser on another machine is sent after consent. Nothing listens there: its address line is what counts."""

# Without select_account Google takes the personal channel and does not ask; without consent it gives no refresh token.
_ASKED: dict[str, Any] = {"access_type": "offline", "prompt": "consent select_account"}


def log_in(
    client_secrets: Path,
    token_file: Path,
    browser: str | None = None,
    patience_s: int = PATIENCE_S,
    check: Check | None = None,
) -> None:
    """Let a person agree in the browser, and keep the login in `token_file`, for its owner's eyes only.

    The account picker is always shown: without it Google binds the personal channel, not the Brand Account's.

    `browser` is a name that `webbrowser` knows, None the usual one; the person has `patience_s` seconds.

    Raises:
        ChannelFault: the client secrets cannot be used, nobody agreed in time, Google said no, or `check` did.
    """
    flow = _flow(client_secrets)
    try:
        flow.run_local_server(
            port=0,
            browser=browser,
            timeout_seconds=patience_s,
            authorization_prompt_message=_("Open this address in a browser on this machine, and agree: {url}"),
            success_message=_("Done. You may close this window."),
            **_ASKED,
        )
    except Warning as error:  # oauthlib's way to say that fewer rights were granted than asked for
        raise _too_little() from error
    except (OAuth2Error, AttributeError, OSError, ValueError) as error:  # AttributeError: no answer at all
        raise _no_login(error) from error
    _keep(flow, token_file, check)


class Elsewhere:
    """Consent in a browser on another machine: `url` is opened there; the address where it ends is brought back."""

    def __init__(self, client_secrets: Path, port: int = ELSEWHERE_PORT) -> None:
        self._flow = _flow(client_secrets)
        self._flow.redirect_uri = f"http://localhost:{port}/"
        self.url, self._state = self._flow.authorization_url(**_ASKED)

    def finish(self, address: str, token_file: Path, check: Check | None = None) -> None:
        """Take the whole address that the browser shows in the end, and keep the login.

        Raises:
            ChannelFault: it is another address, Google said no, or `check` did.
        """
        values = parse_qs(urlsplit(address.strip()).query)
        if "error" in values:
            raise _no_login(values["error"][0])
        if not values.get("code") or values.get("state") != [self._state]:
            raise BadCredentials(
                _(
                    "That is not the address that belongs to this login. After you have agreed, copy the whole address "
                    "line of the browser; it begins with %(address)s. If you started again, use the newest address.",
                    address=self._flow.redirect_uri,
                )
            )
        try:
            self._flow.fetch_token(code=values["code"][0])
        except Warning as error:
            raise _too_little() from error
        except (OAuth2Error, OSError, ValueError) as error:
            raise _no_login(error) from error
        _keep(self._flow, token_file, check)


def check_channel(broadcasts: Broadcasts, wanted: str) -> tuple[str, str]:
    """Id and title of the login's channel; with `wanted` it must be that one.

    Raises:
        BadCredentials: it is another channel, or none.
    """
    mine, title = broadcasts.channel()
    if not mine:
        raise BadCredentials(
            _(
                "The account that agreed has no YouTube channel. Log in again, and choose the channel's own (brand) "
                "account in Google's list."
            ),
            "noChannel",
        )
    if wanted and mine != wanted:
        raise BadCredentials(
            _(
                "The login belongs to channel “%(title)s” (%(mine)s), not to %(wanted)s. Log in again; in Google's "
                "list, choose the channel itself (a brand account stands there by the channel's name) and not your own "
                "account. Or correct [youtube] channel_id.",
                title=title,
                mine=mine,
                wanted=wanted,
            ),
            "otherChannel",
        )
    return mine, title


def _flow(client_secrets: Path) -> InstalledAppFlow:
    try:
        return InstalledAppFlow.from_client_secrets_file(str(client_secrets), [SCOPE])
    except (OSError, ValueError) as error:
        # Not the error's own text: it may quote the file.
        message = _("%(path)s is not the client_secrets.json of a desktop app. Download it from Google Cloud.")
        raise BadCredentials(message % {"path": client_secrets}) from error


def _keep(flow: InstalledAppFlow, token_file: Path, check: Check | None) -> None:
    credentials: Credentials = flow.credentials
    if not credentials.refresh_token:
        raise BadCredentials(
            _("Google gave a login that cannot be renewed. Remove the app from the account; try again.")
        )
    if check is not None:
        check(credentials)
    now = datetime.now(UTC)
    written = json.loads(credentials.to_json())  # type: ignore[no-untyped-call]
    content = {"type": "authorized_user", **written, LOGGED_IN: now.isoformat()}
    if lasts := flow.oauth2session.token.get("refresh_token_expires_in"):
        content[LOGIN_ENDS] = (now + timedelta(seconds=float(lasts))).isoformat()
    TokenFile(token_file).create(content)


def _too_little() -> BadCredentials:
    return BadCredentials(
        _("The login may not manage the channel: leave the box for YouTube ticked when Google asks. Log in again."),
        "insufficientPermissions",
    )


def _no_login(why: object) -> BadCredentials:
    message = _("Google gave no login (%(why)s). Try again, and agree to everything that is asked.")
    # The error's own text may quote what Google answered.
    return BadCredentials(message % {"why": why if isinstance(why, str) else type(why).__name__})

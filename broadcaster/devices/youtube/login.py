"""Consent, once: Google's installed-app flow in the browser, and the login into the token file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from google_auth_oauthlib.flow import InstalledAppFlow
from oauthlib.oauth2 import OAuth2Error

from broadcaster.devices.youtube.faults import BadCredentials
from broadcaster.devices.youtube.token import TokenFile
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from pathlib import Path

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
"""The least that covers descriptions, broadcasts and chat."""
PATIENCE_S = 300


def log_in(client_secrets: Path, token_file: Path, browser: str | None = None, patience_s: int = PATIENCE_S) -> None:
    """Let a person agree in the browser, and keep the login in `token_file`, for its owner's eyes only.

    The account picker is always shown: without it Google binds the personal channel, not the Brand Account's.

    `browser` is a name that `webbrowser` knows, None the usual one; the person has `patience_s` seconds.

    Raises:
        BadCredentials: the client secrets cannot be used, nobody agreed in time, or Google said no.
    """
    try:
        flow = InstalledAppFlow.from_client_secrets_file(str(client_secrets), [SCOPE])
    except (OSError, ValueError) as error:
        # Not the error's own text: it may quote the file.
        message = _("%(path)s is not the client_secrets.json of a desktop app. Download it from Google Cloud.")
        raise BadCredentials(message % {"path": client_secrets}) from error
    try:
        credentials = flow.run_local_server(
            port=0,
            browser=browser,
            timeout_seconds=patience_s,
            access_type="offline",
            prompt="consent select_account",
            authorization_prompt_message=_("Open this address in a browser on this machine, and agree: {url}"),
            success_message=_("Done. You may close this window."),
        )
    except (OAuth2Error, AttributeError, OSError) as error:  # AttributeError: what the flow makes of no answer at all
        message = _("Google gave no login (%(why)s). Try again, and agree to everything that is asked.")
        raise BadCredentials(message % {"why": type(error).__name__}) from error
    if not credentials.refresh_token:
        raise BadCredentials(
            _("Google gave a login that cannot be renewed. Remove the app from the account; try again.")
        )
    TokenFile(token_file).create({"type": "authorized_user", **json.loads(credentials.to_json())})

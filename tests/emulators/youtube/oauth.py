"""Google's token endpoint, and a consent page on which everybody agrees at once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from tests.emulators.youtube.state import Json, State


REVOKED: Json = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}


def token(state: State, form: dict[str, str]) -> tuple[int, Json]:
    """(status, answer) of POST /token (RFC 6749, sections 4.1.3 and 6)."""
    if form.get("client_id") != state.client_id or form.get("client_secret") != state.client_secret:
        return 401, {"error": "invalid_client", "error_description": "Unauthorized"}
    match form.get("grant_type"):
        case "refresh_token":
            for login in state.logins:
                if login.refresh_token == form.get("refresh_token") and not login.revoked:
                    wanted = set(form.get("scope", "").split())
                    if wanted - login.scopes:
                        return 400, {"error": "invalid_scope", "error_description": "Bad Request"}
                    return 200, _answer(state, state.issue(login), login.scopes)
            return 400, REVOKED
        case "authorization_code":
            channel, scopes, challenge = state.codes.pop(form.get("code", ""), ("", set(), ""))
            if not channel or (challenge and challenge != _challenge(form.get("code_verifier", ""))):
                return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
            login = state.login(channel, scopes)
            return 200, _answer(state, state.issue(login), scopes) | {"refresh_token": login.refresh_token}
        case _:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}


def client(authorization: str) -> dict[str, str]:
    """Who the client is, where it says so by HTTP Basic (RFC 6749, section 2.3.1); Google takes both ways."""
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    identity, _, secret = base64.b64decode(coded).decode().partition(":")
    return {"client_id": unquote(identity), "client_secret": unquote(secret)}


def consent(state: State, query: dict[str, str]) -> str | None:
    """Where the browser is sent after consent; None when the request is not a proper one."""
    back = urlsplit(query.get("redirect_uri", ""))
    if query.get("client_id") != state.client_id or back.hostname not in {"localhost", "127.0.0.1"}:
        return None
    if query.get("response_type") != "code":
        return None
    code = f"4/{secrets.token_urlsafe(24)}"
    scopes = set(query.get("scope", "").split())
    state.codes[code] = (next(iter(state.channels)), scopes, query.get("code_challenge", ""))
    values = {"state": query.get("state", ""), "code": code, "scope": query.get("scope", "")}
    return f"{query['redirect_uri']}?{urlencode(values)}"


def _answer(state: State, access: str, scopes: set[str]) -> Json:
    return {
        "access_token": access,
        "expires_in": int(state.token_lifetime.total_seconds()),
        "scope": " ".join(sorted(scopes)),
        "token_type": "Bearer",
    }


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()

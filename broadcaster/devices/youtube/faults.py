"""What can go wrong with YouTube, in four kinds, and the translation of the libraries' errors into them.

str() of each is for people: what is wrong, and what to do.
"""

from __future__ import annotations

import json
from http.client import HTTPException
from socket import gaierror

from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.errors import Error as GoogleError
from googleapiclient.errors import HttpError
from httplib2 import HttpLib2Error, ServerNotFoundError

from broadcaster.language import gettext as _


class ChannelFault(Exception):  # noqa: N818  (the base of four kinds of answer)
    """`reason` is YouTube's own word for it, "" when it gave none.

    `units` is what the failed call cost; None means its full price.
    """

    def __init__(self, message: str, reason: str = "", units: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.units = units


class Offline(ChannelFault):
    """Not reached, no answer, or asked to slow down: trying again helps.

    The call may have been carried out all the same. `wait`: how many seconds YouTube asked for, 0 when it did not say.
    """

    def __init__(self, message: str, reason: str = "", units: int | None = None, wait: float = 0) -> None:
        super().__init__(message, reason, units)
        self.wait = wait


class Refused(ChannelFault):
    """YouTube understood and says no, or what it answered must not be built upon."""


class NotThere(Refused):
    """There is no such video, or not yet: a new broadcast's video can take 15 s to appear."""


class BadCredentials(ChannelFault):
    """A person has to log in again, or to repair the token file."""


class QuotaGone(ChannelFault):
    """No units are left until midnight in Los Angeles."""


LOGIN = "broadcaster youtube login"
UNREACHABLE = "unreachable"
"""The reason of an Offline that came before anything was sent."""

SLOW_DOWN = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "userRequestsExceedRateLimit",
    "RATE_LIMIT_EXCEEDED",
}
_NO_ACCESS = {
    "authError",
    "insufficientPermissions",
    "youtubeSignupRequired",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
}

_LOGIN_ENDED = {
    "access_denied",
    "admin_policy_enforced",
    "deleted_client",
    "disabled_client",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "org_internal",
    "unauthorized_client",
}


def translated(error: Exception) -> ChannelFault | None:
    """The fault that a library's error stands for; None when it is none of theirs."""
    match error:
        case HttpError():
            return _http(error)
        case RefreshError():
            return _refresh(error)
        case ConnectionRefusedError() | gaierror() | ServerNotFoundError():
            text = _("YouTube cannot be reached (%(why)s). It is tried again by itself.", why=error)
            return Offline(text, UNREACHABLE, units=0)
        case GoogleAuthError() | HttpLib2Error() | HTTPException() | OSError():
            why = str(error) or type(error).__name__
            return Offline(_("YouTube cannot be reached (%(why)s). It is tried again by itself.", why=why))
        case GoogleError() | ValueError():
            return Offline(_("YouTube's answer cannot be understood. It is tried again by itself."))
        case _:
            return None


def _http(error: HttpError) -> ChannelFault:
    status = int(error.resp.status)
    reasons, message = _envelope(error.content)
    reason = reasons[0] if reasons else ""
    said = message or reason or f"HTTP {status}"
    wait = _seconds(error.resp.get("retry-after"))
    if "quotaExceeded" in reasons:
        return QuotaGone(_("YouTube's quota for today is used up: %(said)s", said=said), "quotaExceeded", units=0)
    if status == 401 or _NO_ACCESS.intersection(reasons):
        text = _("YouTube does not accept the login (%(said)s). Run “%(command)s”.", said=said, command=LOGIN)
        return BadCredentials(text, reason, units=0)
    if status == 429 or SLOW_DOWN.intersection(reasons):
        return Offline(_("YouTube asks to slow down (%(said)s).", said=reason or said), reason, units=1, wait=wait)
    if status >= 500:
        text = _("YouTube has trouble of its own (%(status)s). It is tried again by itself.", status=status)
        return Offline(text, reason, wait=wait)
    if status == 403 and not reasons:
        # A proxy's or a login page's answer, not YouTube's.
        return Offline(_("Something on the way to YouTube refuses the connection (HTTP 403)."), units=1)
    if status == 404:
        return NotThere(_("YouTube does not find it: %(said)s", said=said), reason, units=1)
    return Refused(_("YouTube refuses: %(said)s (%(reason)s)", said=said, reason=reason or status), reason, units=1)


def _refresh(error: RefreshError) -> ChannelFault:
    what = str(error.args[0]).partition(":")[0] if error.args else ""
    if what not in _LOGIN_ENDED:
        # Anything else, a proxy's page for instance, says nothing about the login.
        return Offline(_("Google's login service has trouble of its own. It is tried again by itself."), units=0)
    text = _(
        "Google no longer accepts the login (%(what)s). Run “%(command)s”. While the Google Cloud app is in “Testing”, "
        "a login lasts 7 days.",
        what=what,
        command=LOGIN,
    )
    return BadCredentials(text, what, units=0)


def _envelope(content: bytes) -> tuple[list[str], str]:
    """All reasons in Google's error envelope, the most telling first, and its message."""
    try:
        error = json.loads(content)["error"]
        listed = [*(error.get("details") or []), *(error.get("errors") or [])]
        reasons = [one.get("reason") for one in listed if isinstance(one, dict)]
        reasons.append(error.get("status"))
        return [reason for reason in reasons if reason and isinstance(reason, str)], str(error.get("message", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return [], ""


def _seconds(retry_after: str | None) -> float:
    try:
        return max(0.0, float(retry_after or 0))
    except ValueError:
        return 0.0

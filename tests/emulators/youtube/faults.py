"""Faults that a test can ask for. Each one hits the next calls of one method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    TIMEOUT_AFTER = "applied, then no answer"
    TIMEOUT_BEFORE = "no answer, and not applied"
    DROP_BEFORE = "connection closed before applying"
    DROP_AFTER = "connection closed after applying"
    RESET_BEFORE = "connection reset before applying"
    RESET_AFTER = "connection reset after applying"
    CUT = "applied, then half an answer and the connection closed"
    SLOW = "answers after `seconds`"
    INTERNAL = "500 with JSON"
    UNAVAILABLE = "503 with JSON"
    BAD_GATEWAY = "502 with HTML"
    BAD_GATEWAY_AFTER = "applied, then 502 with HTML"
    FORBIDDEN_HTML = "403 without JSON"
    TOO_MANY = "429 with JSON"
    RATE = "403 rateLimitExceeded"
    USER_RATE = "403 userRateLimitExceeded"
    USER_REQUESTS = "403 userRequestsExceedRateLimit"
    QUOTA = "403 quotaExceeded, whatever is left"
    UNAUTHORIZED = "401 authError; at the token endpoint, invalid_grant"
    REFUSED = "the refusal that `reason` names"
    STALE = "a read answers with the state before the last change"
    EMPTY = "a read finds nothing"
    GARBLED = "200 with something that is not JSON"
    BLANK_SNIPPET = "a read answers with an empty title and no category"
    WITHOUT_TAGS = "a read answers without tags and audio language"
    SHORT = "a read answers with the first half of the description"


AFTER = {Kind.TIMEOUT_AFTER, Kind.DROP_AFTER, Kind.RESET_AFTER, Kind.CUT, Kind.BAD_GATEWAY_AFTER}
"""Faults that hide a deed: the call is carried out, and its answer is lost."""
BEFORE = {Kind.TIMEOUT_BEFORE, Kind.DROP_BEFORE, Kind.RESET_BEFORE}


@dataclass
class Fault:
    """`times` calls are hit, None means all until the faults are cleared. `before` runs first, for a hand in between.

    `seconds` is how long a call is held: SLOW answers then, the timeouts hang up then.
    """

    kind: Kind | None
    times: int | None = 1
    seconds: float = 0.0
    retry_after: str = ""
    before: Callable[[], object] | None = field(default=None)
    reason: str = ""

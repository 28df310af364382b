"""When to try YouTube again after a fault: with pauses that grow, at the reset of the quota, or with a new login."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.faults import BadCredentials, Offline, QuotaGone

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.youtube.faults import ChannelFault
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.devices.youtube.token import TokenFile
    from broadcaster.ports import Clock

MAX_BACK_OFF = 60.0
LOGIN_AGAIN = 300.0
WATCH_LOGIN = 5.0


class Patience:
    def __init__(
        self,
        token: TokenFile,
        ledger: Ledger,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._token, self._ledger, self._clock = token, ledger, clock
        self._monotonic, self._jitter = monotonic, jitter
        self.failures = 0
        self._not_before = 0.0
        self._refused_login: tuple[object] | None = None

    def left(self) -> float:
        """Seconds until the next try, 0 for now; to be asked again after at most that long."""
        until = self._ledger.refused_until
        if until is not None:
            return max(0.0, min((until - self._clock.now()) / timedelta(seconds=1), MAX_BACK_OFF))
        if self._refused_login is not None and self._refused_login != (self._token.version(),):
            self._refused_login, self._not_before = None, 0.0
        left = self._not_before - self._monotonic()
        return max(0.0, min(left, MAX_BACK_OFF if self._refused_login is None else WATCH_LOGIN))

    def failed(self, fault: ChannelFault) -> None:
        self.failures += 1
        pause = min(MAX_BACK_OFF, 2.0 ** min(self.failures, 6)) * (0.5 + self._jitter() / 2)
        match fault:
            case BadCredentials():
                self._refused_login = (self._token.version(),)
                pause = LOGIN_AGAIN
            case Offline():
                pause = max(pause, min(fault.wait, MAX_BACK_OFF))
            case QuotaGone():
                pause = MAX_BACK_OFF
        self._not_before = self._monotonic() + pause

    def succeeded(self) -> None:
        self.failures, self._not_before, self._refused_login = 0, 0.0, None

"""How often somebody may guess a password."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 10
WINDOW_SECONDS = 60.0
ADDRESSES = 1024
"""How many addresses' failures are remembered, so that a flood of addresses cannot fill the memory."""


class Attempts:
    """Wrong passwords of the last minute, by whoever gave them: an address, or a name."""

    def __init__(self, clock: Callable[[], float], allowed: int = ATTEMPTS) -> None:
        self._clock = clock
        self._allowed = allowed
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, who: str) -> float:
        """Seconds until the next try; 0 for now."""
        failures = self._failures.get(who)
        if failures is None:
            return 0.0
        now = self._clock()
        while failures and failures[0] <= now - WINDOW_SECONDS:
            failures.popleft()
        return failures[0] + WINDOW_SECONDS - now if len(failures) >= self._allowed else 0.0

    def failed(self, who: str) -> None:
        self._failures.setdefault(who, deque(maxlen=self._allowed)).append(self._clock())
        self._failures.move_to_end(who)
        while len(self._failures) > ADDRESSES:
            self._failures.popitem(last=False)


def network(address: str) -> str:
    """What one guesser can have at hand: an IPv4 address, or a /64 of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))

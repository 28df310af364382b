"""Repeated timings, told as percentiles."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def timings(work: Callable[[], object], repeat: int) -> list[float]:
    """Milliseconds of each of `repeat` runs, after one that isn't counted."""
    work()
    found = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def tell(name: str, values: Sequence[float], unit: str = "ms") -> None:
    print(
        f"{name:<58} median {statistics.median(values):8.2f}  p99 {percentile(values, 0.99):8.2f}  "
        f"max {max(values):8.2f} {unit}  (n={len(values)})"
    )

"""`make bench`, or parts of it: `python -m bench [core|room|demo|outage]`. What is on a real OBS takes minutes."""

from __future__ import annotations

import sys

from bench import core, demo, outage, room


def main() -> None:
    chosen = sys.argv[1:] or ["core", "room", "demo", "outage"]
    if "core" in chosen:
        core.main()
    if "room" in chosen:
        room.main()
    if "demo" in chosen:
        demo.main()
    if "outage" in chosen:
        outage.main()


main()

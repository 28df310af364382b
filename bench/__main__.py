"""`make bench` (or `python -m bench [core|room|demo]`): the core and files, the control room, a demo on a real OBS."""

from __future__ import annotations

import sys

from bench import core, demo, room


def main() -> None:
    chosen = sys.argv[1:] or ["core", "room", "demo"]
    if "core" in chosen:
        core.main()
    if "room" in chosen:
        room.main()
    if "demo" in chosen:
        demo.main()


main()

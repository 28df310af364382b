"""`make bench` (or `python -m bench [core|demo|outage]`): core and files, a demo on a real OBS, a server that dies."""

from __future__ import annotations

import sys

from bench import core, demo, outage


def main() -> None:
    chosen = sys.argv[1:] or ["core", "demo", "outage"]
    if "core" in chosen:
        core.main()
    if "demo" in chosen:
        demo.main()
    if "outage" in chosen:
        outage.main()


main()

"""`make bench` (or `python -m bench [core|demo]`): the core and the files, then a demo on a real OBS."""

from __future__ import annotations

import sys

from bench import core, demo


def main() -> None:
    chosen = sys.argv[1:] or ["core", "demo"]
    if "core" in chosen:
        core.main()
    if "demo" in chosen:
        demo.main()


main()

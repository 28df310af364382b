"""`make bench` (or `python -m bench [core|on-air]`): the core and the files, then a demo on a real OBS."""

from __future__ import annotations

import sys

from bench import core, on_air


def main() -> None:
    chosen = sys.argv[1:] or ["core", "on-air"]
    if "core" in chosen:
        core.main()
    if "on-air" in chosen:
        on_air.main()


main()

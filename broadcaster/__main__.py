"""The `broadcaster` command."""

from __future__ import annotations

import sys

from broadcaster import config, language


def main() -> None:
    # The commands' help is translated as they are defined, so the language comes first.
    language.use(config.language_of(sys.argv[1:]))
    from broadcaster.commands import app

    app()


if __name__ == "__main__":
    main()

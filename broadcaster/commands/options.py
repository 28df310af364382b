"""What all commands share: --config, --show, --json; the way a command ends; progress on long work."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich import markup
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from broadcaster import config, language
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from broadcaster.config import Settings
    from broadcaster.ports import Json

FINE, WARNINGS, ERRORS = 0, 1, 2
"""Exit codes."""

Config = Annotated[Path, typer.Option("--config", help=_("The configuration file."))]
Show = Annotated[Path | None, typer.Option("--show", help=_("The folder of the show."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Answer in JSON."))]
OneDay = Annotated[str | None, typer.Option("--day", help=_("One day only: its date, or its number from 1."))]

CONFIG = Path("config.toml")

out = Console()
err = Console(stderr=True)


def settings(path: Path, show: Path | None = None) -> Settings:
    """The settings of a command line, in whose language all else is said; ends the command when they are unusable."""
    if path != CONFIG and not path.exists():
        fail(_("There is no configuration file %(path)s.", path=path))
    try:
        loaded = config.load(path, show=show.absolute() if show else None)
    except config.ConfigError as error:
        fail(str(error))
    language.use(loaded.language)
    return loaded


def fail(message: str) -> NoReturn:
    err.print(f"[bold red]✗[/] {escape(message)}", soft_wrap=True)
    raise typer.Exit(ERRORS)


def escape(text: object) -> str:
    """People's text, safe from being read as Rich's markup."""
    return markup.escape(str(text))


def print_json(answer: Json | list[Json]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr; call with how much is done, and how much there is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def log_to_screen(*, verbose: bool = False) -> None:
    handler = RichHandler(console=err, show_path=False, markup=False, rich_tracebacks=False)
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, format="%(message)s", handlers=[handler])
    # They would tell of every poll and every request.
    for name in ("alembic", "uvicorn", "httpx", "websocket", "googleapiclient", "watchfiles", "PIL", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)

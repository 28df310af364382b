"""The commands, on Typer. Each says what it found to people with Rich, and to programs with --json."""

from __future__ import annotations

from broadcaster.commands.application import app

__all__ = ["app"]

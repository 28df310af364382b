"""Where a show keeps its videos."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from broadcaster.schedule_files.expo import FILE

if TYPE_CHECKING:
    from pathlib import Path


def media_folder(show: Path) -> Path:
    """As expo.toml says; `media` in the show's folder where it says nothing, or cannot be read."""
    try:
        named = tomllib.loads((show / FILE).read_text("utf-8-sig")).get("media")
    except (OSError, ValueError):
        named = None
    return show / (named.replace("\0", "") if isinstance(named, str) and named else "media")

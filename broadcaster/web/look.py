"""What the overlays' style sheets need of the service: the theme as it is in use, its logo, and the table of sizes."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from broadcaster.pictures import geometry, logo, theme

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster.pictures.theme import Themes

log = logging.getLogger(__name__)

REST_SECONDS = 1.0
"""The files are looked at this often at most, however many pages ask."""


class Look:
    """The theme's style sheet, made anew when its files have changed. What in them cannot be used is logged once."""

    def __init__(self, themes: Themes) -> None:
        self._themes = themes
        self._told: object = ()
        self._due = 0.0
        self._stylesheet = ""
        self._name = ""

    def stylesheet(self) -> str:
        self._refresh()
        return self._stylesheet

    def name(self) -> str:
        """Another one for another look."""
        self._refresh()
        return self._name

    def logo(self) -> Path | None:
        current = self._themes.current()
        return None if current.load_logo() is None else current.logo

    def _refresh(self) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + REST_SECONDS
        made = theme.stylesheet(self._themes.current())
        self._name = hashlib.sha256(made.encode()).hexdigest()[:12]
        # Pages compare it with what they are told.
        self._stylesheet = f"{made}:root {{ --look: {self._name}; }}\n"
        if self._themes.faults != self._told:
            self._told = self._themes.faults
            for fault in self._themes.faults:
                log.warning("%s, line %s: %s", fault.file, fault.line or "–", fault.message)


def look_api(look: Look) -> APIRouter:
    api = APIRouter(prefix="/overlays", tags=["overlays"])

    @api.get("/theme.css", response_class=Response)
    async def theme_css() -> Response:
        return _stylesheet(look.stylesheet())

    @api.get("/geometry.css", response_class=Response)
    async def geometry_css() -> Response:
        return _stylesheet(geometry.stylesheet())

    @api.get("/logo", response_class=Response)
    async def the_logo() -> Response:
        path = look.logo()
        if path is None:
            return Response(status_code=404)
        # An SVG may hold scripts: they do not run, even if somebody opens it by itself.
        return FileResponse(
            path,
            media_type=logo.KINDS[path.suffix.lower()],
            headers={
                "cache-control": "no-cache",
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )

    return api


def _stylesheet(text: str) -> Response:
    return Response(text, media_type="text/css", headers={"cache-control": "no-cache"})

"""The pages of the show: the operator's at /."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from broadcaster.web.rendering import render

if TYPE_CHECKING:
    from broadcaster.config import Settings
    from broadcaster.ports import ControlRoom


def pages(_room: ControlRoom, _settings: Settings) -> list[APIRouter]:
    return [control_page()]


def control_page() -> APIRouter:
    pages = APIRouter(include_in_schema=False)

    @pages.get("/", response_class=HTMLResponse)
    async def control(request: Request) -> Response:
        return render(request, "control.html")

    return pages

"""The pages of the show: the operator's at /, the organizer's, and what others look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from broadcaster.web.edit_api import edit_api
from broadcaster.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broadcaster.config import Settings
    from broadcaster.ports import ControlRoom


PAGES = {
    "/": "control.html",
    "/rundown": "rundown.html",
    "/exhibitors": "exhibitors.html",
    "/timer": "timer.html",
    "/mc": "mc.html",
    "/crew": "crew.html",
}


def pages(room: ControlRoom, _settings: Settings) -> list[APIRouter]:
    return [edit_api(room), show_pages()]


def show_pages() -> APIRouter:
    api = APIRouter(include_in_schema=False)

    def page(template: str) -> Callable[[Request], Awaitable[Response]]:
        async def route(request: Request) -> Response:
            return render(request, template, here=request.url.path)

        return route

    for path, template in PAGES.items():
        api.get(path, response_class=HTMLResponse, name=template)(page(template))
    return api

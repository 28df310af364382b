"""The operator's page at /."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.templating import Jinja2Templates

from broadcaster import language
from broadcaster.web.words import words

TEMPLATES = Path(__file__).parent / "templates"


def control_page() -> APIRouter:
    pages = APIRouter(include_in_schema=False)
    templates = Jinja2Templates(directory=TEMPLATES)
    templates.env.globals.update(_=language.gettext, language=language.current)
    templates.env.trim_blocks = templates.env.lstrip_blocks = True

    @pages.get("/", response_class=HTMLResponse)
    async def control(request: Request) -> Response:
        return templates.TemplateResponse(request, "control.html", {"words": words()})

    return pages

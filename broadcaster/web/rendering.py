"""Pages from templates, each with the words of its language and with what its visitor may."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.templating import Jinja2Templates

from broadcaster import language
from broadcaster.web.visitor import visitor_of
from broadcaster.web.words import words

if TYPE_CHECKING:
    from fastapi import Request
    from fastapi.responses import Response

TEMPLATES = Path(__file__).parent / "templates"

_templates = Jinja2Templates(directory=TEMPLATES)
_templates.env.globals.update(_=language.gettext, language=language.current)
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True


def render(request: Request, name: str, *, status_code: int = 200, **context: Any) -> Response:
    """The template `name`. Beside `context` it knows `words`, `visitor`, and `may("press")`."""
    visitor = visitor_of(request)
    known = {"words": words(), "visitor": visitor, "may": visitor.may, **context}
    return _templates.TemplateResponse(request, name, known, status_code=status_code)

"""The OpenAPI document: what FastAPI knows of the routes, and what the table of rights and the gate know beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from broadcaster.web.rights import OPEN, RULES
from broadcaster.web.sessions import COOKIE

if TYPE_CHECKING:
    from fastapi import FastAPI

DESCRIPTION = """\
What the control room shows and does. Times are RFC 3339 in UTC, spans are seconds.

Where people sign in, a request shows a session's cookie, a token (`Authorization: Bearer bct_…`), or the shared
password as HTTP Basic. `x-right` of an operation says which right it takes: `look`, `edit`, `press`, `rule`, or null
where everybody may. What changes something is sent as JSON, or with the header `X-Broadcaster`.
"""

SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
    "token": {"type": "http", "scheme": "bearer"},
    "password": {"type": "http", "scheme": "basic", "description": "The shared password, with any user name."},
}
DETAIL = {
    "type": "object",
    "title": "Detail",
    "required": ["detail"],
    "properties": {"detail": {"type": "string", "description": "Why, for people."}},
}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
SAFE = {"get", "head", "options"}


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _document(app)
    return app.openapi_schema


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = SCHEMES
    components.setdefault("schemas", {})["Detail"] = DETAIL
    rights = {(rule.method.lower(), rule.path): rule.right for rule in RULES}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                right = rights.get((method, path), OPEN)
                _complete(operation, method, right.value if right else None)
    return document


def _complete(operation: dict[str, Any], method: str, right: str | None) -> None:
    operation["x-right"] = right
    if right is not None:
        operation["security"] = [{name: []} for name in SCHEMES]
    answers = operation.setdefault("responses", {})
    more = {"421": "It was addressed by a name that this service does not answer to."}
    if right is not None:
        more |= {"401": "Not signed in.", "403": "Not allowed.", "429": "Too many wrong passwords."}
    if method not in SAFE:
        more |= {
            "400": "The body cannot be read.",
            "403": "Not allowed, or asked for by a page of another site.",
            "413": "Larger than 16 MB.",
            "415": "Neither JSON nor without a body.",
        }
    for code, meaning in more.items():
        answers.setdefault(code, {"description": meaning})
    for code, answer in answers.items():
        if code == "422" or not code.startswith(("4", "5")) or method == "head":
            continue
        answer.setdefault("content", {"application/json": {"schema": {"$ref": "#/components/schemas/Detail"}}})

"""One call as YouTube reads it: parts, filters, pages and bodies, with its refusals."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import TYPE_CHECKING, Any, TypeVar

from tests.emulators.youtube.errors import ApiError
from tests.emulators.youtube.faults import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.emulators.youtube.state import Json, Login

T = TypeVar("T")

SYSTEM = {"alt", "prettyPrint", "key", "quotaUser", "uploadType"}


@dataclass
class Call:
    method: str
    params: dict[str, list[str]]
    content_type: str
    body: bytes
    login: Login
    faults: set[Kind] = field(default_factory=set)

    def check(self, allowed: set[str]) -> None:
        """Refuse parameters that the method does not have, and repeated ones."""
        for name, values in self.params.items():
            if name not in allowed | SYSTEM:
                text = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
                raise ApiError("badRequest", text)
            if len(values) > 1 and name not in {"part", "id"}:
                raise ApiError("invalidParameter", name, location=name)
        if self.query("alt") not in {"", "json"}:
            raise ApiError("invalidParameter", "alt", location="alt")

    def query(self, name: str) -> str:
        return self.params.get(name, [""])[0]

    def ids(self, name: str) -> list[str]:
        return [one.strip() for value in self.params.get(name, []) for one in value.split(",") if one.strip()]

    def parts(self, known: set[str]) -> set[str]:
        parts = self.ids("part")
        if not parts:
            raise ApiError("required", "part", location="part")
        for part in parts:
            if part not in known:
                raise ApiError("unknownPart", part, location="part")
        return set(parts)

    def flag(self, name: str) -> bool | None:
        text = self.query(name)
        if text not in {"", "true", "false"}:
            raise ApiError("invalidParameter", name, location=name)
        return {"true": True, "false": False}.get(text)

    def choice(self, name: str, known: set[str], otherwise: str) -> str:
        value = self.query(name) or otherwise
        if value not in known:
            raise ApiError("invalidParameter", name, location=name)
        return value

    def page(self, items: Sequence[T]) -> tuple[list[T], str]:
        size, token = self.query("maxResults") or "5", self.query("pageToken") or "0"
        if not size.isdigit() or int(size) > 50:
            raise ApiError("invalidParameter", "maxResults", location="maxResults")
        if not token.isdigit():
            raise ApiError("invalidParameter", "pageToken", location="pageToken")
        start, end = int(token), int(token) + int(size)
        return list(items[start:end]), (str(end) if end < len(items) else "")

    def json(self, allowed: set[str]) -> Json:
        """The body. A part in it that the part parameter does not name is refused."""
        if not self.content_type.startswith("application/json"):
            raise ApiError("badRequest", "Invalid content type")
        try:
            body: Any = json.loads(self.body)
        except ValueError:
            raise ApiError("badRequest", "Parse Error") from None
        if not isinstance(body, dict):
            raise ApiError("badRequest", "Parse Error")
        if unexpected := set(body) - allowed:
            raise ApiError("unexpectedPart", min(unexpected), location="part")
        return body

    def media(self) -> bytes:
        """The image of an upload, simple or multipart."""
        kind = self.query("uploadType") or "media"
        if kind == "media":
            return self.body
        if kind != "multipart":
            raise ApiError("invalidParameter", "uploadType", location="uploadType")
        whole = message_from_bytes(f"Content-Type: {self.content_type}\r\n\r\n".encode() + self.body)
        pieces = [part.get_payload(decode=True) for part in whole.walk() if not part.is_multipart()]
        return pieces[-1] if pieces and isinstance(pieces[-1], bytes) else b""

    # -------------------------------------------------------- faults of a read

    @property
    def is_stale(self) -> bool:
        return Kind.STALE in self.faults

    def damage(self, item: Json) -> None:
        snippet = item.get("snippet")
        if snippet is None:
            return
        if Kind.BLANK_SNIPPET in self.faults:
            snippet["title"] = ""
            snippet.pop("categoryId", None)
        if Kind.SHORT in self.faults:
            text = str(snippet.get("description", ""))
            snippet["description"] = text[: len(text) // 2]
        if Kind.WITHOUT_TAGS in self.faults:
            snippet.pop("tags", None)
            snippet.pop("defaultAudioLanguage", None)

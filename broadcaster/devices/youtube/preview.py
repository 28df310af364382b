"""What a template makes of a moment of the show, before viewers see it: text, bytes, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.template import Template, TemplateFault, read
from broadcaster.show import description
from broadcaster.show.public_text import size

if TYPE_CHECKING:
    from pathlib import Path

    from broadcaster.show.description import DescriptionWish


@dataclass(frozen=True, slots=True)
class Preview:
    """`text` is the whole description: the block between its markers, and people's own text around it.

    `bytes` is the whole's size, of `description.MAX_BYTES`; `own_bytes` people's own part of it. `template` is what was
    tried, None where there is none. `fault` says why the
    built-in words were used instead of the template, `line` (1-based, 0 for all of it) where; "" when they were not.
    """

    block: str
    text: str
    bytes: int
    own_bytes: int
    template: str | None = None
    fault: str = ""
    line: int = 0


def preview(wish: DescriptionWish, path: Path, source: str | None = None, whole: str = "") -> Preview:
    """The description with `source` for a template; without it, with the file at `path`, if there is one.

    `whole` is the description as it stands on YouTube, "" when that is not known.
    """
    room = description.room(whole)
    block, fault, line = "", "", 0
    if source is not None or path.exists():
        try:
            source = read(path) if source is None else source
            block = Template(path, source).render(wish, room)
        except TemplateFault as error:
            fault, line = error.message, error.line
    block = block or description.compose(wish, room)
    text = description.merge(whole, block)
    return Preview(block, text, size(text), description.MAX_BYTES - room, source, fault, line)

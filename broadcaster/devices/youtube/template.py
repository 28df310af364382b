"""description.txt: a show's own wording of the managed block.

A Jinja template in the show's folder. It sees:

- `on_air`: what is on air, or none between items (`{% if on_air %}`);
- `following`: what comes next, in order; `others`: the day's other exhibitors;
  each of these has `name`, `city`, `tagline`, `link` (https or empty), `time` ("09.05 WIB" or empty) and
  `is_exhibitor`;
- `expo_title`, `shop_url`, `hashtags` (each with its #).

Line 1 should be the exhibitor on air and its link: it is what viewers see before "more". The text is cleaned
like any other, and what exceeds the limit is cut from the end by whole lines.

It may show values, test, loop (two deep) and filter; `sandbox` refuses everything else of Jinja and bounds the rest,
so that no template can hold up a show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateError, TemplateSyntaxError

from broadcaster.devices.youtube.sandbox import MAX_TEXT, Refused, Sandbox
from broadcaster.language import gettext as _
from broadcaster.show.description import DescriptionWish, Entry, clean, clean_hashtags, clean_link, local_time
from broadcaster.show.public_text import shorten, size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_SOURCE = 20_000
"""Characters."""


class TemplateFault(Exception):  # noqa: N818  (it is the template's, not ours)
    """description.txt cannot be used. `line` is 1-based, 0 when the whole file is meant."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path.name}:{line}: {message}" if line else f"{path.name}: {message}")
        self.path = path
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a template sees it: every part cleaned."""

    name: str
    city: str
    tagline: str
    link: str
    time: str
    is_exhibitor: bool


class Template:
    """A template read from a file; or `source`, one that is still being written, as if it stood there.

    Raises:
        TemplateFault: it cannot be read, or is not one that may be used.
    """

    def __init__(self, path: Path, source: str | None = None) -> None:
        self._path = path
        if source is None:
            source = read(path)
        if len(source) > MAX_SOURCE:
            raise TemplateFault(path, 0, _("The template is longer than %(limit)s characters.", limit=MAX_SOURCE))
        self._sandbox = Sandbox()
        try:
            tree = self._sandbox.checked(source.removeprefix("\ufeff"))
            code = self._sandbox.compile(tree, path.name, str(path))
        except Refused as error:
            raise TemplateFault(path, error.line, str(error)) from error
        except TemplateSyntaxError as error:
            raise TemplateFault(path, error.lineno, error.message or str(error)) from error
        except (TemplateError, ValueError, OverflowError, SyntaxError) as error:
            raise TemplateFault(path, 0, str(error)) from error
        except (RecursionError, MemoryError) as error:
            raise TemplateFault(path, 0, _("it is nested too deeply")) from error
        self._template = JinjaTemplate.from_code(self._sandbox, code, self._sandbox.make_globals(None))

    def render(self, wish: DescriptionWish, budget: int) -> str:
        """The block's text, cleaned and cut to `budget` bytes.

        Raises:
            TemplateFault: the template failed for this wish.
        """
        try:
            text = self._written(_variables(wish))
        except TemplateFault:
            raise
        except Exception as error:  # a template can fail in any way that Python can
            raise TemplateFault(self._path, self._line(error), str(error)) from error
        return _cut(text, budget)

    def _written(self, variables: dict[str, Any]) -> str:
        self._sandbox.begin()
        pieces: list[str] = []
        characters = 0
        for piece in self._template.generate(variables):
            pieces.append(piece)
            characters += len(piece)
            if characters > MAX_TEXT:
                raise TemplateFault(self._path, 0, _("It writes more than %(limit)s characters.", limit=MAX_TEXT))
            self._sandbox.look_at_the_clock()
        return "".join(pieces)

    def _line(self, error: Exception) -> int:
        found, step = 0, error.__traceback__
        while step is not None:  # Jinja writes the template's own lines into the traceback
            if step.tb_frame.f_code.co_filename == str(self._path):
                found = step.tb_lineno
            step = step.tb_next
        return found


def read(path: Path) -> str:
    """A template's text.

    Raises:
        TemplateFault: it cannot be read.
    """
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise TemplateFault(path, line, _("This line is not UTF-8. Save the file as UTF-8.")) from error
    except OSError as error:
        raise TemplateFault(path, 0, error.strerror or str(error)) from error


def _variables(wish: DescriptionWish) -> dict[str, Any]:
    def shown(entry: Entry) -> Shown:
        return Shown(
            name=clean(entry.name),
            city=clean(entry.city),
            tagline=clean(entry.tagline),
            link=clean_link(entry.link),
            time=local_time(entry.start, wish.timezone, wish.at) if entry.start else "",
            is_exhibitor=entry.exhibitor is not None,
        )

    return {
        "on_air": shown(wish.on_air) if wish.on_air else None,
        "following": [shown(entry) for entry in wish.following],
        "others": [shown(entry) for entry in wish.others],
        "expo_title": clean(wish.expo_title),
        "shop_url": clean_link(wish.shop_url),
        "hashtags": list(clean_hashtags(wish.hashtags)),
    }


def _cut(text: str, budget: int) -> str:
    return "\n".join(_lines(text, budget)).rstrip("\n")


def _lines(text: str, budget: int) -> Iterator[str]:
    left, blank, first = budget, True, True
    for raw in text.split("\n"):
        line = clean(raw)
        if not line and blank:
            continue
        if first:
            line = shorten(line, left, size)
        left -= size(line) + (0 if first else 1)
        if left < 0:
            return
        first, blank = False, not line
        yield line

"""description.txt: a show's own wording of the managed block.

A Jinja template in the show's folder. It sees:

- `on_air`: what is on air, or none between items (`{% if on_air %}`);
- `following`: what comes next, in order; `others`: the day's other exhibitors;
  each of these has `name`, `city`, `tagline`, `link` (https or empty), `time` ("09.05 WIB" or empty) and
  `is_exhibitor`;
- `expo_title`, `shop_url`, `hashtags` (each with its #).

Line 1 should be the exhibitor on air and its link: it is what viewers see before "more". The text is cleaned
like any other, and what exceeds the limit is cut from the end by whole lines.

It may show values, test, loop (two deep) and filter. Everything else of Jinja is refused, so that no template can
hold up a show: with neither assignments, macros nor calls, its size bounds its time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2 import Template as JinjaTemplate
from jinja2.sandbox import SandboxedEnvironment

from broadcaster.language import gettext as _
from broadcaster.show.description import DescriptionWish, Entry, clean, clean_hashtags, clean_link, local_time
from broadcaster.show.public_text import shorten, size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_SOURCE = 20_000
MAX_OUTPUT = 20_000
MAX_SECONDS = 0.5

_FILTERS = (
    "capitalize",
    "default",
    "d",
    "first",
    "groupby",
    "join",
    "last",
    "length",
    "count",
    "list",
    "lower",
    "map",
    "reject",
    "rejectattr",
    "reverse",
    "select",
    "selectattr",
    "sort",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
)
_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Add,
    nodes.Sub,
    nodes.Concat,
)


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
    """A template read from a file.

    Raises:
        TemplateFault: it cannot be read, or is not one that may be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            source = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise TemplateFault(path, line, _("This line is not UTF-8. Save the file as UTF-8.")) from error
        except OSError as error:
            raise TemplateFault(path, 0, error.strerror or str(error)) from error
        if len(source) > MAX_SOURCE:
            raise TemplateFault(path, 0, _("The template is longer than %(limit)s characters.", limit=MAX_SOURCE))
        environment = _environment()
        try:
            _permit(environment.parse(source.removeprefix("\ufeff")), path)
            code = environment.compile(source.removeprefix("\ufeff"), path.name, str(path))
        except TemplateSyntaxError as error:
            raise TemplateFault(path, error.lineno, error.message or str(error)) from error
        except TemplateError as error:
            raise TemplateFault(path, 0, str(error)) from error
        self._template = JinjaTemplate.from_code(environment, code, environment.make_globals(None))

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
        until = time.monotonic() + MAX_SECONDS
        pieces: list[str] = []
        characters = 0
        for piece in self._template.generate(variables):
            pieces.append(piece)
            characters += len(piece)
            if characters > MAX_OUTPUT:
                raise TemplateFault(self._path, 0, _("It writes more than %(limit)s characters.", limit=MAX_OUTPUT))
            if time.monotonic() > until:
                raise TemplateFault(self._path, 0, _("It takes longer than %(limit)s s.", limit=MAX_SECONDS))
        return "".join(pieces)

    def _line(self, error: Exception) -> int:
        found, step = 0, error.__traceback__
        while step is not None:  # Jinja writes the template's own lines into the traceback
            if step.tb_frame.f_code.co_filename == str(self._path):
                found = step.tb_lineno
            step = step.tb_next
        return found


def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def _permit(tree: nodes.Template, path: Path) -> None:
    def walk(node: nodes.Node, depth: int) -> None:
        if isinstance(node, nodes.For):
            depth += 1
            if depth > 2 or node.recursive:
                raise TemplateFault(path, node.lineno, _("Loops may stand two deep, not deeper."))
        elif not isinstance(node, _NODES):
            kind = type(node).__name__.lower()
            raise TemplateFault(
                path, node.lineno, _("“%(kind)s” is not available here: show values, test, loop, filter.", kind=kind)
            )
        for child in node.iter_child_nodes():
            walk(child, depth)

    walk(tree, 0)


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

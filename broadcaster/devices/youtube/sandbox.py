"""The part of Jinja that description.txt may use.

A template comes from people, and the service renders it while the show runs: it may neither reach out of what it is
given nor hold anything up. What makes texts longer is bounded by MAX_TEXT, every step of a loop and every filter looks
at the clock, and nothing is worked out while the template is only being loaded.
"""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, nodes, pass_environment, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jinja2 import Environment
    from jinja2.nodes import EvalContext
    from jinja2.runtime import Context

MAX_TEXT = 20_000
"""Characters of any one text, and members of any one list."""
MAX_SECONDS = 0.5

_TEXT_FILTERS = ("capitalize", "lower", "title", "trim", "truncate", "upper")
FILTERS = (
    *_TEXT_FILTERS,
    "count",
    "d",
    "default",
    "first",
    "groupby",
    "join",
    "last",
    "length",
    "map",
    "reject",
    "rejectattr",
    "reverse",
    "select",
    "selectattr",
    "sort",
    "unique",
)
NODES = (
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


class Refused(Exception):  # noqa: N818  (the template asks for what it may not)
    """`line` is 1-based; str() says what is wrong."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Sandbox(SandboxedEnvironment):
    """One template's environment. `begin` before each rendering: from then on it has MAX_SECONDS."""

    intercepted_binops = frozenset({"+"})

    def __init__(self) -> None:
        super().__init__(
            autoescape=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            finalize=_shown,
        )
        self.globals.clear()
        known = {**self.filters, "join": _join}
        self.filters = {name: self._timed(known[name], is_of_text=name in _TEXT_FILTERS) for name in FILTERS}
        self._until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + MAX_SECONDS

    def look_at_the_clock(self) -> None:
        """Raises SecurityError when the rendering has taken too long."""
        if time.monotonic() > self._until:
            raise SecurityError(_("It takes longer than %(limit)s s.", limit=MAX_SECONDS))

    def checked(self, source: str) -> nodes.Template:
        """The template, changed so that each step of a loop yields, and that `~` is bounded as `join` is.

        Raises:
            Refused: it asks for more of Jinja than there is.
            TemplateSyntaxError: it cannot be read.
        """
        tree = self.parse(source)
        _permit(tree)
        _Bounded().visit(tree)
        tree.set_environment(self)
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
            _bound(len(left) + len(right))
        return super().call_binop(context, operator, left, right)

    def _timed(self, filter_: Callable[..., Any], *, is_of_text: bool) -> Callable[..., Any]:
        @functools.wraps(filter_)  # Also takes over what Jinja passes it first.
        def timed(*args: Any, **options: Any) -> Any:
            self.look_at_the_clock()
            if is_of_text:
                for value in args:
                    _refuse_list(value)
            return filter_(*args, **options)

        return timed


class _Bounded(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  (Jinja's name)
        self.generic_visit(node)
        node.body.insert(0, nodes.Output([nodes.TemplateData("")], lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  (Jinja's name)
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "join", [], [], None, None, lineno=node.lineno)


def _permit(tree: nodes.Template) -> None:
    def walk(node: nodes.Node, depth: int) -> None:
        if isinstance(node, nodes.For):
            depth += 1
            if depth > 2 or node.recursive:
                raise Refused(node.lineno, _("Loops may stand two deep, not deeper."))
        elif not isinstance(node, NODES):
            kind = type(node).__name__.lower()
            raise Refused(
                node.lineno, _("“%(kind)s” is not available here: show values, test, loop, filter.", kind=kind)
            )
        for child in node.iter_child_nodes():
            walk(child, depth)

    walk(tree, 0)


@pass_eval_context  # With an argument of the rendering, Jinja cannot work outputs out while loading.
def _shown(_context: EvalContext, value: object) -> object:
    _refuse_list(value)
    return value


@pass_environment
def _join(environment: Environment, value: Iterable[object], d: object = "", attribute: str | int | None = None) -> str:
    """Jinja's own, up to MAX_TEXT."""
    if attribute is not None:
        value = map(make_attrgetter(environment, attribute), value)
    _refuse_list(d)
    between = str(d)
    pieces: list[str] = []
    length = 0
    for piece in value:
        _refuse_list(piece)
        pieces.append(str(piece))
        length += len(pieces[-1]) + len(between)
        _bound(length - len(between))
    return between.join(pieces)


def _bound(length: int) -> None:
    if length > MAX_TEXT:
        raise SecurityError(_("It writes more than %(limit)s characters.", limit=MAX_TEXT))


def _refuse_list(value: object) -> None:
    """A list's own text can be as long as the product of all that is nested in it."""
    if isinstance(value, list | tuple):
        raise SecurityError(_('A list cannot be shown as it is: write | join(", ") behind it.'))

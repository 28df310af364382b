"""The look of an expo: a few CSS variables in a file that an organizer can edit.

`overlays/theme.css` has all of them; `theme.css` in a show's folder may say otherwise. Nothing in such a file is fatal:
a value that cannot be used is told as a fault, and the value before it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tinycss2
from tinycss2 import color3

from broadcaster.language import gettext as _
from broadcaster.pictures import logo as logos
from broadcaster.pictures.colour import LEGIBLE, Colour, contrast, readable_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEFAULT = Path(__file__).parents[2] / "overlays" / "theme.css"
NAME = "theme.css"
"""Of the file in a show's folder."""

LARGEST_FILE = 100_000
ROUNDEST = 40.0


_SOGA, _COPPER, _GOLD = Colour(0x1D, 0x13, 0x0C), Colour(0xD0, 0x8A, 0x34), Colour(0xD9, 0xA0, 0x4A)
_CREAM, _SAND, _INDIGO = Colour(0xFF, 0xF6, 0xE6), Colour(0xEC, 0xD3, 0xA8), Colour(0x16, 0x1F, 0x3D)


@dataclass(frozen=True, slots=True)
class Theme:
    """See `overlays/theme.css` for what each is. `font` may be several families, the best first."""

    plate: Colour = _SOGA
    ink: Colour = _CREAM
    soft: Colour = _SAND
    accent: Colour = _COPPER
    accent_ink: Colour = _SOGA
    ground: Colour = _INDIGO
    ground_ink: Colour = _CREAM
    ground_soft: Colour = _SAND
    motif: Colour = _GOLD
    font: tuple[str, ...] = ("Inter",)
    radius: float = 14.0
    logo: Path | None = None

    def load_logo(self) -> logos.Logo | None:
        if self.logo is None:
            return None
        try:
            return logos.load(self.logo, logos.stamp(self.logo))
        except logos.Unusable:
            return None

    @property
    def logo_stamp(self) -> tuple[int, int]:
        return (0, 0) if self.logo is None else logos.stamp(self.logo)


@dataclass(frozen=True, slots=True)
class Fault:
    """What in a theme file is not used, and why, in a person's words."""

    file: Path
    line: int | None
    message: str


WORDS_ON = (
    ("ink", "plate"),
    ("soft", "plate"),
    ("accent_ink", "accent"),
    ("ground_ink", "ground"),
    ("ground_soft", "ground"),
)
"""Which words are set on which ground."""


def read(*files: Path) -> tuple[Theme, tuple[Fault, ...]]:
    """The theme of these files, the last word having the last one's; files that do not exist say nothing."""
    theme = Theme()
    faults: list[Fault] = []
    for file in files:
        theme = _read_one(file, theme, faults)
    return _legible(theme, files[-1] if files else DEFAULT, faults), tuple(faults)


class Themes:
    """The theme as the files are now: they are read again when they change."""

    def __init__(self, *files: Path) -> None:
        self._files = files
        self._stamps: tuple[tuple[int, int], ...] | None = None
        self._theme = Theme()
        self.faults: tuple[Fault, ...] = ()

    def current(self) -> Theme:
        stamps = tuple(logos.stamp(file) for file in self._files)
        if stamps != self._stamps:
            self._theme, self.faults = read(*self._files)
            self._stamps = stamps
        return self._theme


def themes_of(show: Path) -> Themes:
    """The themes of a show's folder."""
    return Themes(DEFAULT, show / NAME)


def stylesheet(theme: Theme) -> str:
    """The theme as pages need it: every variable, whatever the files say, and whether there is a logo."""
    variables = {name.replace("_", "-"): str(getattr(theme, name)) for name in _COLOURS}
    variables["font"] = ", ".join(f'"{family}"' for family in theme.font)
    variables["corner"] = f"{theme.radius:g}"
    drawn = theme.load_logo()
    if drawn is not None:
        version = "-".join(f"{part:x}" for part in theme.logo_stamp)
        variables |= {
            "logo": f'url("/overlays/logo?v={version}")',
            "logo-display": "block",
            "logo-aspect": f"{drawn.aspect:.4f}",
        }
    lines = [f"  --{name}: {value};" for name, value in variables.items()]
    return "\n".join(["/* Made by the service: the theme as it is in use. */", ":root {", *lines, "}", ""])


# ---------------------------------------------------------------- reading


_COLOURS = tuple(field.name for field in fields(Theme) if field.type == "Colour")


class _Unusable(Exception):  # noqa: N818  (the value is the organizer's; nothing broke)
    """str() says why a value cannot be used, for people."""


@dataclass(slots=True)
class _Reader:
    """Reads one file's values; how a value is read follows from its name."""

    folder: Path

    @property
    def kinds(self) -> dict[str, Callable[[list[Any]], Any]]:
        return {**dict.fromkeys(_COLOURS, _colour), "font": _font, "radius": _radius, "logo": self._logo}

    def _logo(self, tokens: list[Any]) -> Path | None:
        if [(token.type, getattr(token, "value", None)) for token in tokens] == [("ident", "none")]:
            return None
        name = _url(tokens)
        if name is None:
            raise _Unusable(_('it must be none, or a file like url("logo.png")'))
        path = self.folder / name
        if Path(name).name != name or path.suffix.lower() not in logos.KINDS:
            raise _Unusable(_("the logo must be a PNG, JPEG, WebP or SVG file beside the theme file"))
        try:
            logos.load(path, logos.stamp(path))
        except logos.Unusable as error:
            raise _Unusable(_("%(file)s: %(why)s", file=name, why=error)) from error
        return path


def _read_one(file: Path, theme: Theme, faults: list[Fault]) -> Theme:
    if not file.exists():
        return theme
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        faults.append(Fault(file, None, _("The theme cannot be read: %(why)s.", why=error.strerror or error)))
        return theme
    except UnicodeDecodeError:
        faults.append(Fault(file, None, _("The theme is not UTF-8 text.")))
        return theme
    if len(content) > LARGEST_FILE:
        faults.append(Fault(file, None, _("The theme is larger than 100 kB: it is not used.")))
        return theme
    kinds = _Reader(file.parent).kinds
    for line, name, tokens in _declarations(text, file, faults):
        key = name.removeprefix("--").replace("-", "_")
        if not name.startswith("--") or key not in kinds:
            faults.append(Fault(file, line, _("There is no %(name)s in a theme: it is not used.", name=name)))
            continue
        try:
            theme = replace(theme, **{key: kinds[key](tokens)})
        except _Unusable as error:
            faults.append(Fault(file, line, _("%(name)s cannot be used: %(why)s.", name=name, why=error)))
    return theme


def _declarations(text: str, file: Path, faults: list[Fault]) -> Iterator[tuple[int, str, list[Any]]]:
    """(line, name, tokens of the value) of all that stands in `:root { … }`."""
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule" or tinycss2.serialize(rule.prelude).strip() != ":root":
            faults.append(Fault(file, rule.source_line, _("A theme has nothing but :root { … } with values in it.")))
            continue
        for node in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            if node.type == "declaration":
                seen = [token for token in node.value if token.type not in {"whitespace", "comment"}]
                yield node.source_line, node.name, seen
            else:
                faults.append(
                    Fault(file, node.source_line, _("This line is not understood: --name: value; is missing."))
                )


def _colour(tokens: list[Any]) -> Colour:
    found = color3.parse_color(tokens[0]) if len(tokens) == 1 else None
    if found is None or isinstance(found, str):
        raise _Unusable(_("it is not a colour, like #1d130c"))
    if found.alpha < 1:
        raise _Unusable(_("it must be opaque, or words on it cannot be read over every picture"))
    red, green, blue = (round(min(max(channel, 0.0), 1.0) * 255) for channel in found[:3])
    return Colour(red, green, blue)


def _font(tokens: list[Any]) -> tuple[str, ...]:
    families: list[list[str]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            families.append([])
        elif token.type in {"string", "ident"}:
            families[-1].append(token.value)
        else:
            raise _Unusable(_('it is not a font\'s name, like "Inter"'))
    names = tuple(" ".join(family) for family in families)
    if not all(name and name.isprintable() and not set(name) & set('"\\<>{};') for name in names):
        raise _Unusable(_('it is not a font\'s name, like "Inter"'))
    return names


def _radius(tokens: list[Any]) -> float:
    token = tokens[0] if len(tokens) == 1 else None
    is_length = token is not None and (
        (token.type == "dimension" and token.lower_unit == "px") or (token.type == "number" and token.value == 0)
    )
    if token is None or not is_length or not 0 <= token.value <= ROUNDEST:
        raise _Unusable(_("it must be from 0px to 40px"))
    return float(token.value)


def _url(tokens: list[Any]) -> str | None:
    match tokens:
        case [token] if token.type == "url":
            return str(token.value)
        case [token] if token.type == "function" and token.lower_name == "url":
            inner = [each for each in token.arguments if each.type not in {"whitespace", "comment"}]
            return str(inner[0].value) if len(inner) == 1 and inner[0].type == "string" else None
        case _:
            return None


def _legible(theme: Theme, file: Path, faults: list[Fault]) -> Theme:
    for words, ground in WORDS_ON:
        if contrast(getattr(theme, words), getattr(theme, ground)) < LEGIBLE:
            instead = readable_on(getattr(theme, ground))
            faults.append(
                Fault(
                    file,
                    None,
                    _(
                        "Words in --%(words)s cannot be read on --%(ground)s: %(instead)s is used there.",
                        words=words.replace("_", "-"),
                        ground=ground.replace("_", "-"),
                        instead=instead,
                    ),
                )
            )
            theme = replace(theme, **{words: instead})  # type: ignore[arg-type]
    return theme

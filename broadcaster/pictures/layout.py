"""Where each shape of an overlay goes. The pages' style sheets say the same in CSS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from broadcaster.pictures import words
from broadcaster.pictures.code import qr_code
from broadcaster.pictures.fitting import Fitted, fit, fit_link
from broadcaster.pictures.geometry import CODE, COUNTDOWN, LOWER_THIRD, NEXT_UP, PLATE, STAND, Space, Text
from broadcaster.pictures.shapes import ROUND, Box, Code, Fill, Logo, Motif, Shape, Words
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, StandCard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from broadcaster.show.overlay_state import Part

    Width = Callable[[str, int], float]
    """Of a text in a weight, in ems."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a layout depends on beside its words. `logo` is the logo's width by its height, None without one."""

    space: Space
    width: Width
    logo: float | None = None

    def fit(self, text: str, rule: Text, room: float) -> Fitted:
        return fit(text, rule, room, lambda piece: self.width(piece, rule.weight))

    def fit_link(self, label: str, rule: Text, room: float) -> Fitted:
        return fit_link(label, rule, room, lambda piece: self.width(piece, rule.weight))

    def widest(self, fitted: Fitted, rule: Text) -> float:
        return max((self.width(line, rule.weight) * fitted.size for line in fitted.lines), default=0.0)

    def words(
        self,
        name: str,
        fitted: Fitted,
        rule: Text,
        colour: str,
        place: tuple[float, float],
        *,
        room: float | None = None,
        inside: Box | None = None,
    ) -> Words:
        """Fitted lines from `place` (left, top) on; with `room`, each in the middle of so much width."""
        wide = self.widest(fitted, rule)
        left = place[0] if room is None else place[0] + (room - wide) / 2
        box = Box(left, place[1], wide, fitted.height(rule.leading))
        centred = room is not None
        apart = rule.leading + fitted.below
        return Words(name, box, fitted.lines, fitted.size, rule.leading, apart, rule.weight, colour, centred, inside)


class Stack:
    """Texts one below the other, as large as they come out."""

    def __init__(self, setting: Setting, gap: float = 0.0) -> None:
        self._setting = setting
        self._gap = gap
        self._rows: list[tuple[str, Fitted, Text, str]] = []

    def add(self, name: str, fitted: Fitted, rule: Text, colour: str) -> None:
        if fitted.lines:
            self._rows.append((name, fitted, rule, colour))

    @property
    def width(self) -> float:
        return max((self._setting.widest(fitted, rule) for _, fitted, rule, _ in self._rows), default=0.0)

    @property
    def height(self) -> float:
        texts = sum(fitted.height(rule.leading) for _, fitted, rule, _ in self._rows)
        return texts + self._gap * max(len(self._rows) - 1, 0)

    def at(self, left: float, top: float, inside: Box | None = None, *, room: float | None = None) -> list[Words]:
        """Set from `top` down, see `Setting.words`."""
        shapes = []
        for name, fitted, rule, colour in self._rows:
            words = self._setting.words(name, fitted, rule, colour, (left, top), room=room, inside=inside)
            shapes.append(words)
            top = words.box.bottom + self._gap
        return shapes


def overlay(parts: Iterable[Part], setting: Setting) -> list[Shape]:
    """All parts, none over another: at the left one upon the other, the panel with the code at the right."""
    shapes: list[Shape] = []
    floor = setting.space.height - PLATE.bottom
    # The announcement stands on the name, whichever came first.
    for part in sorted(parts, key=lambda part: isinstance(part, NextUp)):
        match part:
            case CodePanel():
                shapes += code_panel(part, setting)
            case LowerThird():
                made = lower_third(part, setting)
            case StandCard():
                made = stand_card(part, setting)
            case NextUp():
                made = next_up(part, setting)
            case _:
                assert_never(part)
        if not isinstance(part, CodePanel) and made:
            lowest = max(shape.box.bottom for shape in made)
            shapes += [_moved(shape, floor - lowest) for shape in made]
            floor = floor - lowest + min(shape.box.top for shape in made) - PLATE.gap
    return shapes


Boxed = Fill | Motif | Words | Code | Logo


def lower_third(part: LowerThird, setting: Setting) -> list[Boxed]:
    """At the canvas's top, to be moved down."""
    rules = LOWER_THIRD
    name = setting.fit(part.name, rules.name, PLATE.room)
    tagline = replace(rules.tagline, lines=1) if len(name.lines) > 1 else rules.tagline
    stack = Stack(setting, rules.gap)
    stack.add("lower-third-name", name, rules.name, "ink")
    stack.add("lower-third-who", setting.fit(part.who, rules.who, PLATE.room), rules.who, "soft")
    stack.add("lower-third-tagline", setting.fit(part.tagline, tagline, PLATE.room), rules.tagline, "ink")
    chip = setting.fit(part.category, rules.chip, rules.chip_widest - 2 * rules.chip_side)
    chip = replace(chip, below=0.0)  # its height is fixed
    chip_width = setting.widest(chip, rules.chip) + 2 * rules.chip_side if chip.lines else 0.0
    width = max(PLATE.band + PLATE.before + stack.width + PLATE.after, chip_width + 2 * rules.chip_side)
    box = Box(PLATE.left, rules.chip_height, width, PLATE.above + stack.height + PLATE.below)
    if not stack.height:
        return []
    corners = (not chip.lines, True, True, True)
    shapes: list[Boxed] = [
        Fill("lower-third", box, "plate", corners, shadow=True),
        Motif("lower-third-band", Box(box.left, box.top, PLATE.band, box.height), (corners[0], False, False, True)),
        *stack.at(box.left + PLATE.band + PLATE.before, box.top + PLATE.above, box),
    ]
    if chip.lines:
        tab = Box(PLATE.left, 0, chip_width, rules.chip_height)
        place = tab.left + rules.chip_side, (tab.height - chip.height(rules.chip.leading)) / 2
        shapes += [
            Fill("lower-third-chip", tab, "accent", (True, True, False, False)),
            setting.words("lower-third-category", chip, rules.chip, "accent_ink", place, inside=tab),
        ]
    return shapes


def stand_card(part: StandCard, setting: Setting) -> list[Boxed]:
    """Without a number it is a lower third."""
    rules = STAND
    number = setting.fit(part.stand, rules.number, rules.block - 2 * rules.block_side)
    band = rules.block if number.lines else PLATE.band
    room = PLATE.widest - band - PLATE.before - PLATE.after
    stack = Stack(setting, rules.gap)
    stack.add("stand-name", setting.fit(part.name, rules.name, room), rules.name, "ink")
    stack.add("stand-who", setting.fit(part.who, rules.who, room), rules.who, "soft")
    stack.add("stand-tagline", setting.fit(part.tagline, rules.tagline, room), rules.tagline, "ink")
    side = Stack(setting)
    if number.lines:
        side.add("stand-label", setting.fit(words.STAND, rules.label, rules.block), rules.label, "accent_ink")
        side.add("stand-number", number, rules.number, "accent_ink")
    if not stack.height and not side.height:
        return []
    inner = max(stack.height, side.height)
    width = band + (PLATE.before + stack.width + PLATE.after if stack.height else 0.0)
    box = Box(PLATE.left, 0, width, PLATE.above + inner + PLATE.below)
    shapes: list[Boxed] = [Fill("stand", box, "plate", shadow=True)]
    left = Box(box.left, box.top, band, box.height)
    corners = (True, False, False, True) if stack.height else ROUND
    if number.lines:
        shapes.append(Fill("stand-block", left, "accent", corners))
        top = box.top + (box.height - side.height) / 2
        shapes += side.at(left.left + rules.block_side, top, left, room=rules.block - 2 * rules.block_side)
    else:
        shapes.append(Motif("stand-band", left, corners))
    top = box.top + PLATE.above + (inner - stack.height) / 2
    return [*shapes, *stack.at(left.right + PLATE.before, top, box)]


def next_up(part: NextUp, setting: Setting) -> list[Boxed]:
    rules = NEXT_UP
    label = setting.fit(words.NEXT, rules.label, PLATE.widest)
    label_width = setting.widest(label, rules.label)
    block = label_width + 2 * rules.label_side
    room = PLATE.widest - block - PLATE.before - PLATE.after
    stack = Stack(setting)
    stack.add("next-up-name", setting.fit(part.name, rules.name, room), rules.name, "ink")
    stack.add("next-up-detail", setting.fit(part.detail, rules.detail, room), rules.detail, "soft")
    if not stack.height:
        return []
    height = rules.above + stack.height + rules.below
    box = Box(PLATE.left, 0, block + PLATE.before + stack.width + PLATE.after, height)
    left = Box(box.left, box.top, block, height)
    place = left.left + rules.label_side, left.top + (height - label.height(rules.label.leading)) / 2
    return [
        Fill("next-up", box, "plate", shadow=True),
        Fill("next-up-block", left, "accent", (True, False, False, True)),
        setting.words("next-up-label", label, rules.label, "accent_ink", place, inside=left),
        *stack.at(left.right + PLATE.before, box.top + rules.above, box),
    ]


def code_panel(part: CodePanel, setting: Setting) -> list[Shape]:
    rules = CODE
    room = rules.paper
    name = setting.fit(part.name, rules.name, room)
    label = setting.fit_link(part.label, rules.label, room)
    code = qr_code(part.link)
    rows: list[tuple[str, float]] = []
    if setting.logo is not None:
        rows.append(("logo", rules.logo))
    if name.lines:
        rows.append(("name", name.height(rules.name.leading)))
    if code is not None:
        rows.append(("paper", rules.paper))
    if label.lines:
        rows.append(("label", label.height(rules.label.leading)))
    inner = sum(height for _, height in rows) + rules.gap * (len(rows) - 1)
    height = rules.crest + rules.above + inner + rules.below
    left = setting.space.width - rules.right - rules.width
    box = Box(left, setting.space.height - rules.bottom - height, rules.width, height)
    shapes: list[Shape] = [
        Fill("code", box, "plate", shadow=True),
        Motif("code-crest", Box(box.left, box.top, box.width, rules.crest), (True, True, False, False)),
    ]
    top = box.top + rules.crest + rules.above
    for kind, tall in rows:
        corner = box.left + rules.side, top
        place = Box(*corner, room, tall)
        if kind == "logo":
            shapes.append(Logo("code-logo", place))
        elif kind == "name":
            shapes.append(setting.words("code-name", name, rules.name, "ink", corner, room=room, inside=box))
        elif kind == "label":
            shapes.append(setting.words("code-label", label, rules.label, "soft", corner, room=room, inside=box))
        elif code is not None:
            side = code.module * code.size
            margin = (rules.paper - side) / 2
            shapes.append(Fill("code-paper", place, "white"))
            shapes.append(Code("code-qr", Box(place.left + margin, place.top + margin, side, side), code))
        top += tall + rules.gap
    return shapes


def countdown(text: str, size: tuple[float, float]) -> list[Shape]:
    """The strip alone, with room of `size` from its upper left corner; each sign in a cell of its own."""
    rules = COUNTDOWN
    side, digits = rules.side * size[1], rules.size * size[1]
    cells = [rules.colon if sign == ":" else rules.digit for sign in text]
    # Days to wait make more digits than there is room for.
    digits = min(digits, (size[0] - 2 * side) / sum(cells))
    left = side
    shapes: list[Shape] = [Fill("countdown", Box(0, 0, 2 * side + digits * sum(cells), size[1]), "plate")]
    for place, (sign, width) in enumerate(zip(text, cells, strict=True)):
        cell = Box(left, (size[1] - digits) / 2, width * digits, digits)
        shapes.append(Words(f"countdown-{place}", cell, (sign,), digits, 1.0, 1.0, rules.weight, "ink", centred=True))
        left += cell.width
    return shapes


def _moved(shape: Boxed, down: float) -> Boxed:
    if isinstance(shape, Words):
        return replace(shape, box=shape.box.moved(down), inside=shape.inside.moved(down) if shape.inside else None)
    return replace(shape, box=shape.box.moved(down))

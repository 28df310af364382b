"""Whole pictures: the slate under everything, cards, standby, and the pattern alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.pictures import words
from broadcaster.pictures.geometry import CARD, SAFE_X, SLATE, STANDBY
from broadcaster.pictures.layout import Stack
from broadcaster.pictures.shapes import Box, Fill, Ground, Logo, Shape

if TYPE_CHECKING:
    from broadcaster.pictures.layout import Setting


def backdrop() -> list[Shape]:
    return [Ground("even")]


def slate(brand: str, setting: Setting) -> list[Shape]:
    """Logo, name and a rule, in the middle."""
    rules, space = SLATE, setting.space
    fitted = setting.fit(brand, rules.brand, rules.room)
    heights = []
    if setting.logo is not None:
        heights.append(rules.logo)
    if fitted.lines:
        heights += [fitted.height(rules.brand.leading), rules.rule]
    top = (space.height - sum(heights) - rules.gap * max(len(heights) - 1, 0)) / 2
    shapes: list[Shape] = [Ground("edges")]
    left = (space.width - rules.room) / 2
    if setting.logo is not None:
        shapes.append(Logo("slate-logo", Box(left, top, rules.room, rules.logo)))
        top += rules.logo + rules.gap
    if fitted.lines:
        height = fitted.height(rules.brand.leading)
        shapes.append(setting.words("slate-brand", fitted, rules.brand, "ground_ink", (left, top), room=rules.room))
        rule = Box((space.width - rules.rule_width) / 2, top + height + rules.gap, rules.rule_width, rules.rule)
        shapes.append(Fill("slate-rule", rule, "accent"))
    return shapes


def card(title: str, subtitle: str, setting: Setting) -> list[Shape]:
    rules = CARD
    stack = Stack(setting)
    stack.add("card-title", setting.fit(title, rules.title, rules.room), rules.title, "ground_ink")
    below = Stack(setting)
    below.add("card-subtitle", setting.fit(subtitle, rules.subtitle, rules.room), rules.subtitle, "ground_soft")
    heights = [height for height in (rules.rule if stack.height else 0.0, stack.height, below.height) if height]
    bottom = setting.space.height - (1080 - rules.bottom)
    top = (rules.top + bottom - sum(heights) - rules.gap * max(len(heights) - 1, 0)) / 2
    shapes: list[Shape] = [Ground("right")]
    if stack.height:
        shapes.append(Fill("card-rule", Box(SAFE_X, top, rules.rule_width, rules.rule), "accent"))
        top += rules.rule + rules.gap
        shapes += stack.at(SAFE_X, top)
        top += stack.height + rules.gap
    return [*shapes, *below.at(SAFE_X, top)]


def standby(brand: str, next_title: str, setting: Setting, *, counts: bool, is_over: bool) -> list[Shape]:
    """Whose show it is, that it goes on, and with what. `counts`: a place is left free for the countdown."""
    rules, space = STANDBY, setting.space
    shapes: list[Shape] = [Ground("right")]
    left = float(SAFE_X)
    if setting.logo is not None:
        logo_width = min(rules.logo * setting.logo, space.width / 3)
        shapes.append(Logo("standby-logo", Box(left, rules.brand_top, logo_width, rules.logo)))
        left += logo_width + rules.logo_gap
    fitted = setting.fit(brand, rules.brand, space.width - SAFE_X - left)
    head = Stack(setting)
    head.add("standby-brand", fitted, rules.brand, "ground_soft")
    shapes += head.at(left, rules.brand_top + (rules.logo - head.height) / 2)
    title = Stack(setting)
    said = words.THANKS if is_over else words.SOON
    title.add("standby-title", setting.fit(said, rules.title, rules.room), rules.title, "ground_ink")
    shapes += title.at(SAFE_X, rules.title_top if counts else rules.title_top_alone)
    coming = Stack(setting)
    name = setting.fit(next_title, rules.next, rules.room)
    if name.lines:
        coming.add("standby-label", setting.fit(words.NEXT, rules.label, rules.room), rules.label, "ground_soft")
        coming.add("standby-next", name, rules.next, "ground_ink")
        top = rules.next_top if counts else rules.next_top_alone
        shapes.append(Fill("standby-bar", Box(SAFE_X, top, rules.bar, coming.height), "accent"))
        shapes += coming.at(SAFE_X + rules.bar + rules.bar_gap, top)
    return shapes

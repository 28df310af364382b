"""What can be wanted of a rundown and its exhibitors, one value an edit.

Values of items and exhibitors are written as in the show's files, local times and durations as texts; None removes a
key. `was` is what the person saw when they changed it: what is no longer so has been changed by somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from broadcaster.show.rundown import ExhibitorId, ItemId

Value = str | bool | int | float | None
Values = Mapping[str, Value]
NOTHING: Values = {}
NEW_ITEM = ItemId("")
NEW_EXHIBITOR = ExhibitorId("")

ITEM_KEYS = ("type", "title", "exhibitor", "scene", "media", "start", "duration", "end", "transition", "skip", "note")
EXHIBITOR_KEYS = (
    "name",
    "owner",
    "city",
    "category",
    "kind",
    "stand",
    "tagline",
    "products",
    "video",
    "catalogue",
    "shop",
    "shopee",
    "tokopedia",
    "instagram",
    "whatsapp",
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a day: behind `after`; when that is gone, in front of `before`; when both are, at the day's end.

    Neighbours rather than numbers: they still say what was meant when somebody else has moved other items.
    """

    day: date
    after: ItemId | None = None
    before: ItemId | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """A new item. An empty `item` is given an id. `block` is the text of one that was deleted, comments and all."""

    spot: Spot
    item: ItemId = NEW_ITEM
    values: Values = field(default_factory=dict)
    block: str = ""
    op: Literal["insert"] = "insert"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A copy of an item right behind it, without its hard start."""

    item: ItemId
    op: Literal["duplicate"] = "duplicate"


@dataclass(frozen=True, slots=True)
class Delete:
    item: ItemId
    op: Literal["delete"] = "delete"


@dataclass(frozen=True, slots=True)
class Move:
    item: ItemId
    spot: Spot
    op: Literal["move"] = "move"


@dataclass(frozen=True, slots=True)
class Change:
    """Other values for some of an item's keys: its texts, its times, whether it is skipped."""

    item: ItemId
    values: Values
    was: Values = field(default_factory=dict)
    op: Literal["change"] = "change"


@dataclass(frozen=True, slots=True)
class ChangeExhibitor:
    exhibitor: ExhibitorId
    values: Values
    was: Values = field(default_factory=dict)
    op: Literal["change_exhibitor"] = "change_exhibitor"


@dataclass(frozen=True, slots=True)
class AddExhibitor:
    """An empty `exhibitor` is given an id."""

    exhibitor: ExhibitorId = NEW_EXHIBITOR
    values: Values = field(default_factory=dict)
    op: Literal["add_exhibitor"] = "add_exhibitor"


@dataclass(frozen=True, slots=True)
class RemoveExhibitor:
    exhibitor: ExhibitorId
    op: Literal["remove_exhibitor"] = "remove_exhibitor"


Edit = Insert | Duplicate | Delete | Move | Change | ChangeExhibitor | AddExhibitor | RemoveExhibitor


class CannotEdit(Exception):  # noqa: N818  (an answer for a person, not a breakdown)
    """The edit cannot be made. `message` is an English msgid with %(named)s parts, translated where it is shown."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values

"""What OBS shows now, in the terms in which it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster.devices.obs.connection import Answer, Connection
    from broadcaster.devices.obs.names import Names

PLAYING = "OBS_MEDIA_STATE_PLAYING"


@dataclass(frozen=True, slots=True)
class Deck:
    """One of the two media inputs. `item` and `index` are those of its scene item: a higher index covers a lower."""

    name: str
    item: int
    index: int
    enabled: bool
    file: str
    state: str = ""
    cursor: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source lies in a scene. `x` in pixels of the canvas; index 0 lies at the bottom."""

    index: int
    x: float
    enabled: bool


@dataclass(frozen=True, slots=True)
class Observed:
    """`decks_active`: whether the program scene nests the decks, seen or unseen.

    `destination` is what lies in the scene that was asked about, by source; None when there is no such scene.
    """

    scene: str
    decks: tuple[Deck, Deck]
    decks_active: bool
    destination: Mapping[str, Place] | None = None

    @property
    def running(self) -> Deck | None:
        """The deck that covers the others on program."""
        if not self.decks_active:
            return None
        return max((deck for deck in self.decks if deck.enabled), key=lambda deck: deck.index, default=None)

    def other(self, deck: Deck) -> Deck:
        return self.decks[1] if deck.name == self.decks[0].name else self.decks[0]


def observe(connection: Connection, names: Names, destination: str | None = None) -> Observed:
    """Ask OBS, in one batch (some 3 ms). `destination`: the scene that shall come on program.

    Raises:
        Refused: 600: a managed scene or deck is missing.
    """
    a, b = names.decks
    answers = connection.batch(
        [
            Request("GetCurrentProgramScene"),
            Request("GetSceneItemList", {"sceneName": names.program}),
            Request("GetInputSettings", {"inputName": a}),
            Request("GetMediaInputStatus", {"inputName": a}),
            Request("GetInputSettings", {"inputName": b}),
            Request("GetMediaInputStatus", {"inputName": b}),
            Request("GetSceneItemList", {"sceneName": destination or names.program}),
        ]
    )
    there = answers.pop()
    good: list[Answer] = []
    for answer in answers:
        if isinstance(answer, Refused):
            raise answer
        good.append(answer)
    scene, items, *of_decks = good
    name = str(scene["currentProgramSceneName"])
    places = {item["sourceName"]: item for item in items["sceneItems"]}
    return Observed(
        scene=name,
        decks=(_deck(a, places, *of_decks[:2]), _deck(b, places, *of_decks[2:])),
        decks_active=names.nests_program(name),
        destination=None if isinstance(there, Refused) else _places(there),
    )


def _places(items: Answer) -> dict[str, Place]:
    return {
        str(item["sourceName"]): Place(
            int(item["sceneItemIndex"]),
            float(item["sceneItemTransform"]["positionX"]),
            bool(item["sceneItemEnabled"]),
        )
        for item in items["sceneItems"]
    }


def _deck(name: str, places: dict[str, Answer], settings: Answer, status: Answer) -> Deck:
    if name not in places:
        raise Refused("GetSceneItemList", 600, f"{name} is not in its scene")
    item = places[name]
    return Deck(
        name=name,
        item=int(item["sceneItemId"]),
        index=int(item["sceneItemIndex"]),
        enabled=bool(item["sceneItemEnabled"]),
        file=str(settings["inputSettings"].get("local_file", "")),
        state=str(status["mediaState"]),
        cursor=milliseconds(status["mediaCursor"]),
    )


def milliseconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(milliseconds=value)

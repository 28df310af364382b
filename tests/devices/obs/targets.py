"""Targets, written the short way."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.show.rundown import ItemId
from broadcaster.show.studio import Clip as OnDeckClip
from broadcaster.show.studio import OnDeck, Target, TargetId

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.show.studio import Picture
    from tests.obs_fixtures import Clip

_ids = itertools.count(1)


def a_target(picture: Picture, scene: str = "1 Merah", cue: OnDeckClip | None = None, **more) -> Target:
    return Target(TargetId(f"t{next(_ids)}"), ItemId("merah"), scene, picture, cue=cue, **more)


def as_cue(clip: Clip) -> OnDeckClip:
    return OnDeckClip(clip.path, clip.duration)


def elapsed(target: Target, now: datetime) -> float:
    """Seconds since the target's video began."""
    assert isinstance(target.picture, OnDeck)
    return (now - target.picture.began).total_seconds()


def on_deck(clip: Clip, began: datetime, scene: str = "1 Merah", cue: Clip | None = None, ago: float = 0) -> Target:
    """`clip`, begun `ago` seconds before `began`."""
    picture = OnDeck(as_cue(clip), began - timedelta(seconds=ago))
    return a_target(picture, scene, cue=as_cue(cue) if cue else None)

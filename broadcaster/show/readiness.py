"""Whether an exhibitor has handed in what a profile needs, as far as the files and the probes can tell."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadcaster.show.rundown import Exhibitor


class Lack(StrEnum):
    """What is missing, the worst first."""

    NO_VIDEO = "no_video"
    BAD_VIDEO = "bad_video"
    NO_LINK = "no_link"
    DEAD_LINK = "dead_link"
    NOT_SCHEDULED = "not_scheduled"


def lacks(exhibitor: Exhibitor, *, is_scheduled: bool, is_link_dead: bool = False) -> tuple[Lack, ...]:
    """Everything that keeps the exhibitor from being ready; empty when it is.

    A stand is visited in the hall: it needs neither video nor profile. A link that is not fit for viewers is none.
    """
    found = []
    if exhibitor.video is None and exhibitor.kind != "stand":
        found.append(Lack.NO_VIDEO)
    elif exhibitor.video is not None and exhibitor.video.fault:
        found.append(Lack.BAD_VIDEO)
    if not exhibitor.link:
        found.append(Lack.NO_LINK)
    elif is_link_dead:
        found.append(Lack.DEAD_LINK)
    if not is_scheduled and (exhibitor.kind != "stand" or exhibitor.video is not None):
        found.append(Lack.NOT_SCHEDULED)
    return tuple(found)

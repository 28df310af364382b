"""What the show needs of a channel, which is YouTube, and what that says of its health."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.messages import Event


@dataclass(frozen=True, slots=True)
class Ingestion:
    """Where video is sent for a stream of YouTube's: the address, and the key, which is a secret."""

    server: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BroadcastHealth:
    """The broadcast that is looked after now.

    `status` is YouTube's word (created, ready, testing, liveStarting, live, complete …), "" while none is found.
    `goal`: leave | live | complete. `stage`, on the way there: idle | no_stream | no_video | moving | reached | over.
    `receives`: whether video arrives at YouTube.
    """

    day: date
    id: str = ""
    title: str = ""
    status: str = ""
    privacy: str = ""
    goal: str = "leave"
    stage: str = "idle"
    receives: bool | None = None
    detail: str = ""

    @property
    def url(self) -> str:
        return f"https://www.youtube.com/watch?v={self.id}" if self.id else ""


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """`state`: off | rehearsal | ok | waiting | failing | quota. `description_sha256`: the newest text published.

    `chat` says what keeps messages from the live chat, "" when nothing does. `login_days`: until the login ends by
    itself; None when it does not, or that is not known.
    """

    state: str
    detail: str = ""
    quota_left: int | None = None
    description_sha256: str | None = None
    published_at: datetime | None = None
    pending: bool = False
    quota_resets_at: datetime | None = None
    chat: str = ""
    broadcast: BroadcastHealth | None = None
    login_days: float | None = None


class Channel(Protocol):
    """YouTube, or its double. `publish` leaves the newest wish and returns at once, as the other wishes do."""

    def start(self, post: Callable[[Event], None]) -> None: ...

    def stop(self) -> None: ...

    def publish(self, wish: DescriptionWish) -> None: ...

    def health(self) -> ChannelHealth: ...

    def follow(self, parts: Sequence[DayPart]) -> None:
        """The show's broadcasts, as its rundown now has them."""
        ...

    def want_day(self, day: date | None) -> None:
        """The day that is on, with the time before and after it; None between two days."""
        ...

    def ask(self, act: str, broadcast: str = "") -> None:
        """A person's wish for the broadcast that is looked after: prepare | live | complete.

        `complete`, which is final, names the broadcast by its id.

        Raises:
            Refused: it cannot be done now.
        """
        ...

    def ingestion(self) -> Ingestion | None:
        """Where OBS must send for the broadcast that is looked after; None while that is not known. Never blocks."""
        ...

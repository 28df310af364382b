"""What outlives the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from broadcaster.ports.room import Json
    from broadcaster.show.as_run import AsRun
    from broadcaster.show.rundown import ItemId


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: an event, a press, a notice. `values` is JSON."""

    at: datetime
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """All that one step of the show must leave behind, or none of it."""

    at: datetime
    show: str
    snapshot: Json
    rows: tuple[AsRun, ...] = ()
    journal: tuple[JournalEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """A text of the description. `state`: rehearsed | sent | unchanged | failed."""

    at: datetime
    item: ItemId | None
    text: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KnownBroadcast:
    """What is remembered of a day's broadcast, so that nothing is made or done twice.

    `asked` is the act that was sent last (insert, bind, testing, live, complete) and `asked_at` when: written before
    it is sent, as its answer may be lost. missing: YouTube has not shown the broadcast since `asked_at`. `hand` is a
    person's wish not yet fulfilled (prepare, live, complete).
    `made`: the service made it, and did not find it. `thumbnail` is the SHA-256 of the one that was set.
    """

    day: date
    number: int
    video: str = ""
    stream: str = ""
    asked: str = ""
    asked_at: datetime | None = None
    hand: str = ""
    made: bool = False
    thumbnail: str = ""


@dataclass(frozen=True, slots=True)
class KnownVideo:
    """What is remembered of a video whose description is kept.

    `own_title` is the title that people gave it, `titles` those that the service put in its place. `whole` is the
    description as it stood last. `begins` and `ends` are the broadcast's actual times, None while not known;
    `finished_at` is when the final description was written.
    """

    video: str
    own_title: str = ""
    titles: tuple[str, ...] = ()
    whole: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChatPost:
    """A message for a video's live chat, one per item: written down before it is sent, so that it is sent once.

    `state`: posting (its answer is not known) | unsent (it was certainly not) | sent | refused | lost (nobody knows,
    and it is not sent again).
    """

    video: str
    item: ItemId
    at: datetime
    text: str
    state: str


class Store(Protocol):
    """What outlives the process. Thread-safe. Every write is on disk when the call returns."""

    def commit(self, change: Change) -> None:
        """Snapshot, as-run rows (by key: show, item, airing) and journal entries in one transaction."""
        ...

    def snapshot(self, show: str) -> Json | None: ...

    def as_run(self, show: str, day: date | None = None) -> list[AsRun]:
        """In the order of airing: by expected (else planned) start, then by cue."""
        ...

    def journal(self, show: str, limit: int = 200) -> list[JournalEntry]:
        """The newest entries, newest first."""
        ...

    def add_revision(self, show: str, revision: Revision) -> None: ...

    def revisions(self, show: str, limit: int | None = None) -> list[Revision]:
        """Oldest first; with `limit`, the newest that many."""
        ...

    def spend(self, at: datetime, method: str, units: int) -> None:
        """Write into the quota ledger."""
        ...

    def spent(self, since: datetime) -> int: ...

    def broadcasts(self, show: str) -> list[KnownBroadcast]:
        """By day and number."""
        ...

    def keep_broadcast(self, show: str, known: KnownBroadcast) -> None:
        """By key: show, day, number."""
        ...

    def known_video(self, video: str) -> KnownVideo | None: ...

    def keep_video(self, known: KnownVideo) -> None: ...

    def chat_post(self, video: str, item: ItemId) -> ChatPost | None: ...

    def keep_chat_post(self, post: ChatPost) -> None: ...

    def prune(self, before: datetime) -> int:
        """Drop journal entries older than `before`; as-run and revisions stay. Returns how many went."""
        ...

    def forget(self, show: str) -> None:
        """Drop a show's snapshot, as-run, journal and revisions (a rehearsal starts afresh).

        The quota ledger stays, and so do its broadcasts: they are on YouTube all the same.
        """
        ...

    def close(self) -> None: ...

"""What the show needs of the world, as Protocols. The adapters are in `devices/`, `store` and `web/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.edits.values import Edit
    from broadcaster.show.messages import Act, Event
    from broadcaster.show.outputs import OutputsWanted
    from broadcaster.show.rundown import ExhibitorId, ItemId, Media
    from broadcaster.show.studio import Target, ThinScene

Json = dict[str, Any]


class Clock(Protocol):
    """The service's time: aware UTC, advancing with the monotonic clock between jumps."""

    def now(self) -> datetime: ...

    def jump(self) -> timedelta | None:
        """How far the wall clock has jumped since the last call, None for no jump. `now()` follows it from here on."""
        ...


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """`state`: off | starting | on | down; down is a stream that broke off. Numbers are None while not known.

    `dropped_percent` of the frames of the last 10 s were thrown away because the network was too slow; `congestion` is
    0 to 1, as OBS says. All of it is what the studio's end of the line sees: a server that hangs takes some
    seconds of video before anything shows.
    """

    state: str = "off"
    uptime_s: float | None = None
    kbps: float | None = None
    dropped_frames: int | None = None
    dropped_percent: float | None = None
    congestion: float | None = None


@dataclass(frozen=True, slots=True)
class RecordingHealth:
    """`hours_left` until the disk is so full that the recording is stopped, at the present rate."""

    file: str = ""
    length_s: float | None = None
    free_gb: float | None = None
    hours_left: float | None = None


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """Of the machine that the service runs on; None while not known. `is_clock_synchronized`: by a time server."""

    free_gb: float | None = None
    is_clock_synchronized: bool | None = None


@dataclass(frozen=True, slots=True)
class StudioHealth:
    """`state`: offline | connecting | connected | yielded | rehearsal. Numbers are None while not known.

    `skipped_frames`: that OBS rendered or encoded too late, since it was started. `alarms`: what is raised in
    show.alarms.
    """

    state: str
    program_scene: str | None = None
    streaming: bool | None = None
    recording: bool | None = None
    version: str = ""
    detail: str = ""
    fps: float | None = None
    skipped_frames: int | None = None
    cpu_percent: float | None = None
    stream: StreamHealth = field(default_factory=StreamHealth)
    recorded: RecordingHealth = field(default_factory=RecordingHealth)
    alarms: tuple[str, ...] = ()


class Studio(Protocol):
    """OBS, or its double. Calls only leave a wish and return at once; facts come back through the inbox."""

    @property
    def lead(self) -> timedelta:
        """How long before an instant the wish must be left for program to change at that instant."""
        ...

    def start(self, post: Callable[[Event], None]) -> None: ...

    def stop(self) -> None:
        """End the worker, within seconds. What is on program stays on program."""
        ...

    def prepare(self, scenes: Sequence[ThinScene]) -> None: ...

    def want(self, target: Target, reason: str) -> None: ...

    def release(self, reason: str) -> None:
        """Hands off until the next `want`."""
        ...

    def want_outputs(self, outputs: OutputsWanted) -> None:
        """Keep stream and recording so, whoever has the picture."""
        ...

    def health(self) -> StudioHealth: ...

    def screenshot(self, width: int = 640, scene: str = "") -> bytes | None:
        """The program, or the studio's scene of that name, as PNG; None when there is none to be had.

        Blocks up to 2 s: never call it from the loop.
        """
        ...


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


class Probe(Protocol):
    def media(self, path: str) -> Media:
        """The file as it is: true duration, or the fault. Blocks; cached by path, size and mtime; never raises."""
        ...


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


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not a breakdown)
    """A press that cannot be done now. str() is the reason, in the language of the service."""


class Conflicted(Refused):
    """An edit of what somebody else has changed meanwhile. `conflicts` are JSON; str() is their sentences."""

    def __init__(self, conflicts: list[Json]) -> None:
        super().__init__(" ".join(str(conflict["text"]) for conflict in conflicts))
        self.conflicts = conflicts


class ControlRoom(Protocol):
    """What the web interface may see and do. All JSON has the shapes of the HTTP contract; times are RFC 3339 UTC."""

    def status(self) -> Json:
        """The show's status, as in the contract, and "timezone" and "automation" = auto | held | standby | yielded.

        `current` and `next` also say what pages and overlays show: "type", "exhibitor" (its id or None), "name",
        "owner", "city", "tagline", "link" ("" where there is none).

        Raises:
            RuntimeError: the loop that runs the show has ended.
        """
        ...

    def overlay(self) -> Json:
        """What lies over the picture, for overlay pages.

        {"parts": [{"kind" = lower_third | code | next_up | stand, "since", "until", and the part's texts; for code also
        "size" and "path", the QR code's modules a side and as an SVG path}], "countdown_to", "is_standby" (the standby
        slate has the program), "is_over", "next_title"}
        """
        ...

    async def press(
        self, act: Act, item: ItemId | None = None, by: str = "", *, length: timedelta = timedelta(0)
    ) -> Json:
        """The new status, once the act is decided and stored. `length` is extend's.

        Raises:
            Refused: it cannot be done now.
        """
        ...

    async def stream(self, *, on: bool, by: str = "") -> Json:
        """Have the stream started or stopped; the new status, once that is decided and stored.

        Raises:
            Refused: it is so already.
        """
        ...

    async def youtube(self, act: str, broadcast: str = "", by: str = "") -> Json:
        """See Channel.ask; the new status, once the wish is left.

        Raises:
            Refused: it cannot be done now.
        """
        ...

    def rundown(self) -> Json:
        """The rundown as it stands.

        {"revision", "title", "timezone", "days": [{"day", "title", "items": [{"id", "cue", "type", "title",
        "exhibitor", "planned_start", "planned_end", "expected_start", "actual_start", "duration_s", "state", "hard",
        "skip" (as the file says), "skipped" (that, or by the operator), "gap_s", "overlap_s", "media_fault",
        "link"}]}]}
        with state = on_air | next | upcoming | aired | partial | skipped | failed | filled.
        """
        ...

    async def edit_rundown(self, revision: str, days: list[Json], by: str = "", *, may_press: bool = True) -> Json:
        """Write the days' items to the show's files and take them into the running show; the new rundown.

        Raises:
            Refused: `revision` is no longer the current one, the edit has errors (they are named), or it changes what
                is on air or in the next minute and `by` may not press.
        """
        ...

    def exhibitors(self) -> Json:
        """Every exhibitor with what the cards show.

        {"revision", "exhibitors": [{"id", its texts and links, "video_fault", "duration_s", "loudness", "size",
        "link", "dead_link", "items", "is_ready", "lacks": [{"key", "text"}]}]}
        """
        ...

    def edits(self, by: str = "") -> Json:
        """What was edited, the newest first.

        {"edits": [{"id", "at", "by", "what", "of", "undoes", "is_undone"}], "undo", "redo"}

        `undo` and `redo` are what an undo or redo of `by` would take back or make again, null for nothing.
        """
        ...

    async def preview_edits(self, edits: Sequence[Edit], base: str) -> Json:
        """What edits of the rundown of revision `base` would do; nothing is changed.

        {"consequences": [{"level", "text"}], "conflicts": [{"target", "key", "yours", "theirs", "by", "at", "text"}],
        "problems": [{"level", "text", "file", "line"}], "refusal", "rundown" (as it would be) | null}

        Raises:
            Refused: they mean nothing in the rundown as it is.
        """
        ...

    async def apply_edits(self, edits: Sequence[Edit], base: str, by: str = "", key: str = "") -> Json:
        """{"id", "revision", "consequences"}, once the edit is in the files, on disk, and in the running show.

        The same `key` from the same person again changes nothing, and is answered in the same way.

        Raises:
            Conflicted: somebody else has changed the same meanwhile.
            Refused: it cannot be made; all reasons are named.
        """
        ...

    async def undo_edit(self, by: str = "") -> Json:
        """Take back what `by` did last; answers and raises as `apply_edits`."""
        ...

    async def redo_edit(self, by: str = "") -> Json:
        """Make again what `by` took back last; answers and raises as `apply_edits`."""
        ...

    def thumbnail(self, exhibitor: ExhibitorId, width: int = 320) -> bytes | None:
        """A JPEG out of the exhibitor's video, None when there is none to be had. Blocks: not for the loop."""
        ...

    def upcoming_picture(self, width: int = 640) -> bytes | None:
        """What the next item will look like, as JPEG or PNG; None when nobody can tell. Blocks, as `thumbnail`."""
        ...

    def as_run(self, day: date | None = None) -> list[Json]: ...

    def revisions(self, limit: int = 50) -> list[Json]: ...

    async def preview(self, template: str | None = None) -> Json:
        """The description as it would stand now with `template` for a description.txt; None: with the show's own.

        {"at", "item", "text" (the whole), "block", "bytes" (of the whole), "own_bytes" (of people's own text in it),
        "limit", "template" (None where the show has none), "fault": None | {"line", "message"}}. Between items the next
        one stands for what is on air; with a fault the text has the built-in words.
        """
        ...

    async def save_template(self, template: str, by: str = "") -> Json:
        """Write the show's description.txt, or take it away with an empty one; then as `preview`.

        Raises:
            Refused: it is not one that may be used, or cannot be written.
        """
        ...

    def notices(self, limit: int = 50) -> list[Json]:
        """[{"at", "level", "text"}], newest first."""
        ...

    def screenshot(self, width: int = 640) -> bytes | None:
        """See Studio.screenshot: blocking."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` (on the event loop) after every change; the answer unsubscribes."""
        ...

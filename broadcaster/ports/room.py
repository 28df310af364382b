"""What pages and machines may see of a running show, and do to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from broadcaster.show.edits.values import Edit
    from broadcaster.show.messages import Act
    from broadcaster.show.rundown import ExhibitorId, ItemId

Json = dict[str, Any]


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

"""What pages and machines may see of a running show, and do to it: ports.ControlRoom on the conductor."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from broadcaster import answers
from broadcaster.devices.youtube.preview import Preview, preview
from broadcaster.language import gettext as _
from broadcaster.ports import Refused
from broadcaster.show import wanted
from broadcaster.show.description import MAX_BYTES
from broadcaster.show.expectation import expect, over_under
from broadcaster.show.messages import Level, Pressed, StreamPressed, Tell
from broadcaster.show.state import Mode, next_item, playback
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from broadcaster.conductor import Conductor
    from broadcaster.ports import Channel, Clock, Json, MachineHealth, Store, Studio
    from broadcaster.show.as_run import AsRun
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.edits.values import Edit
    from broadcaster.show.messages import Act
    from broadcaster.show.rundown import ExhibitorId, ItemId, Media
    from broadcaster.show.state import State


class Edits(Protocol):
    """Carries edits out: editing.Editor. See ports.ControlRoom for what the methods answer and raise."""

    def history(self, by: str) -> Json: ...

    def exhibitors(self) -> Json: ...

    async def preview(self, edits: Sequence[Edit], base: str, rundown_of: Callable[[State], Json]) -> Json: ...

    async def apply(self, edits: Sequence[Edit], base: str, by: str, key: str) -> Json: ...

    async def undo(self, by: str) -> Json: ...

    async def redo(self, by: str) -> Json: ...

    async def whole_days(self, days: list[Json], by: str, *, may_press: bool) -> None: ...

    async def write_template(self, template: str, by: str) -> None: ...


ASKED = N_("YouTube's broadcast: %(act)s, asked for by %(by)s.")
AUTOMATION = {Mode.AUTO: "auto", Mode.HELD: "held", Mode.SAFE: "standby", Mode.YIELDED: "yielded"}


class Room:
    """ports.ControlRoom. Belongs to the event loop's thread, but for `screenshot`.

    Args:
        measured: how many of the show's videos are measured, of how many.

    """

    def __init__(
        self,
        conductor: Conductor,
        clock: Clock,
        studio: Studio,
        channel: Channel,
        store: Store,
        edits: Edits,
        *,
        template: Path,
        measured: Callable[[], tuple[int, int]],
        thumbnail_of: Callable[[Media | None, int], bytes | None],
        machine: Callable[[], MachineHealth],
    ) -> None:
        self._conductor, self._clock = conductor, clock
        self._studio, self._channel, self._store = studio, channel, store
        self._edits, self._thumbnail_of = edits, thumbnail_of
        self._template, self._measured, self._machine = template, measured, machine

    def status(self) -> Json:
        if not self._conductor.is_alive():
            raise RuntimeError(_("The loop that runs the show has ended."))
        state, now = self._conductor.state, self._clock.now()
        expected = expect(state, now)
        upcoming = next_item(state)
        days = state.rundown.days
        measured, videos = self._measured()
        return {
            "now": answers.instant(now),
            "show": self._conductor.show,
            "title": state.rundown.title,
            "timezone": state.rundown.timezone,
            "day": days[state.day].date.isoformat() if days else None,
            "playback": playback(state).value,
            "automation": AUTOMATION[state.mode],
            "revision": state.rundown.revision,
            "current": answers.item(state, state.on_air.item, now, expected) if state.on_air else None,
            "next": answers.item(state, upcoming, now, expected) if upcoming else None,
            "over_under_s": answers.span(over_under(state, now)),
            "obs": self._obs(),
            "youtube": self._youtube(),
            "videos": {"measured": measured, "total": videos},
            "machine": answers.machine(self._machine()),
        }

    def overlay(self) -> Json:
        return answers.overlay(self._conductor.state)

    def _obs(self) -> Json:
        health = self._studio.health()
        return {
            "state": health.state,
            "program_scene": health.program_scene,
            "streaming": health.streaming,
            "recording": health.recording,
            "version": health.version,
            "detail": health.detail,
            "fps": health.fps,
            "skipped_frames": health.skipped_frames,
            "cpu_percent": health.cpu_percent,
            "stream": {
                "state": health.stream.state,
                "uptime_s": answers.rounded(health.stream.uptime_s),
                "kbps": answers.rounded(health.stream.kbps),
                "dropped_frames": health.stream.dropped_frames,
                "dropped_percent": answers.rounded(health.stream.dropped_percent, 2),
                "congestion": answers.rounded(health.stream.congestion, 2),
            },
            "recorded": {
                "file": health.recorded.file,
                "length_s": answers.rounded(health.recorded.length_s),
                "free_gb": answers.rounded(health.recorded.free_gb, 2),
                "hours_left": answers.rounded(health.recorded.hours_left, 1),
            },
            "alarms": list(health.alarms),
        }

    def _youtube(self) -> Json:
        health = self._channel.health()
        newest = self._store.revisions(self._conductor.show, 1)
        return {
            "state": health.state,
            "detail": health.detail,
            "quota_left": health.quota_left,
            "quota_resets_at": answers.instant(health.quota_resets_at),
            "chat": health.chat,
            "description_sha256": health.description_sha256,
            "published_at": answers.instant(health.published_at),
            "pending": health.pending,
            "login_days": answers.rounded(health.login_days, 1),
            "broadcast": answers.broadcast(health.broadcast),
            "line1": newest[-1].text.partition("\n")[0] if newest else "",
        }

    async def preview(self, template: str | None = None) -> Json:
        state, now = self._conductor.state, self._clock.now()
        wish = wanted.description(state, now)
        if wish.on_air is None and (upcoming := next_item(state)) is not None:
            # Between items there would be little to see: the next one stands for what will be on air.
            entry = wanted.entry(state.rundown, upcoming, now)
            following = tuple(one for one in wish.following if one.item != entry.item)
            wish = replace(wish, item=entry.item, on_air=entry, following=following)
        shown = await asyncio.to_thread(self._preview, wish, template)
        return {
            "at": answers.instant(wish.at),
            "item": wish.item,
            "text": shown.text,
            "block": shown.block,
            "bytes": shown.bytes,
            "own_bytes": shown.own_bytes,
            "limit": MAX_BYTES,
            "template": shown.template,
            "fault": {"line": shown.line, "message": shown.fault} if shown.fault else None,
        }

    async def save_template(self, template: str, by: str = "") -> Json:
        await self._edits.write_template(template, by)
        return await self.preview()

    def _preview(self, wish: DescriptionWish, template: str | None) -> Preview:
        broadcast = self._channel.health().broadcast
        known = self._store.known_video(broadcast.id) if broadcast is not None and broadcast.id else None
        return preview(wish, self._template, template, known.whole if known else "")

    async def press(
        self, act: Act, item: ItemId | None = None, by: str = "", *, length: timedelta = timedelta(0)
    ) -> Json:
        self._conductor.press(Pressed(self._clock.now(), act, item, by, length))
        await self._conductor.settled()
        return self.status()

    async def stream(self, *, on: bool, by: str = "") -> Json:
        self._conductor.press(StreamPressed(self._clock.now(), on, by))
        await self._conductor.settled()
        return self.status()

    async def youtube(self, act: str, broadcast: str = "", by: str = "") -> Json:
        await asyncio.to_thread(self._channel.ask, act, broadcast)
        self._conductor.tell(Tell(Level.INFO, ASKED, {"act": act, "by": by}))
        await self._conductor.settled()
        return self.status()

    def rundown(self) -> Json:
        return self._rundown_of(self._conductor.state)

    def _rundown_of(self, state: State) -> Json:
        newest: dict[ItemId, AsRun] = {}
        for row in self._store.as_run(self._conductor.show):
            before = newest.get(row.item)
            if before is None or row.airing > before.airing:
                newest[row.item] = row
        return answers.rundown(state, self._clock.now(), newest)

    async def edit_rundown(self, revision: str, days: list[Json], by: str = "", *, may_press: bool = True) -> Json:
        current = self._conductor.state.rundown.revision
        if revision != current:
            raise Refused(_("The rundown was changed meanwhile. Load it again and repeat your edit."))
        await self._edits.whole_days(days, by, may_press=may_press)
        return self.rundown()

    def exhibitors(self) -> Json:
        return self._edits.exhibitors()

    def edits(self, by: str = "") -> Json:
        return self._edits.history(by)

    async def preview_edits(self, edits: Sequence[Edit], base: str) -> Json:
        return await self._edits.preview(edits, base, self._rundown_of)

    async def apply_edits(self, edits: Sequence[Edit], base: str, by: str = "", key: str = "") -> Json:
        return await self._edits.apply(edits, base, by, key)

    async def undo_edit(self, by: str = "") -> Json:
        return await self._edits.undo(by)

    async def redo_edit(self, by: str = "") -> Json:
        return await self._edits.redo(by)

    def thumbnail(self, exhibitor: ExhibitorId, width: int = 320) -> bytes | None:
        found = self._conductor.state.rundown.exhibitors.get(exhibitor)
        return None if found is None else self._thumbnail_of(found.video, width)

    def upcoming_picture(self, width: int = 640) -> bytes | None:
        upcoming = next_item(self._conductor.state)
        if upcoming is None:
            return None
        if upcoming.scene is not None:
            return self._studio.screenshot(width, upcoming.scene)
        return self._thumbnail_of(upcoming.media, width)

    def as_run(self, day: date | None = None) -> list[Json]:
        return [answers.as_run_row(row) for row in self._store.as_run(self._conductor.show, day)]

    def revisions(self, limit: int = 50) -> list[Json]:
        return [answers.revision(each) for each in self._store.revisions(self._conductor.show, limit)]

    def notices(self, limit: int = 50) -> list[Json]:
        return [
            {"at": answers.instant(notice.at), "level": notice.told.level.value, "text": notice.text}
            for notice in list(self._conductor.notices)[:limit]
        ]

    def screenshot(self, width: int = 640) -> bytes | None:
        return self._studio.screenshot(width)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self._conductor.subscribe(listener)

"""A control desk for tests of the core: a rundown in a few words, a studio that confirms, a clock that is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from broadcaster.show import playout
from broadcaster.show.messages import (
    Act,
    Command,
    Event,
    Pressed,
    PublishDescription,
    RecordAsRun,
    Refuse,
    RundownLoaded,
    SetStudio,
    StudioConnected,
    StudioReached,
    Tell,
    Ticked,
)
from broadcaster.show.rundown import Day, End, Exhibitor, ExhibitorId, Item, ItemId, ItemType, Media, Policy, Rundown
from broadcaster.show.state import State, initial

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broadcaster.show.as_run import AsRun
    from broadcaster.show.studio import Target, TargetId

TODAY = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 09:00 WIB


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def at(seconds: float) -> datetime:
    """Seconds after nine."""
    return NINE + s(seconds)


def profile(name: str, seconds: float | None = 30, *, start: float | None = None, **rest: Any) -> Item:
    """An exhibitor's profile; `start` in seconds after nine makes it a hard start."""
    media = rest.pop("media", Media(f"/media/{name}.mp4", None if seconds is None else s(seconds)))
    return item(name, ItemType.PROFILE, seconds, start=start, exhibitor=ExhibitorId(name), media=media, **rest)


def live(
    name: str, seconds: float | None = 60, *, start: float | None = None, manual: bool = False, **rest: Any
) -> Item:
    return item(
        name,
        ItemType.LIVE,
        seconds,
        start=start,
        scene=rest.pop("scene", "Panggung"),
        end=End.MANUAL if manual else End.AUTO,
        **rest,
    )


def pause(name: str = "ishoma", seconds: float | None = 60, *, start: float | None = None, **rest: Any) -> Item:
    return item(name, ItemType.BREAK, seconds, start=start, **rest)


def item(name: str, type_: ItemType, seconds: float | None, *, start: float | None = None, **rest: Any) -> Item:
    return Item(
        id=ItemId(name),
        cue=rest.pop("cue", name),
        type=type_,
        title=rest.pop("title", name.title()),
        start=None if start is None else at(start),
        duration=None if seconds is None else s(seconds),
        **rest,
    )


def day(*items: Item, on: date = TODAY, planned_end: float | None = None) -> Day:
    return Day(on, "Hari", tuple(items), None if planned_end is None else at(planned_end))


def rundown(*days: Day, fillers: Iterable[Media] = (), revision: str = "1", **policy: Any) -> Rundown:
    ids = {i.exhibitor for d in days for i in d.items if i.exhibitor}
    return Rundown(
        title="Expo",
        timezone="Asia/Jakarta",
        days=days,
        exhibitors=MappingProxyType(
            {key: Exhibitor(key, name=key.title(), shop=f"https://toko.example/{key}") for key in ids}
        ),
        shop_url="https://toko.example",
        filler=tuple(fillers),
        policy=Policy(**policy),
        revision=revision,
    )


@dataclass
class Desk:
    """Plays a rundown through the core.

    With `confirms`, the studio confirms each new target `latency` after the wish, when the clock has come to it.
    """

    state: State
    now: datetime
    confirms: bool = True
    latency: timedelta = timedelta(0)
    commands: list[tuple[datetime, Command]] = field(default_factory=list)
    rows: dict[tuple[str, int], AsRun] = field(default_factory=dict)
    targets: list[tuple[datetime, Target]] = field(default_factory=list)
    pending: list[tuple[datetime, TargetId]] = field(default_factory=list)

    @classmethod
    def open(cls, show: Rundown, now: datetime, **options: Any) -> Desk:
        desk = cls(initial(show), now, **options)
        desk.state, commands = playout.start(desk.state, now)
        desk._take_in(commands)
        desk.send(StudioConnected(now, "29"))
        desk._confirm_until(now)
        return desk

    def send(self, event: Event) -> list[Command]:
        self.now = max(self.now, event.at)
        self.state, commands = playout.step(self.state, event)
        self._take_in(commands)
        return commands

    def press(
        self, act: Act, seconds: float | None = None, item: str | None = None, *, length: float = 0
    ) -> list[Command]:
        if seconds is not None:
            self.play_to(seconds)
        which = None if item is None else ItemId(item)
        commands = self.send(Pressed(self.now, act, which, by="test", length=s(length)))
        self._confirm_until(self.now)
        return commands

    def edit(self, show: Rundown) -> list[Command]:
        return self.send(RundownLoaded(self.now, show))

    def play_to(self, seconds: float) -> None:
        """Wake exactly when due, up to so many seconds after nine."""
        until = at(seconds)
        while True:
            self._confirm_until(self.now)
            wake = playout.next_wake(self.state)
            coming = min([moment for moment, _ in self.pending], default=None)
            if wake is not None and wake <= until and (coming is None or wake <= coming):
                self.send(Ticked(max(wake, self.now)))
            elif coming is not None and coming <= until:
                self._confirm_until(coming)
            else:
                break
        self.now = max(self.now, until)
        self.send(Ticked(self.now))
        self._confirm_until(self.now)

    def sleep_to(self, seconds: float) -> None:
        """No wake-up until then: the process was stopped, or the machine slept."""
        self.now = at(seconds)
        self.send(Ticked(self.now))
        self._confirm_until(self.now)

    def _confirm_until(self, until: datetime) -> None:
        while due := sorted(p for p in self.pending if p[0] <= until):
            moment, target = due[0]
            self.pending.remove(due[0])
            self.send(StudioReached(max(moment, self.now) if self.latency else self.now, target))

    def _take_in(self, commands: list[Command]) -> None:
        for command in commands:
            self.commands.append((self.now, command))
            match command:
                case RecordAsRun(row):
                    self.rows[row.item, row.airing] = row
                case SetStudio(target):
                    is_new = not self.targets or self.targets[-1][1].id != target.id
                    self.targets.append((self.now, target))
                    if self.confirms and is_new:
                        self.pending = [(self.now + self.latency, target.id)]
                case _:
                    pass

    # ----------------------------------------------------------- questions

    @property
    def on_air(self) -> str | None:
        return None if self.state.on_air is None else str(self.state.on_air.item.id)

    @property
    def target(self) -> Target:
        return self.targets[-1][1]

    @property
    def outcomes(self) -> dict[str, str]:
        """Final outcome by item: that of its last airing."""
        last = {row.item: row for row in sorted(self.rows.values(), key=lambda row: row.airing)}
        return {str(key): str(row.outcome) for key, row in last.items()}

    @property
    def starts(self) -> dict[str, float]:
        """Decided starts in seconds after nine, of the last airing."""
        return {
            str(row.item): (row.expected_start - NINE).total_seconds()
            for row in self.rows.values()
            if row.expected_start is not None
        }

    def refusals(self) -> list[str]:
        return [command.message for _, command in self.commands if isinstance(command, Refuse)]

    def told(self) -> list[str]:
        return [command.message for _, command in self.commands if isinstance(command, Tell)]

    def wishes(self) -> list[PublishDescription]:
        return [command for _, command in self.commands if isinstance(command, PublishDescription)]

"""What viewers saw at each switch from one clip to the next, and between the switches. Pure.

Everything is counted in frames of the output, as viewers see them: a frame that did not arrive is the one before it,
shown for longer.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from bench.received.frames import What

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.received.clips import Clip
    from bench.received.frames import Seen

NEAR = 0.5
"""Seconds before and after a switch: what goes wrong within them is counted to the switch."""

EXACTLY = 0.1
"""Frames by which rounded time stamps may be off."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A clip, and for how many seconds it was to be on air."""

    clip: Clip
    seconds: float


@dataclass(slots=True)
class Flaws:
    """Each a number of output frames.

    Args:
        black: nothing to be seen.
        other: a picture that is neither of the clips nor a blend of them: a slate, or torn.
        wrong: a frame of a clip whose turn it isn't, or the clip on air from its beginning again.
        repeated: shown again although the next frame was due.
        frozen: those among the repeated by which a frame stood longer than its own time and one frame more.
        skipped: of the source, never seen, in the middle of a clip.
        lost: did not arrive: OBS's encoder or network left them out.

    """

    black: int = 0
    other: int = 0
    wrong: int = 0
    repeated: int = 0
    frozen: int = 0
    skipped: int = 0
    lost: int = 0

    def add(self, other: Flaws) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(slots=True)
class Switch:
    """From one clip to the next.

    Args:
        before: the clip's number, and `after` the next one's.
        at: seconds, of the first frame of the next one, or of its fade.
        lateness: of that frame against that of the clip before and its planned length, in output frames.
        drift: the same against the first frame of all and all planned lengths since.
        missing_at_end: output frames by which the clip before was cut short, and `missing_at_start` the next one;
            what was to be seen in a fade is not missing.
        blended: frames of a fade.

    """

    before: int
    after: int
    at: float
    lateness: float
    drift: float
    missing_at_end: int
    missing_at_start: int
    blended: int
    flaws: Flaws = field(default_factory=Flaws)

    @property
    def is_clean(self) -> bool:
        return self.flaws == Flaws() and not self.missing_at_end and not self.missing_at_start


@dataclass(slots=True)
class Passage:
    """A clip on air, without the NEAR seconds at its ends.

    Args:
        began: seconds, of its first frame.
        ended: of the first frame that isn't its own any more; for the last clip, of its last one.
        shown: how many different frames of it were seen, near the switches too.
        on_its_side: it lay on its side.

    """

    clip: int
    began: float
    ended: float
    shown: int
    on_its_side: bool = False
    flaws: Flaws = field(default_factory=Flaws)


@dataclass(slots=True)
class Report:
    """`unseen`: numbers of planned clips that never came. All times are on the recording's clock, in seconds."""

    switches: list[Switch]
    passages: list[Passage]
    unseen: list[int]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A clip's time on air, as indices of frames: its own from `first` to `last`.

    It is seen from `dawn` on in a fade, and from `entry` on by itself, perhaps with wrong frames before `first`.
    """

    planned: Planned
    offset: float
    dawn: int
    entry: int
    first: int
    last: int


def report(frames: Sequence[Seen], plan: Sequence[Planned], rate: float = 30.0) -> Report:
    """What became of the plan.

    Args:
        frames: all of a recording.
        plan: each clip once, in order.
        rate: output frames a second.

    """
    if not frames:
        return Report([], [], [each.clip.number for each in plan])
    timeline = _Timeline(frames, plan, rate)
    return Report(timeline.switches(), timeline.passages(), timeline.unseen)


class _Timeline:
    def __init__(self, frames: Sequence[Seen], plan: Sequence[Planned], rate: float) -> None:
        self.frames = frames
        self.rate = rate
        self.clips = {each.clip.number: each.clip for each in plan}
        start = frames[0].at
        # Of each frame, and of the moment after the last one: time stamps come rounded to milliseconds.
        self.slots = [round((frame.at - start) * rate) for frame in frames]
        self.slots.append(self.slots[-1] + 1)
        self.turns = list(self._turns(plan))
        seen = {turn.planned.clip.number for turn in self.turns}
        self.unseen = [each.clip.number for each in plan if each.clip.number not in seen]

    def at(self, index: int) -> float:
        return self.frames[0].at + self.slots[index] / self.rate

    def switches(self) -> list[Switch]:
        return [self._switch(before, after) for before, after in zip(self.turns, self.turns[1:], strict=False)]

    def passages(self) -> list[Passage]:
        found = []
        for place, turn in enumerate(self.turns):
            is_first, is_last = place == 0, place == len(self.turns) - 1
            until = turn.last if is_last else self.turns[place + 1].entry
            begin = self.at(turn.entry) + (0 if is_first else NEAR)
            end = self.at(until) - NEAR
            own = [self.frames[index] for index in range(turn.first, turn.last + 1) if self._is(index, turn)]
            found.append(
                Passage(
                    turn.planned.clip.number,
                    self.at(turn.entry),
                    self.at(until),
                    len({frame.frame for frame in own}),
                    any(frame.on_its_side for frame in own),
                    self._flaws(begin, end, turn, turn),
                )
            )
        return found

    # ------------------------------------------------------------ turns

    def _turns(self, plan: Sequence[Planned]) -> Iterator[_Turn]:
        entries: list[tuple[Planned, float, int]] = []
        offset, index = 0.0, 0
        for planned in plan:
            entry = self._next(planned.clip.number, index)
            if entry is not None:
                entries.append((planned, offset, entry))
                index = entry + 1
            offset += planned.seconds
        for place, (planned, begins, entry) in enumerate(entries):
            until = entries[place + 1][2] if place + 1 < len(entries) else len(self.frames)
            own = [index for index in range(entry, until) if self.frames[index].clip == planned.clip.number]
            wraps = [k for k in range(1, len(own)) if self._frame(own[k]) < self._frame(own[k - 1])]
            # Back to the beginning soon after its entry: what came first was left over from an earlier use of the
            # deck. Later: it was played to its end, and began again.
            soon = [k for k in wraps if self.at(own[k]) - self.at(entry) < NEAR]
            first = soon[-1] if soon else 0
            last = next((k for k in wraps if k > first), len(own)) - 1
            yield _Turn(planned, begins, self._dawn(entry), entry, own[first], own[last])

    def _dawn(self, entry: int) -> int:
        while entry > 0 and self.frames[entry - 1].what is What.BLEND:
            entry -= 1
        return entry

    def _next(self, clip: int, index: int) -> int | None:
        return next((k for k in range(index, len(self.frames)) if self.frames[k].clip == clip), None)

    def _frame(self, index: int) -> int:
        return self.frames[index].frame

    def _is(self, index: int, turn: _Turn) -> bool:
        return self.frames[index].clip == turn.planned.clip.number

    # ------------------------------------------------------------ a switch

    def _switch(self, before: _Turn, after: _Turn) -> Switch:
        at = self.at(after.dawn)
        ended, begun = before.planned.clip, after.planned.clip
        last = self._frame(before.last)
        cut_off = (ended.duration - ended.times[last] - ended.lasts(last)) * self.rate
        blended = sum(self.frames[k].what is What.BLEND for k in range(before.last, after.first))
        planned = after.offset - before.offset
        return Switch(
            ended.number,
            begun.number,
            at,
            (at - self.at(before.dawn) - planned) * self.rate,
            (at - self.at(self.turns[0].dawn) - after.offset + self.turns[0].offset) * self.rate,
            missing_at_end=max(0, math.floor(cut_off + EXACTLY) - blended),
            missing_at_start=max(0, math.floor(begun.times[self._frame(after.first)] * self.rate + EXACTLY) - blended),
            blended=blended,
            flaws=self._flaws(min(at - NEAR, self.at(before.last)), at + NEAR, before, after),
        )

    def _flaws(self, begin: float, end: float, before: _Turn, after: _Turn) -> Flaws:
        """Of the frames whose time begins in [begin, end); of frames that stand, those that stand into it."""
        flaws = Flaws()
        kinds: Counter[str] = Counter()
        for index in range(before.entry, len(self.frames)):
            inside = begin <= self.at(index) < end
            if self.at(index) >= end:
                break
            if inside:
                kinds[self._kind(index, before, after)] += 1
                flaws.lost += self.slots[index + 1] - self.slots[index] - 1
                flaws.skipped += self._skipped(index)
            if self._begins_run(index):
                stands = self._run(index)
                if self.at(index) + stands / self.rate > begin:
                    repeated, frozen = self._repeats(index, stands)
                    flaws.repeated += repeated
                    flaws.frozen += frozen
        flaws.black, flaws.other, flaws.wrong = kinds["black"], kinds["other"], kinds["wrong"]
        return flaws

    def _kind(self, index: int, before: _Turn, after: _Turn) -> str:
        frame = self.frames[index]
        if frame.what is not What.CLIP:
            return str(frame.what)
        right = any(turn.first <= index <= turn.last and self._is(index, turn) for turn in (before, after))
        return "right" if right else "wrong"

    def _skipped(self, index: int) -> int:
        """Output frames' worth of the source, not seen between this frame and the next one."""
        if index + 1 == len(self.frames):
            return 0
        this, following = self.frames[index], self.frames[index + 1]
        clip = self.clips.get(this.clip)
        if clip is None or following.clip != this.clip or following.frame <= this.frame:
            return 0
        times = clip.times
        unseen = (times[following.frame] - times[this.frame + 1]) * self.rate
        beyond = (times[following.frame] - times[this.frame]) * self.rate - 1
        lost = self.slots[index + 1] - self.slots[index] - 1
        return max(0, math.floor(min(unseen, beyond) + EXACTLY) - lost)

    def _begins_run(self, index: int) -> bool:
        frame = self.frames[index]
        if frame.what is not What.CLIP or frame.clip not in self.clips:
            return False
        return index == 0 or (self.frames[index - 1].clip, self._frame(index - 1)) != (frame.clip, frame.frame)

    def _run(self, index: int) -> int:
        """How many output frames it is seen for."""
        end = index + 1
        while end < len(self.frames) and (self.frames[end].clip, self.frames[end].frame) == (
            self.frames[index].clip,
            self.frames[index].frame,
        ):
            end += 1
        return self.slots[end] - self.slots[index]

    def _repeats(self, index: int, stands: int) -> tuple[int, int]:
        frame = self.frames[index]
        natural = self.clips[frame.clip].lasts(frame.frame) * self.rate
        repeated = max(0, stands - math.ceil(natural - EXACTLY))
        return repeated, max(0, math.ceil(stands - natural - 1 - EXACTLY))

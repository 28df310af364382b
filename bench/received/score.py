"""A recording looked at and listened to, in numbers that can be laid side by side."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from bench.received import audio, frames, qr, switches
from bench.timing import percentile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bench.received.audio import Loudness, Splice
    from bench.received.clips import Clip
    from bench.received.stage import Load
    from bench.received.switches import Passage, Planned, Report
    from broadcaster.ports import Json

CLICK = 4.0
"""A jump of so many times what the tones can make is counted as a click."""


QR_FOR = 15.0
"""Seconds for which a code must be readable, or for the whole of a shorter video, less one look at either end."""


@dataclass(frozen=True, slots=True)
class Code:
    """For how many seconds, of those on air, a clip's QR code read as the exhibitor's link and as nothing else."""

    clip: int
    readable: float
    on_air: float

    @property
    def is_enough(self) -> bool:
        return self.readable >= min(QR_FOR, self.on_air - 2 * qr.EVERY)


@dataclass(frozen=True, slots=True)
class Score:
    """What viewers got from one player. `load` is what it cost OBS; `codes` is empty where no links were expected."""

    player: str
    report: Report
    splices: list[Splice]
    loudness: list[Loudness]
    load: Load | None = None
    codes: list[Code] = field(default_factory=list)

    def total(self, flaw: str) -> int:
        """Output frames, at all switches."""
        return sum(getattr(each.flaws, flaw) for each in self.report.switches)

    def in_the_middle(self, flaw: str) -> int:
        """Output frames, in all clips between the switches."""
        return sum(getattr(each.flaws, flaw) for each in self.report.passages)

    @property
    def clean(self) -> int:
        """Switches at which nothing was black, frozen, repeated, missing or wrong."""
        return sum(each.is_clean for each in self.report.switches)

    @property
    def lateness(self) -> list[float]:
        """Output frames, signed, of each switch against the clip before it."""
        return [each.lateness for each in self.report.switches]

    @property
    def off_plan(self) -> list[float]:
        """Output frames, signed, of each start against the plan, laid so that half of them are early.

        A start that is late by itself makes the next one look early by `lateness`; by this it doesn't.
        """
        drifts = [0.0, *(each.drift for each in self.report.switches)]
        middle = statistics.median(drifts)
        return [drift - middle for drift in drifts]

    def heard(self, what: str) -> list[float]:
        """Seconds (of a jump: a ratio) at each switch that has it."""
        return [value for each in self.splices if (value := getattr(each, what)) is not None]

    @property
    def spread(self) -> float:
        return audio.spread(self.loudness)

    def as_json(self) -> Json:
        return {
            "player": self.player,
            "rows": dict(rows(self)),
            "switches": [
                asdict(switch) | {"sound": asdict(splice)}
                for switch, splice in zip(self.report.switches, self.splices, strict=True)
            ],
            "clips": [asdict(passage) for passage in self.report.passages],
            "loudness": [asdict(each) for each in self.loudness],
            "unseen": self.report.unseen,
            "load": asdict(self.load) if self.load else None,
            "codes": [asdict(code) for code in self.codes],
        }


def score(
    player: str,
    recording: Path,
    plan: Sequence[Planned],
    rate: float,
    load: Load | None = None,
    links: Mapping[int, str] | None = None,
) -> Score:
    """Look at a recording.

    Args:
        player: what the table calls it.
        recording: of all the clips of the plan.
        plan: see switches.report.
        rate: output frames a second.
        load: what it cost.
        links: by clip's number, what its QR code should say; None: nobody promised any.

    """
    clips: list[Clip] = [each.clip for each in plan]
    report = switches.report(frames.watch(recording, clips), plan, rate)
    sound = audio.hear(recording)
    return Score(
        player,
        report,
        audio.splices(sound, report.switches, clips),
        audio.loudness(recording, sound, report.passages, clips),
        load,
        _codes(recording, report.passages, links) if links is not None else [],
    )


def _codes(recording: Path, passages: Sequence[Passage], links: Mapping[int, str]) -> list[Code]:
    readings = qr.qr_readings(recording, passages)
    return [
        Code(each.clip, qr.readable_for(readings[each.clip], links[each.clip]), each.ended - each.began)
        for each in passages
    ]


def rows(score: Score) -> list[tuple[str, str]]:
    """The table's rows: what, and the number with its unit."""
    found = score.report.switches
    late = score.lateness
    absolute = [abs(each) for each in late]

    def frames_of(kind: str) -> str:
        hit = sum(getattr(each.flaws, kind) > 0 for each in found)
        return f"{score.total(kind)} (at {hit} switches)" if hit else "0"

    def missing(where: str) -> str:
        values = [getattr(each, where) for each in found]
        return f"{sum(values)} (most {max(values, default=0)})"

    middle = ("black", "other", "wrong", "frozen", "skipped", "lost")
    return [
        ("switches measured", f"{len(found)}"),
        ("clips that never came", f"{len(score.report.unseen)}"),
        ("clips on their side", f"{sum(each.on_its_side for each in score.report.passages)}"),
        ("switches without any flaw", f"{score.clean} of {len(found)}"),
        ("black frames", frames_of("black")),
        ("frozen frames", frames_of("frozen")),
        ("repeated frames", frames_of("repeated")),
        ("frames missing at the end", missing("missing_at_end")),
        ("frames missing at the start", missing("missing_at_start")),
        ("wrong frames", frames_of("wrong")),
        ("slates or torn pictures", frames_of("other")),
        ("frames skipped near it", frames_of("skipped")),
        ("frames lost near it", frames_of("lost")),
        ("blended frames, median", f"{statistics.median(each.blended for each in found):g}" if found else "–"),
        ("lateness, frames: median", _number(late, statistics.median, "+.1f")),
        ("lateness, frames: p95 of its size", _number(absolute, lambda values: percentile(values, 0.95), ".1f")),
        ("lateness, frames: p99 of its size", _number(absolute, lambda values: percentile(values, 0.99), ".1f")),
        ("lateness, frames: largest", _number(absolute, max, ".1f")),
        ("off the whole plan, frames: largest", f"{max(map(abs, score.off_plan)):.1f}"),
        ("drift at the end, frames", f"{found[-1].drift:+.1f}" if found else "–"),
        ("audio gap, ms: median", _number(score.heard("gap"), statistics.median, ".0f", 1000)),
        ("audio gap, ms: largest", _number(score.heard("gap"), max, ".0f", 1000)),
        ("sound of the clip before, ms: median", _number(score.heard("leak"), statistics.median, ".0f", 1000)),
        ("sound of the clip before, ms: largest", _number(score.heard("leak"), max, ".0f", 1000)),
        ("sound after picture, ms: median", _number(score.heard("late"), statistics.median, "+.0f", 1000)),
        ("clicks", f"{sum(jump > CLICK for jump in score.heard('jump'))}"),
        ("loudness: LU between loudest and quietest", f"{score.spread:.1f}"),
        ("loudness: LUFS, median", _number([each.lufs for each in score.loudness], statistics.median, ".1f")),
        ("true peak, dB: highest", _number([each.true_peak for each in score.loudness], max, ".1f")),
        (
            "sound missing inside a clip, ms: longest",
            _number([each.dropout for each in score.loudness], max, ".0f", 1000),
        ),
        ("inside clips: " + "/".join(middle), "/".join(str(score.in_the_middle(kind)) for kind in middle)),
        ("clips whose QR code was readable", _codes_row(score.codes)),
        *_load_rows(score.load),
    ]


def _codes_row(codes: Sequence[Code]) -> str:
    return f"{sum(code.is_enough for code in codes)} of {len(codes)}" if codes else "–"


def _load_rows(load: Load | None) -> list[tuple[str, str]]:
    if load is None:
        return []
    return [
        ("OBS: % of one core", f"{load.cpu:.0f}"),
        ("OBS: frames rendered late", f"{load.late_renders} of {load.rendered}"),
        ("OBS: frames the encoder skipped", f"{load.skipped_encodes} of {load.encoded}"),
        ("whole machine: % in use", f"{load.machine:.0f}"),
    ]


def _number(values: Sequence[float], of: Callable[[Sequence[float]], float], form: str, times: float = 1) -> str:
    return format(of(values) * times, form) if values else "–"

"""What is ready on YouTube and what is not, before anything depends on it; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.api import Api
from broadcaster.devices.youtube.broadcasts import Broadcasts
from broadcaster.devices.youtube.faults import ChannelFault
from broadcaster.devices.youtube.life_cycle import is_over
from broadcaster.devices.youtube.login import check_channel
from broadcaster.devices.youtube.memory import Memory
from broadcaster.devices.youtube.preparation import Found, Kind, Preparation, Step, thumbnail_of
from broadcaster.devices.youtube.token import TokenFile
from broadcaster.devices.youtube.wording import Wording
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from broadcaster import config, ports
    from broadcaster.devices.youtube.broadcasts import Broadcast
    from broadcaster.devices.youtube.quota import Ledger
    from broadcaster.ports import Clock, Json
    from broadcaster.show.broadcasts import DayPart


@dataclass(frozen=True, slots=True)
class PartPlan:
    """What there is of a day's broadcast, and what is to be done for it."""

    part: DayPart
    found: Found
    steps: tuple[Step, ...]
    units: int


@dataclass(slots=True)
class Findings:
    """`problems` in the shape of `check`: severity, message, hint."""

    problems: list[Json] = field(default_factory=list)
    channel: Json | None = None
    login_days: float | None = None
    plans: list[PartPlan] = field(default_factory=list)
    live: list[Broadcast] = field(default_factory=list)
    quota: Json = field(default_factory=dict)

    def problem(self, severity: str, message: str, hint: str = "") -> None:
        self.problems.append({"severity": severity, "message": message, "hint": hint})


class Desk:
    """A login, once connected, for commands. Every method raises a ChannelFault."""

    def __init__(
        self,
        settings: config.YouTube,
        store: ports.Store,
        show: str,
        clock: Clock,
        ledger: Ledger,
        template: Path | None = None,
    ) -> None:
        self.settings, self.clock, self.ledger = settings, clock, ledger
        self.token = TokenFile(settings.token_file)
        self.memory = Memory(store, show)
        self._wording = Wording(template)

    def connect(self) -> None:
        self._api = Api(self.settings.api_root, self.token.credentials(), self.ledger)
        self.broadcasts = Broadcasts(self._api)
        try:
            self.channel = check_channel(self.broadcasts, self.settings.channel_id)
        finally:
            self.token.save(self._api.credentials)
        self.preparation = Preparation(
            self.settings, self._api, self.broadcasts, self.memory, self.ledger, self._wording, self.clock
        )

    def renew(self) -> None:
        """After a call without an answer."""
        self._api.renew()

    def login_days(self) -> float | None:
        ends = self.token.ends_at(self.settings.login_days)
        return None if ends is None else (ends - self.clock.now()).total_seconds() / 86400

    def plan(self, part: DayPart) -> PartPlan:
        found = self.preparation.look(part)
        steps = self.preparation.steps(part, found)
        return PartPlan(part, found, tuple(steps), self.preparation.price(steps))

    def plan_all(self, parts: Sequence[DayPart]) -> list[PartPlan]:
        """All parts' plans. A stream that several of them lack is made once."""
        plans: list[PartPlan] = []
        for part in parts:
            plan = self.plan(part)
            if any(step.kind is Kind.STREAM for earlier in plans for step in earlier.steps):
                steps = [step for step in plan.steps if step.kind is not Kind.STREAM]
                plan = PartPlan(part, plan.found, tuple(steps), self.preparation.price(steps))
            plans.append(plan)
        return plans


def check(desk: Desk, parts: Sequence[DayPart]) -> Findings:
    """All that is wrong. A fault of one part of it does not hide the others'."""
    told = Findings()
    settings = desk.settings
    if settings.mode != "live":
        told.problem(
            "warning",
            _("YouTube is off: [youtube] mode is %(mode)s.", mode=settings.mode),
            _("For the show, set it to live."),
        )
    told.login_days = desk.login_days()
    _login(told, parts, desk)
    told.quota = {"left": desk.ledger.left(), "daily": settings.daily_quota}
    try:
        desk.connect()
    except ChannelFault as fault:
        told.problem("error", str(fault))
        return told
    told.channel = {"id": desk.channel[0], "title": desk.channel[1]}
    if not settings.channel_id:
        told.problem(
            "warning",
            _("[youtube] channel_id is empty: a login of the wrong channel would not be noticed."),
            _('If “%(title)s” is the right one, set channel_id = "%(id)s".', title=desk.channel[1], id=desk.channel[0]),
        )
    try:
        thumbnail_of(settings.thumbnail)
    except ChannelFault as fault:
        told.problem("error", str(fault))
    for part in parts:
        try:
            plan = desk.plan(part)
        except ChannelFault as fault:
            told.problem("error", f"{part.day}: {fault}")
            continue
        told.plans.append(plan)
        _broadcast(told, plan)
    _others(told, desk)
    told.quota["left"] = desk.ledger.left()
    if told.quota["left"] < settings.reserve:
        told.problem(
            "error",
            _("Only %(left)s units of YouTube's quota are left today.", left=told.quota["left"]),
            _("They are whole again at midnight in Los Angeles."),
        )
    return told


def _login(told: Findings, parts: Sequence[DayPart], desk: Desk) -> None:
    days = told.login_days
    if days is None or not parts:
        return
    if days * 86400 < (parts[-1].end - desk.clock.now()).total_seconds():
        told.problem(
            "warning",
            _("The login ends in %(days)s days, before the show does.", days=f"{max(days, 0):.1f}"),
            _("Log in again shortly before the show. A login lasts longer once the Google Cloud app is published."),
        )


def _broadcast(told: Findings, plan: PartPlan) -> None:
    broadcast, day = plan.found.broadcast, plan.part.day.isoformat()
    apply = _("`broadcaster youtube plan` shows what is to be done, and with --apply does it.")
    if broadcast is None:
        others = ", ".join(f"“{one.title}” ({one.id})" for one in plan.found.others)
        message = _("%(day)s: there is no broadcast “%(title)s” on YouTube.", day=day, title=plan.part.title)
        if others:
            apply = (
                _("That day has others: %(others)s. Name one in [youtube.broadcasts], or make it:", others=others)
                + " "
                + apply
            )
        told.problem("warning", message, apply)
    elif is_over(broadcast.status):
        told.problem(
            "error",
            _("%(day)s: the broadcast “%(title)s” has ended already.", day=day, title=broadcast.title),
            _("YouTube begins none anew: make another one, and name it in [youtube.broadcasts]."),
        )
    else:
        for step in plan.steps:
            told.problem("warning", f"{day}: {step.what}", apply)


def _others(told: Findings, desk: Desk) -> None:
    """Broadcasts that are live and are not the show's."""
    ours = {plan.found.broadcast.id for plan in told.plans if plan.found.broadcast}
    try:
        live = [one for one in desk.broadcasts.active() if one.status == "live"]
    except ChannelFault as fault:
        told.problem("warning", str(fault))
        return
    told.live = live
    for one in live:
        if one.id not in ours:
            told.problem(
                "error",
                _("Another broadcast is live on the channel: “%(title)s”, %(url)s.", title=one.title, url=one.url),
                _("End it in YouTube Studio."),
            )

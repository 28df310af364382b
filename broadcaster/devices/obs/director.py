"""Puts on air what is wanted, on one connected OBS, and notices when it does not come out as wanted."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.devices.obs import plan
from broadcaster.devices.obs.countdown import Countdown
from broadcaster.devices.obs.errors import Offline, Refused
from broadcaster.devices.obs.events import MediaEnded, ObsEvent, SceneChanged
from broadcaster.devices.obs.failures import Failures
from broadcaster.devices.obs.frames import next_keyframe, next_picture
from broadcaster.devices.obs.joining import Joining
from broadcaster.devices.obs.lead import Lead
from broadcaster.devices.obs.loader import Loader
from broadcaster.devices.obs.observed import observe
from broadcaster.devices.obs.playing import Playing, Standing
from broadcaster.devices.obs.scenes import MissingScene, Scenes
from broadcaster.language import gettext as _
from broadcaster.show.messages import CueFailed, StudioFailed, StudioReached
from broadcaster.show.studio import Card, OnDeck, OperatorScene, Safe, ThinScene

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from broadcaster.devices.obs.connection import Connection, Request
    from broadcaster.devices.obs.hands import Hands
    from broadcaster.devices.obs.names import Names
    from broadcaster.devices.obs.observed import Observed
    from broadcaster.devices.obs.slates import Slates
    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event
    from broadcaster.show.studio import Target, TargetId

log = logging.getLogger(__name__)

CONFIRM_WITHIN = 0.5
"""Seconds after which OBS is asked which scene it shows. It gives no event when its last transition still runs."""

DEAF_AFTER = 3
"""So many unconfirmed changes in a row mean that OBS's events do not arrive at all."""

LONGEST_TRANSITION = 10.0
"""The operator's own transition into the operator's own standby scene may take so long; OBS confirms at its end."""


class Superseded(Exception):  # noqa: N818  (not an error)
    """Something newer is wanted."""


class Unshowable(Exception):  # noqa: N818  (becomes StudioFailed)
    """The picture cannot be shown. str() is for people."""


@dataclass(slots=True)
class Memory:
    """What outlives a connection."""

    lead: Lead = field(default_factory=Lead)
    failures: Failures = field(default_factory=Failures)
    reached: TargetId | None = None
    failed: TargetId | None = None
    stalled: TargetId | None = None
    """Its video came on air and stood still. A busy disk may have been the reason: the next airing is another try."""
    aired: dict[str, TargetId] = field(default_factory=dict)
    """Per deck: the target it was last shown for."""
    standby_scenes: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A scene change that was sent and that OBS has not confirmed yet.

    `before` is the scene it replaces, `asked` when it was wished for.
    """

    target: Target
    scene: str
    before: str
    asked: datetime | None
    until: float


class Director:
    """One per connection. Belongs to the thread that owns the connection.

    Args:
        pause: waits so many seconds while events are taken in; raises Superseded once another target is wanted.

    """

    def __init__(
        self,
        *,
        connection: Connection,
        names: Names,
        scenes: Scenes,
        slates: Slates,
        clock: Clock,
        memory: Memory,
        hands: Hands,
        post: Callable[[Event], None],
        pause: Callable[[float, TargetId], None],
    ) -> None:
        self._connection = connection
        self._names = names
        self._scenes = scenes
        self._slates = slates
        self._clock = clock
        self._memory = memory
        self._hands = hands
        self._post = post
        self._pause = pause
        self._target: Target | None = None
        self._awaited: Awaited | None = None
        self._unconfirmed = 0
        self._joining: Joining | None = None
        self._playing: Playing | None = None
        self._loader = Loader(connection, clock)
        self._countdown = Countdown(scenes, names, slates, clock)
        self._standby_title: str | None = None
        self._slate_is_brand = False

    # -- wishes

    def take(self, target: Target, asked: datetime | None) -> None:
        """Put `target` on air. `asked`: when it was wished for, if this is the first try.

        Raises:
            Superseded: a newer wish arrived meanwhile.
            Refused: a managed scene or deck is missing, or OBS is not ready; mend and try again.
            Offline: see `Connection`.
        """
        self._target = target
        self._awaited = self._joining = self._playing = None
        try:
            self._take(target, asked)
        except (Unshowable, MissingScene) as failure:
            self._fail(target, str(failure))
        except Refused as refusal:
            if refusal.passes:
                raise
            self._fail(target, _("OBS refuses: %(why)s", why=refusal))

    def cue(self, path: str | None) -> None:
        """Hold `path` ready on the deck that is off air, once that is quiet. Harmless to repeat.

        Raises:
            Refused, Offline: see `take`.
        """
        ready = self._loader.ready
        if path is None or (ready is not None and ready[1] == path):
            return
        if self._awaited is not None or any(self._loader.settling(deck) for deck in self._names.decks):
            return
        why = self._memory.failures.why(path)
        if why:
            self._cue_failed(path, why)
            return
        deck = plan.spare(observe(self._connection, self._names))
        self._loader.load(deck.name, deck.file, path)

    def dress(self, target: Target) -> None:
        """What goes with the picture: the standby slate's next title, and the countdown.

        Raises:
            Refused, Offline: see `take`.
        """
        if target.next_title != self._standby_title:
            self._scenes.show_file(self._names.standby_slate, self._slates.standby(target.next_title))
            self._standby_title = target.next_title
        self._countdown.until(target.countdown_to)

    # -- what OBS says

    def handle(self, event: ObsEvent) -> bool:
        """Take in an event. True when a person changed the program scene."""
        match event:
            case SceneChanged(at=at, scene=scene):
                self._unconfirmed = 0
                if self._hands.changed(scene):
                    self._awaited = self._joining = self._playing = None
                    return True
                if self._awaited is not None and self._awaited.scene == scene:
                    self._confirm(self._awaited, at)
            case MediaEnded(at=at, input=deck):
                failed = self._loader.ended(deck, at)
                if failed is not None:
                    self._cannot_be_loaded(failed)
        return False

    def watch(self, now: float) -> None:
        """Everything that is due at `now` (monotonic seconds).

        Raises:
            Offline: also when OBS changes scenes without saying so: its events do not arrive.
        """
        self._hands.forget(now)
        if self._awaited is not None and now > self._awaited.until:
            self._ask_instead(self._awaited)
        self._countdown.step()
        if self._joining is not None and now >= self._joining.due:
            self._joining.step(self._connection, now)
            if self._joining.over:
                self._joining = None
        if self._playing is not None and self._target is not None and self._joining is None:
            standing = self._playing.look(self._connection, now)
            if standing is not Standing.MOVES and isinstance(self._target.picture, OnDeck):
                self._memory.stalled = self._target.id
                self._fail(self._target, _stalls(self._target.picture.path))

    def next_due(self, now: float) -> float:
        """Seconds until `watch` should be called again."""
        due = [now + 0.25, now + self._countdown.wait()]
        if self._joining is not None:
            due.append(self._joining.due)
        if self._awaited is not None:
            due.append(self._awaited.until)
        return max(min(due) - now, 0.0)

    # -- taking

    def _take(self, target: Target, asked: datetime | None) -> None:
        wanted, observed = self._arrive(target)
        path = wanted.video.path if wanted.video else None
        if path is not None:
            why = self._memory.failures.why(path) or (_stalls(path) if self._memory.stalled == target.id else "")
            if why:
                raise Unshowable(why)
        running = observed.running
        switch = plan.switch(
            observed,
            wanted,
            self._names,
            ready=self._loader.ready,
            adopt=running is None or self._memory.aired.get(running.name, target.id) == target.id,
        )
        if switch.load and switch.deck and path:
            self._preload(target, observed, switch.deck, path)
        self._send(target, wanted, observed, switch, None if switch.load else asked)

    def _arrive(self, target: Target) -> tuple[plan.Wanted, Observed]:
        """What is wanted, and what is there; the scene to be put on program exists from here on."""
        names = self._names
        video: plan.Video | None = None
        operator: str | None = None
        match target.picture:
            case Safe(scene=scene):
                return self._arrive_safely(target, scene)
            case OperatorScene(name=operator):
                pass
            case Card(title=title, subtitle=subtitle):
                card = self._slates.card(title, subtitle)
                if card is None:
                    raise Unshowable(_("No card can be drawn: %(why)s", why=self._slates.fault))
                self._scenes.show_file(names.slate, card)
                self._slate_is_brand = False
            case OnDeck() as picture:
                video = self._video(picture)
        thin = ThinScene(target.scene, target.item, operator)
        scene, shows_program = names.thin(target.scene), operator is None
        observed = observe(self._connection, names, scene)
        if not self._scenes.suits(observed.destination, thin, shows_program=shows_program):
            try:
                self._scenes.thin(thin, shows_program=shows_program)
            except Refused as refusal:
                if refusal.passes or not shows_program:
                    raise
                # As when a source of the operator's has the scene's name: the picture is on air, without its scene.
                log.warning("The scene %r cannot be made (%s); %r stands in.", scene, refusal, names.program)
                scene = names.program
        return plan.Wanted(scene, video), observed

    def _arrive_safely(self, target: Target, scene: str | None) -> tuple[plan.Wanted, Observed]:
        observed = observe(self._connection, self._names, scene)
        if scene is not None:
            self._memory.standby_scenes.add(scene)
            if observed.destination is not None:
                return plan.Wanted(scene), observed
            log.warning("OBS has no scene %r; the service's own standby scene stands in.", scene)
        self.dress(target)
        return plan.Wanted(self._names.standby), observed

    def _video(self, picture: OnDeck) -> plan.Video:
        position = max(self._clock.now() - picture.began, timedelta(0))
        if picture.duration:
            position %= picture.duration
        return plan.Video(picture.path, position, picture.duration)

    def _preload(self, target: Target, observed: Observed, deck: str, path: str) -> None:
        while self._loader.settling(deck):
            self._pause(0.02, target.id)
        file = next(each.file for each in observed.decks if each.name == deck)
        self._loader.load(deck, file, path)
        while (wait := self._loader.preload_left(deck)) > 0:
            self._pause(wait, target.id)
        why = self._memory.failures.why(path)
        if why:
            raise Unshowable(why)

    def _send(
        self,
        target: Target,
        wanted: plan.Wanted,
        observed: Observed,
        switch: plan.Switch,
        asked: datetime | None,
    ) -> None:
        sent = self._clock.now()
        if switch.scene_changes:
            self._hands.expect(wanted.scene, time.monotonic())
        self._run(switch.requests)
        if switch.scene_changes:
            within = CONFIRM_WITHIN if self._names.is_ours(wanted.scene) else LONGEST_TRANSITION
            self._awaited = Awaited(target, wanted.scene, observed.scene, asked, time.monotonic() + within)
        if switch.hides:
            for deck in observed.decks:
                if deck.enabled and deck.name != switch.deck:
                    self._loader.hidden(deck.name)
        if switch.deck is not None:
            self._memory.aired[switch.deck] = target.id
            self._loader.shown(switch.deck)
            self._on_deck(target, switch)
        if not switch.scene_changes:
            self._reached(target, sent)
        if not self._slate_is_brand and not isinstance(target.picture, Card):
            self._scenes.show_file(self._names.slate, self._slates.slate())
            self._slate_is_brand = True

    def _on_deck(self, target: Target, switch: plan.Switch) -> None:
        picture, deck = target.picture, switch.deck
        if not isinstance(picture, OnDeck) or deck is None:
            return
        now = time.monotonic()
        self._playing = Playing(deck, picture.path, now, next_picture)
        if switch.seek:
            self._joining = Joining(deck, lambda: self._video(picture), next_keyframe, due=now, deadline=now + 5.0)

    def _run(self, requests: list[Request] | tuple[Request, ...]) -> None:
        for answer in self._connection.batch(requests, halt=True):
            if isinstance(answer, Refused):
                raise answer

    # -- outcomes

    def _confirm(self, awaited: Awaited, at: datetime) -> None:
        self._awaited = None
        is_first = awaited.target.id != self._memory.reached
        if awaited.asked is not None and is_first and self._names.is_ours(awaited.scene):
            self._memory.lead.learn(at - awaited.asked)
        self._reached(awaited.target, at)

    def _reached(self, target: Target, at: datetime) -> None:
        if target.id not in {self._memory.reached, self._memory.failed}:
            self._memory.reached = target.id
            self._post(StudioReached(at, target.id))

    def _fail(self, target: Target, why: str) -> None:
        self._awaited = self._joining = self._playing = None
        if self._memory.failed != target.id:
            self._memory.failed = target.id
            log.warning("%s cannot be shown: %s", target.id, why)
            self._post(StudioFailed(self._clock.now(), target.id, why))

    def _cue_failed(self, path: str, why: str) -> None:
        if self._memory.failures.is_news(path):
            log.warning("Cue failed: %s", why)
            self._post(CueFailed(self._clock.now(), path, why))

    def _cannot_be_loaded(self, path: str) -> None:
        self._memory.failures.mark(path)
        if self._target is not None and self._target.cue == path:
            self._cue_failed(path, self._memory.failures.why(path))

    def _ask_instead(self, awaited: Awaited) -> None:
        scene = str(self._connection.call("GetCurrentProgramScene")["currentProgramSceneName"])
        if scene == awaited.scene:
            self._hands.asked(scene)
            self._reached(awaited.target, self._clock.now())
            self._awaited = None
            self._unconfirmed += 1
            if self._unconfirmed == DEAF_AFTER:
                raise Offline(_("OBS changes scenes, but its events do not arrive."))
            return
        self._awaited = None
        if scene == awaited.before:
            # Refused without a word, as during a transition that cannot be interrupted.
            log.warning("Program still shows %r, not %r; trying again.", scene, awaited.scene)
            self.take(awaited.target, None)
        # Else somebody was faster: their event is on its way.


def _stalls(path: str) -> str:
    return _("The picture of the video %(name)s stands still in OBS.", name=Path(path).name)

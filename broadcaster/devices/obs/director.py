"""Puts on air what is wanted, on one connected OBS, and notices when it does not come out as wanted."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs import plan
from broadcaster.devices.obs.errors import Offline, Refused
from broadcaster.devices.obs.events import MediaEnded, ObsEvent, SceneChanged
from broadcaster.devices.obs.observed import observe
from broadcaster.devices.obs.outcomes import Outcomes
from broadcaster.devices.obs.playing import Standing
from broadcaster.devices.obs.reel import moment
from broadcaster.devices.obs.scenes import MissingScene
from broadcaster.devices.obs.standby import Standby
from broadcaster.devices.obs.switching import Switcher, is_fade
from broadcaster.language import gettext as _
from broadcaster.show.messages import VideoEnded
from broadcaster.show.rundown import CUT
from broadcaster.show.studio import Card, OnDeck, OperatorScene, Safe, ThinScene

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.connection import Request
    from broadcaster.devices.obs.hands import Hands
    from broadcaster.devices.obs.observed import Observed
    from broadcaster.devices.obs.outcomes import Memory
    from broadcaster.devices.obs.reel import Moment
    from broadcaster.devices.obs.rig import Rig
    from broadcaster.devices.obs.switching import Done
    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event
    from broadcaster.show.overlay_state import Part
    from broadcaster.show.rundown import Transition
    from broadcaster.show.studio import Clip, Target, TargetId

log = logging.getLogger(__name__)

CONFIRM_WITHIN = 0.5
"""Seconds after which OBS is asked which scene it shows. It gives no event when its last transition still runs."""

ASKED_EVERY = 1.0
"""Seconds between two questions which scene is on program: what was not told twice in a row will not be told."""

DEAF_AFTER = 3
"""So many unconfirmed changes in a row mean that OBS's events do not arrive at all."""

LONGEST_TRANSITION = 10.0
"""The operator's own transition into the operator's own standby scene may take so long; OBS confirms at its end."""


class Superseded(Exception):  # noqa: N818  (not an error)
    """Something newer is wanted."""


class Unshowable(Exception):  # noqa: N818  (becomes StudioFailed)
    """The picture cannot be shown. str() is for people."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A scene change that was sent and that OBS has not confirmed yet.

    `before` is the scene it replaces, `seen` when the new picture was first seen, as far as frames tell.
    """

    target: Target
    scene: str
    before: str
    seen: datetime
    until: float


class Director:
    """One per connection. Belongs to the thread that owns the connection.

    Args:
        pause: waits so many seconds while events are taken in; raises Superseded once another target is wanted.

    """

    def __init__(
        self,
        *,
        rig: Rig,
        clock: Clock,
        memory: Memory,
        hands: Hands,
        post: Callable[[Event], None],
        pause: Callable[[float, TargetId], None],
    ) -> None:
        self._rig = rig
        self._connection, self._names = rig.connection, rig.names
        self._decks, self._panels = rig.decks(clock), rig.panels()
        self._switcher = Switcher(rig.connection, rig.ticks, self._decks.backdrops, rig.names.fade)
        self._clock = clock
        self._memory = memory
        self._hands = hands
        self._post = post
        self._outcomes = Outcomes(memory, clock, post)
        self._pause = pause
        self._target: Target | None = None
        self._awaited: Awaited | None = None
        self._unconfirmed = 0
        self._untold: str | None = None
        self._asked = time.monotonic()
        self._standby = Standby(rig, clock)
        self._slate_is_brand = False
        self._shows_program = True

    def begin(self) -> None:
        """The managed scenes were set up: nothing is known of what they show."""
        self._panels = self._rig.panels()
        self._decks.forget()
        self._standby.forget()

    # -- wishes

    def take(self, target: Target) -> None:
        """Put `target` on air at its time.

        Raises:
            Superseded: a newer wish arrived meanwhile.
            Refused: a managed scene or deck is missing, or OBS is not ready; mend and try again.
            Offline: see `Connection`.
        """
        self._awaited = None
        try:
            self._take(target)
        except (Unshowable, MissingScene) as failure:
            self._fail(target, str(failure))
        except Refused as refusal:
            if refusal.passes:
                raise
            self._fail(target, _("OBS refuses: %(why)s", why=refusal))

    def cue(self, target: Target) -> None:
        """Hold the target's next video ready on the deck that is off air, once that is quiet. Harmless to repeat.

        Raises:
            Refused, Offline: see `take`.
        """
        if self._awaited is not None:
            return
        self._cue_video(target.cue)
        if not self._rig.stage.shows_pages and target.overlay.next_change(self._now) is None:
            self._panels.prepare(target.cue_overlay)

    def dress(self, target: Target) -> None:
        """What goes with the picture: what lies over it now, the standby slate's next title, and the countdown.

        Raises:
            Refused, Offline: see `take`.
        """
        self._standby.dress(target)
        self._lay_over(target)

    # -- what OBS says

    def handle(self, event: ObsEvent) -> bool:
        """Take in an event. True when a person changed the program scene."""
        match event:
            case SceneChanged(scene=scene):
                self._unconfirmed = 0
                if self._hands.changed(scene):
                    self._awaited = self._target = None
                    self._decks.off()
                    return True
                if self._awaited is not None and self._awaited.scene == scene:
                    self._confirm(self._awaited)
            case MediaEnded(at=at, input=deck):
                failed = self._decks.loader.ended(deck, at)
                if failed is not None:
                    self._cannot_be_loaded(failed)
        return False

    def watch(self, now: float) -> SceneChanged | None:
        """Everything that is due at `now` (monotonic seconds); a change of scene that OBS did not tell of.

        Raises:
            Offline: also when OBS changes scenes without saying so: its events do not arrive.
        """
        self._hands.forget(now)
        if self._awaited is not None and now > self._awaited.until:
            self._ask_instead(self._awaited)
        self._standby.step()
        if self._target is not None:
            self._watch_picture(self._target, now)
        return self._look_for_hand(now)

    def _look_for_hand(self, now: float) -> SceneChanged | None:
        """OBS tells of no change that comes while its last transition still runs: a hand must not go unnoticed."""
        if now - self._asked < ASKED_EVERY or self._awaited is not None:
            return None
        self._asked = now
        scene = str(self._connection.call("GetCurrentProgramScene")["currentProgramSceneName"])
        before, self._untold = self._untold, None if scene == self._hands.scene else scene
        return SceneChanged(self._now, scene) if self._untold is not None and self._untold == before else None

    def _watch_picture(self, target: Target, now: float) -> None:
        self._lay_over(target)
        standing, wrapped = self._decks.watch(now)
        if standing is not Standing.MOVES and isinstance(target.picture, OnDeck):
            self._leave()
            self._outcomes.stands_still(target.id, target.picture.clip.path)
        elif wrapped:
            self._post(VideoEnded(self._now, target.id))

    def next_due(self, now: float) -> float:
        """Seconds until `watch` should be called again."""
        due = [now + 0.25, now + self._standby.wait()]
        joining = self._decks.due()
        if joining is not None:
            due.append(joining)
        if self._awaited is not None:
            due.append(self._awaited.until)
        change = self._target.overlay.next_change(self._now) if self._target else None
        if change is not None:
            due.append(now + (change - self._now).total_seconds())
        return max(min(due) - now, 0.0)

    @property
    def _now(self) -> datetime:
        return self._clock.now()

    # -- taking

    def _take(self, target: Target) -> None:
        wanted, observed = self._arrive(target)
        picture = target.picture
        if wanted.video and (why := self._outcomes.why_not(target.id, wanted.video.path)):
            raise Unshowable(why)
        running = observed.running
        switch = plan.switch(
            observed,
            wanted,
            self._names,
            ready=self._decks.loader.ready,
            adopt=running is None or self._memory.aired.get(running.name, target.id) == target.id,
        )
        if switch.deck and isinstance(picture, OnDeck):
            if switch.load:
                self._preload(target, observed, switch.deck, picture.clip)
            self._decks.dress(switch.deck, picture.clip)
        self._send(target, wanted, observed, switch)

    def _arrive(self, target: Target) -> tuple[plan.Wanted, Observed]:
        """What is wanted, and what is there; the scene to be put on program exists from here on."""
        names = self._names
        video: plan.Video | None = None
        operator: str | None = None
        match target.picture:
            case Safe():
                return self._arrive_safely(target, target.picture)
            case OperatorScene(name=operator):
                pass
            case Card(title=title, subtitle=subtitle):
                card = self._rig.pictures.card(title, subtitle)
                if card is None:
                    raise Unshowable(_("No card can be drawn: %(why)s", why=self._rig.pictures.fault))
                self._rig.stage.show_file(names.slate, card)
                self._slate_is_brand = False
            case OnDeck() as picture:
                video = self._decks.video(picture)
        thin = ThinScene(target.scene, target.item, operator)
        scene, shows_program = names.thin(target.scene), operator is None
        observed = observe(self._connection, names, scene)
        if not self._rig.scenes.suits(observed.destination, thin, shows_program=shows_program):
            try:
                self._rig.scenes.thin(thin, shows_program=shows_program)
            except Refused as refusal:
                if refusal.passes or not shows_program:
                    raise
                # As when a source of the operator's has the scene's name: the picture is on air, without its scene.
                log.warning("The scene %r cannot be made (%s); %r stands in.", scene, refusal, names.program)
                scene = names.program
        return plan.Wanted(scene, video, shows_slate=isinstance(target.picture, Card)), observed

    def _arrive_safely(self, target: Target, safe: Safe) -> tuple[plan.Wanted, Observed]:
        observed = observe(self._connection, self._names, safe.scene)
        if safe.scene is not None:
            self._memory.standby_scenes.add(safe.scene)
            if observed.destination is not None:
                return plan.Wanted(safe.scene), observed
            log.warning("OBS has no scene %r; the service's own standby scene stands in.", safe.scene)
        self._standby.dress(target)
        self._standby.play(safe.music)
        return plan.Wanted(self._names.standby), observed

    def _preload(self, target: Target, observed: Observed, deck: str, clip: Clip) -> None:
        loader = self._decks.loader
        while loader.settling(deck):
            self._pause(0.02, target.id)
        self._decks.load(deck, next(each.file for each in observed.decks if each.name == deck), clip)
        while (wait := loader.preload_left(deck)) > 0:
            self._pause(wait, target.id)
        why = self._memory.failures.why(clip.path)
        if why:
            raise Unshowable(why)

    def _send(self, target: Target, wanted: plan.Wanted, observed: Observed, switch: plan.Switch) -> None:
        parts = self._parts(target, max(self._now, target.at or self._now))
        over = self._panels.swap(parts)
        transition = target.transition if switch.starts or switch.scene_changes else CUT
        when = self._moment(target, transition)
        if target.at is not None:
            self._switcher.wait(when, switch, lambda seconds: self._pause(seconds, target.id))
        if switch.scene_changes:
            self._hands.expect(wanted.scene, time.monotonic())
        done = self._switch(target, wanted, switch, over, transition, holds=when.holds)
        self._panels.swapped(parts)
        self._after(target, wanted, observed, switch, done)

    def _moment(self, target: Target, transition: Transition) -> Moment:
        planned = None
        if target.at is not None and target.at >= self._now:
            planned = time.monotonic() + (target.at - self._now).total_seconds()
        end = self._decks.reel.end if self._decks.reel else None
        if end is not None and is_fade(transition):
            end -= transition.duration.total_seconds()
        return moment(self._switcher.ticks, self._switcher.soonest, planned, end)

    def _switch(
        self,
        target: Target,
        wanted: plan.Wanted,
        switch: plan.Switch,
        over: tuple[Request, ...],
        transition: Transition,
        *,
        holds: bool,
    ) -> Done:
        """Carry it out, by a fade of the decks, of OBS's scenes, or by a cut."""
        seconds = transition.duration.total_seconds()
        shows_program = isinstance(target.picture, OnDeck | Card)
        both, self._shows_program = self._shows_program and shows_program, shows_program
        is_own = self._names.is_ours(wanted.scene)
        fades_decks = is_fade(transition) and both and bool(switch.ready or wanted.shows_slate)
        fades_scenes = is_fade(transition) and not both and switch.scene_changes and is_own
        if is_own and switch.scene_changes:
            over = (*self._rig.scenes.enters(wanted.scene, seconds if fades_scenes else None), *over)

        def pause(seconds: float) -> None:
            self._pause(seconds, target.id)

        if fades_scenes:
            return self._switcher.dissolve(switch, over, seconds, pause)
        if not fades_decks:
            return self._switcher.cut(switch, over, holds=holds)
        on_air, coming = self._decks.on_air, None
        if isinstance(target.picture, OnDeck) and switch.deck is not None:
            coming = switch.deck, target.picture.clip.gain_db
        leaving = (on_air[0], on_air[1].gain_db) if on_air else None
        return self._switcher.fade(switch, over, seconds, leaving=leaving, coming=coming, pause=pause)

    def _after(self, target: Target, wanted: plan.Wanted, observed: Observed, switch: plan.Switch, done: Done) -> None:
        self._target = target
        seen = self._now - timedelta(seconds=time.monotonic() - self._switcher.ticks.at(done.seen))
        if switch.scene_changes:
            within = CONFIRM_WITHIN if self._names.is_ours(wanted.scene) else LONGEST_TRANSITION
            until = time.monotonic() + within + target.transition.duration.total_seconds()
            self._awaited = Awaited(target, wanted.scene, observed.scene, seen, until)
        for deck in switch.leaves:
            self._decks.loader.hidden(deck)
        if switch.deck is not None and isinstance(target.picture, OnDeck):
            self._memory.aired[switch.deck] = target.id
            self._decks.loader.shown(switch.deck)
            activated = done.activated if switch.starts else None
            self._decks.plays(switch.deck, target.picture, tick=activated, seek=switch.seek)
        else:
            self._decks.off()
        if not switch.scene_changes:
            self._outcomes.reached(target.id, seen)
        if not self._slate_is_brand and not isinstance(target.picture, Card):
            self._rig.stage.show_file(self._names.slate, self._rig.pictures.slate())
            self._slate_is_brand = True

    # -- what lies over the picture

    def _parts(self, target: Target, now: datetime) -> tuple[Part, ...]:
        return () if self._rig.stage.shows_pages else target.overlay.at(now)

    def _lay_over(self, target: Target) -> None:
        parts = self._parts(target, self._now)
        requests = self._panels.swap(parts)
        if requests:
            self._run(requests)
            self._panels.swapped(parts)

    def _run(self, requests: tuple[Request, ...]) -> None:
        for answer in self._connection.batch(requests, halt=True):
            if isinstance(answer, Refused):
                raise answer

    # -- outcomes

    def _confirm(self, awaited: Awaited) -> None:
        self._awaited = None
        self._outcomes.reached(awaited.target.id, awaited.seen)

    def _fail(self, target: Target, why: str) -> None:
        self._leave()
        self._outcomes.failed(target.id, why)

    def _leave(self) -> None:
        self._awaited = None
        self._decks.off()

    def _cue_video(self, clip: Clip | None) -> None:
        loader = self._decks.loader
        if clip is None:
            return
        if loader.ready is not None and loader.ready[1] == clip.path:
            if loader.preload_left(loader.ready[0]) <= 0:
                self._decks.dress(loader.ready[0], clip)
            return
        if any(loader.settling(deck) for deck in self._names.decks):
            return
        if self._memory.failures.why(clip.path):
            self._outcomes.cue_failed(clip.path)
            return
        deck = plan.spare(observe(self._connection, self._names))
        self._decks.load(deck.name, deck.file, clip)

    def _cannot_be_loaded(self, path: str) -> None:
        self._memory.failures.mark(path)
        if self._target is not None and self._target.cue is not None and self._target.cue.path == path:
            self._outcomes.cue_failed(path)

    def _ask_instead(self, awaited: Awaited) -> None:
        scene = str(self._connection.call("GetCurrentProgramScene")["currentProgramSceneName"])
        if scene == awaited.scene:
            self._hands.asked(scene)
            self._confirm(awaited)
            self._unconfirmed += 1
            if self._unconfirmed == DEAF_AFTER:
                raise Offline(_("OBS changes scenes, but its events do not arrive."))
            return
        self._awaited = None
        if scene == awaited.before:
            # Refused without a word, as during a transition that cannot be interrupted.
            log.warning("Program still shows %r, not %r; trying again.", scene, awaited.scene)
            self.take(awaited.target)
        # Else somebody was faster: their event is on its way.

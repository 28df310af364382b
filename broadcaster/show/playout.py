"""Playout: step(state, event) → (state, commands), and when to wake next.

The only place where it is decided what goes on air. Pure: the same events give the same commands. Its
counterparts are `broadcaster.conductor`, which feeds it, and the devices, which carry the commands out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from broadcaster.show import streaming, wanted
from broadcaster.show.messages import (
    Act,
    ClockJumped,
    Command,
    CueFailed,
    Event,
    Level,
    PrepareScenes,
    Pressed,
    PublishDescription,
    RecordAsRun,
    RecordingStarted,
    RecordingStopped,
    Refuse,
    Reported,
    RundownLoaded,
    SceneTakenByHand,
    SetStudio,
    StreamDown,
    StreamPressed,
    StreamStopped,
    StreamUp,
    StudioConnected,
    StudioFailed,
    StudioLost,
    StudioReached,
    Ticked,
    VideoEnded,
    YieldStudio,
)
from broadcaster.show.presses import press, press_stream
from broadcaster.show.reconcile import reconcile, remember
from broadcaster.show.rundown import MissingMedia
from broadcaster.show.state import Due, Mode, State, Turn, due, is_before_day, start_of
from broadcaster.show.studio import OnDeck
from broadcaster.show.transitions import N_, PROMPT, Step

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.show.state import OnAir


def step(state: State, event: Event) -> tuple[State, list[Command]]:
    """What the show becomes by one event, and what is asked of the world for it."""
    doing = Step(state)
    match event:
        case ClockJumped():
            _clock_jumped(doing, event)
        case StudioReached():
            # A confirmation belongs to the moment before: first the fact, then what has become due since.
            _reached(doing, event)
        case _:
            pass
    _advance(doing, event.at)
    match event:
        case Ticked() | ClockJumped() | StudioReached():
            pass
        case RundownLoaded():
            reconcile(doing, remember(doing.state), event.rundown, event.at)
            _sweep_after_the_end(doing)
        case Pressed():
            press(doing, event)
        case StudioFailed():
            _failed(doing, event)
        case CueFailed():
            _cue_failed(doing, event)
        case VideoEnded():
            _video_ended(doing, event)
        case SceneTakenByHand():
            _taken_by_hand(doing, event)
        case StudioConnected():
            _connected(doing, event)
        case StudioLost():
            _lost(doing, event)
        case StreamDown():
            streaming.stream_down(doing, event)
        case StreamUp():
            streaming.stream_up(doing, event)
        case StreamStopped():
            streaming.stream_stopped(doing, event)
        case StreamPressed():
            press_stream(doing, event)
        case RecordingStarted():
            streaming.recording_started(doing, event)
        case RecordingStopped():
            streaming.recording_stopped(doing, event)
        case Reported():
            streaming.reported(doing, event)
        case _:
            assert_never(event)
    _advance(doing, event.at)  # a press or an edit may have made something due at once
    _ask(doing, state, event.at)
    return doing.state, doing.commands


def start(state: State, now: datetime) -> tuple[State, list[Command]]:
    """The commands that bring a world that knows nothing up to a state: at start-up, fresh or after a crash."""
    # What was described is asked again: the wish of before may never have reached YouTube. It sends no text twice.
    doing = Step(replace(state, target=None, released=False, leaving=None, described=None, outputs=None))
    _sweep_after_the_end(doing)
    _advance(doing, now)
    doing.commands.insert(0, PrepareScenes(wanted.thin_scenes(doing.state)))
    if doing.state.mode is Mode.YIELDED:
        doing.commands.append(YieldStudio("a hand was at the studio before the service was restarted"))
    _ask(doing, doing.state, now)
    return doing.state, doing.commands


def _sweep_after_the_end(doing: Step) -> None:
    """What comes into the rundown after the end has its outcome too; the operator may still take it."""
    if doing.state.ended:
        doing.sweep("it came into the rundown after the show had ended")


def next_wake(state: State) -> datetime | None:
    """The instant at which a Ticked is due; None when nothing happens without a person."""
    coming, outputs = due(state), streaming.next_change(state)
    due_at = None if coming is None else coming.at
    return min((at for at in (due_at, outputs) if at is not None), default=None)


# ------------------------------------------------------------------ time


def _advance(doing: Step, now: datetime) -> None:
    """Let everything happen that is due by `now`, in the order of its instants.

    After a late wake-up several items may have come and gone: only the last of them goes on air, the others get
    rows that say so.
    """
    fresh = False
    while (coming := due(doing.state)) is not None and coming.at <= now:
        if coming.turn is Turn.FILLER:
            doing.next_filler(coming.at)
            continue
        _off(doing, coming, now, fresh=fresh)
        fresh = False
        match coming.turn:
            case Turn.ITEM:
                if coming.item is not None:
                    late = now - coming.at
                    doing.begin(coming.item, coming.at, passed_by=f"its time went to {coming.item.title}")
                    if _is_over(doing.state, now):
                        fresh = True
                    else:
                        doing.miss(late, now)
                        fresh = doing.state.on_air is not None
            case Turn.GAP:
                doing.idle(coming.at)
            case Turn.DAY_OVER | Turn.NEXT_DAY:
                doing.end_day(coming.at, "the day is over")  # what was on air is off already


def _off(doing: Step, coming: Due, now: datetime, *, fresh: bool) -> None:
    """What is on air makes way for what is coming."""
    on_air = doing.state.on_air
    if fresh:
        doing.drop("missed: its time had passed when the service looked again")
    elif on_air is not None:
        title = coming.item.title if coming.item else coming.turn.value
        why = f"hard start of {title}" if coming.item and start_of(doing.state, coming.item) else title
        is_prompt = now - coming.at <= PROMPT
        # Nobody saw when it really left, if the service was away: its own end, or else now, is what can be said.
        at = coming.at if is_prompt else min(on_air.end or now, now)
        doing.close(at, why, handover=is_prompt)


def _is_over(state: State, now: datetime) -> bool:
    """Whether what has just begun has already ended, by itself or by what follows."""
    coming = due(state)
    return coming is not None and coming.at <= now and coming.turn is not Turn.FILLER


def _clock_jumped(doing: Step, event: ClockJumped) -> None:
    """Real time went on, the wall clock did not: what is running keeps its length, hard starts keep to the wall."""
    state, by = doing.state, event.by
    doing.set(
        on_air=state.on_air and _moved(state.on_air, by),
        interrupted=state.interrupted and _moved(state.interrupted, by),
        soft_due=state.soft_due and state.soft_due + by,
        fill=state.fill and replace(state.fill, began=state.fill.began + by),
        stream_down=state.stream_down and state.stream_down + by,
        counted_until=state.counted_until and state.counted_until + by,
        over=state.over and replace(state.over, at=state.over.at + by),
    )
    if state.floor.year > 1:
        doing.set(floor=state.floor + by)
    doing.tell(
        Level.WARNING,
        N_(
            "The clock of this machine jumped by %(by)s. What is on air keeps its length; hard starts follow the clock."
        ),
        by=f"{by.total_seconds():+.1f} s",
    )


def _moved(on_air: OnAir, by: timedelta) -> OnAir:
    return replace(
        on_air,
        began=on_air.began + by,
        media_began=on_air.media_began + by,
        end=on_air.end and on_air.end + by,
        lost_since=on_air.lost_since and on_air.lost_since + by,
    )


# ---------------------------------------------------------- studio facts


def _reached(doing: Step, event: StudioReached) -> None:
    state = doing.state
    if event.target != state.place:
        return  # of a wish that is no longer wanted
    doing.left(event.at)
    on_air = state.on_air
    if on_air is not None:
        first = on_air.actual_start is None
        doing.set(
            on_air=replace(
                on_air,
                actual_start=on_air.actual_start or event.at,
                late=event.at - on_air.media_began if first else on_air.late,
                lost_since=None,
                own_picture=on_air.own_picture or not on_air.fault,
            )
        )
        if first and doing.state.on_air is not None:
            doing.commands.append(RecordAsRun(doing.row(doing.state.on_air)))
    _describe(doing, event.at)


def _failed(doing: Step, event: StudioFailed) -> None:
    state = doing.state
    if event.target != state.place:
        return
    picture = wanted.target(state).picture
    if isinstance(picture, OnDeck):
        doing.set(faults=MappingProxyType({**state.faults, picture.clip.path: event.why}))
    on_air = state.on_air
    if state.fill is not None:
        doing.tell(Level.WARNING, N_("The filler cannot be played: %(why)s"), why=event.why)
        doing.next_filler(event.at)
    elif on_air is None:
        doing.tell(Level.ALARM, N_("The standby scene cannot be shown: %(why)s"), why=event.why)
    elif (
        state.rundown.policy.missing_media is MissingMedia.SKIP
        and on_air.item.scene is None
        and state.mode is Mode.AUTO  # held, it stays, and something has to be seen
    ):
        doing.tell(
            Level.ALARM,
            N_("%(title)s cannot be played and is passed over: %(why)s"),
            title=on_air.item.title,
            why=event.why,
        )
        doing.set(on_air=replace(on_air, fault=event.why, end=event.at), floor=event.at)
    elif not on_air.fault:
        doing.tell(
            Level.ALARM,
            N_("%(title)s cannot be shown; a card stands in: %(why)s"),
            title=on_air.item.title,
            why=event.why,
        )
        doing.stand_in(event.why)


def _cue_failed(doing: Step, event: CueFailed) -> None:
    if event.path in doing.state.faults:
        return
    doing.set(faults=MappingProxyType({**doing.state.faults, event.path: event.why}))
    doing.tell(
        Level.WARNING,
        N_("The next video cannot be played: %(path)s: %(why)s"),
        path=event.path,
        why=event.why,
    )


def _video_ended(doing: Step, event: VideoEnded) -> None:
    """Rather go on early than show its beginning again."""
    state, on_air = doing.state, doing.state.on_air
    if event.target != state.place or on_air is None or on_air.end is None or state.mode is not Mode.AUTO:
        return
    if state.fill is not None or on_air.fault or on_air.end <= event.at or on_air.extended > timedelta(0):
        return  # one that a person has made longer is meant to be repeated
    doing.tell(
        Level.WARNING,
        N_("%(title)s is %(by)s shorter than its file says: the show goes on with what follows."),
        title=on_air.item.title,
        by=f"{(on_air.end - event.at).total_seconds():.0f} s",
    )
    doing.set(on_air=replace(on_air, end=event.at), floor=event.at)


def _taken_by_hand(doing: Step, event: SceneTakenByHand) -> None:
    state = doing.state
    nothing_is_due = state.on_air is None and state.mode is Mode.AUTO and (is_before_day(state) or state.ended)
    if event.item is not None and state.rundown.find(event.item) is not None:
        _press_at_obs(doing, Pressed(event.at, Act.JUMP, event.item, by="OBS"))
        return
    if event.is_standby and nothing_is_due:
        doing.set(released=False, target=None)  # back to what automation shows: it has the studio again
        return
    if event.is_standby:
        _press_at_obs(doing, Pressed(event.at, Act.STANDBY, by="OBS"))
        return
    if nothing_is_due:
        doing.set(released=True)
        doing.commands.append(YieldStudio("a hand is at the studio before the show"))
        doing.tell(
            Level.INFO,
            N_("OBS shows “%(scene)s” by hand. The show takes over at its first item."),
            scene=event.scene,
        )
        return
    if state.mode is not Mode.YIELDED:
        doing.close(event.at, f"somebody switched the studio to {event.scene}", handover=False)
        doing.set(mode=Mode.YIELDED, interrupted=state.on_air or state.interrupted)
        doing.idle(state.soft_due)
        doing.commands.append(YieldStudio(f"somebody switched to {event.scene}"))
        _describe(doing, event.at)
        doing.tell(
            Level.ALARM,
            N_("Somebody switched OBS to “%(scene)s”: automation has yielded. Press resume to take it back."),
            scene=event.scene,
        )


def _press_at_obs(doing: Step, pressed: Pressed) -> None:
    """A click in OBS that can't be done has changed the picture all the same: ask for the right one again."""
    before = len(doing.commands)
    press(doing, pressed)
    if any(isinstance(command, Refuse) for command in doing.commands[before:]):
        del doing.commands[before:]
        doing.set(target=None)


def _connected(doing: Step, event: StudioConnected) -> None:
    on_air = doing.state.on_air
    if on_air is not None and on_air.lost_since is not None:
        lost = on_air.lost + (event.at - on_air.lost_since)
        doing.set(on_air=replace(on_air, lost=lost, lost_since=None))
    doing.tell(Level.INFO, N_("OBS %(version)s is connected."), version=event.version)


def _lost(doing: Step, event: StudioLost) -> None:
    on_air = doing.state.on_air
    doing.set(leaving=None, released=False)
    if on_air is not None and on_air.lost_since is None and on_air.actual_start is not None:
        doing.set(on_air=replace(on_air, lost_since=event.at))
    doing.tell(
        Level.ALARM,
        N_("OBS is gone: %(why)s. The show goes on and returns to the picture when OBS is back."),
        why=event.why.rstrip("."),
    )


# ---------------------------------------------------------------- wishes


def _ask(doing: Step, before: State, now: datetime) -> None:
    """Commands for what this step changed."""
    streaming.ask_outputs(doing, now)
    state = doing.state
    if state.day != before.day or state.rundown is not before.rundown:
        doing.commands.append(PrepareScenes(wanted.thin_scenes(state)))
    if state.rundown.revision != before.rundown.revision and state.described is not None:
        on_air = state.on_air.item.id if state.on_air else None
        if state.described[0] == on_air:
            _describe(doing, now)
        else:
            doing.set(described=None)  # what is on air is not confirmed yet; its confirmation describes it
        state = doing.state
    if state.mode is Mode.YIELDED or state.released:
        doing.set(target=None)
        return
    target = wanted.target(state)
    if target != state.target:
        doing.commands.append(SetStudio(target, _reason(state, before)))
        doing.set(target=target)


def _describe(doing: Step, now: datetime) -> None:
    """The description of what has just been confirmed, if it isn't the newest already."""
    state = doing.state
    key = (state.on_air.item.id if state.on_air else None, state.rundown.revision)
    if key != state.described:
        doing.set(described=key)
        doing.commands.append(PublishDescription(wanted.description(state, now)))


def _reason(state: State, before: State) -> str:
    if state.place == before.place and before.target is not None:
        return "what comes next has changed"
    if state.on_air is not None:
        return f"{state.on_air.item.cue} {state.on_air.item.title}"
    return "standby" if state.mode is Mode.SAFE else "nothing is on air"

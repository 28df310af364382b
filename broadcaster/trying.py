"""The links of a running show are tried beside it: soonest first, two at a time, and never in its way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.links import SILENT, Answer, Finding
from broadcaster.show.messages import Level, Tell
from broadcaster.show.state import next_item
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from broadcaster.show.rundown import Exhibitor, Item
    from broadcaster.show.state import State

log = logging.getLogger(__name__)

EVERY = 6 * 3600.0
"""Seconds until a link that was reached is tried again."""
AGAIN, AGAIN_AT_MOST = 300.0, 3600.0
"""Seconds until one that was not is tried again; twice as long each time."""
FAILURES = 2
"""So often in a row a link must lead nowhere to be called dead."""
AT_ONCE = 2
ROUND = 12
"""Links that are tried before what was found is judged."""
WITNESSES = 3
NEAR = 3
"""The operator is told of dead links of what is on air and of so many exhibitors after it."""
OFTEN = 60.0
"""Seconds between two looks at what is coming up."""
SETTLE = 5.0
"""Seconds that the show, and each edit, are left in peace first."""

DEAD_SOON = N_("The link of “%(name)s”, on air now or soon, leads nowhere (%(why)s): %(link)s")


@dataclass(slots=True)
class _Known:
    """What is known of a link. Times are those of the clock given."""

    due: float
    reached_at: float | None = None
    """None: the last look did not reach it."""
    misses: int = 0
    """Looks in a row that did not reach it."""
    failures: int = 0
    """Those of them that found it dead while others were reached."""
    finding: Finding = SILENT
    """The last failure."""
    is_told: bool = False

    @property
    def is_dead(self) -> bool:
        return self.failures >= FAILURES


class Trying:
    """Runs on the event loop; the looks themselves are on threads.

    Args:
        look: looks at one link, on a thread of its own.
        state: the show as it stands.
        tell: speaks to the operator.
        now: seconds of a clock that only advances.
        settle: seconds that the show, and each edit, are left in peace first.

    """

    def __init__(
        self,
        look: Callable[[str], Finding],
        state: Callable[[], State],
        tell: Callable[[Tell], None],
        *,
        now: Callable[[], float] = time.monotonic,
        settle: float = SETTLE,
    ) -> None:
        self._look, self._state, self._tell, self._now, self._settle = look, state, tell, now, settle
        self._changed = asyncio.Event()
        self._known: dict[str, _Known] = {}

    def why_dead(self, link: str) -> str:
        """In words, and the language of whoever asks; empty for a link that is not known to be dead."""
        known = self._known.get(link)
        return known.finding.why if known is not None and known.is_dead else ""

    def follow(self) -> None:
        """The rundown is another: there may be links that were not tried."""
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._settle)
            self._changed.clear()
            while (wait := await self.round()) <= 0:
                pass
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._changed.wait()

    async def round(self) -> float:
        """Try what is due, or the first of it; the seconds until something is to be done again."""
        now, links = self._now(), soonest(self._state())
        self._known = {link: self._known.get(link) or _Known(due=now) for link in links}
        due = [link for link in links if self._known[link].due <= now][:ROUND]
        if due:
            await self._try(due)
        self._tell_near()
        left = min((known.due for known in self._known.values()), default=now + OFTEN) - self._now()
        return max(0.0, min(left, OFTEN))

    async def _try(self, due: list[str]) -> None:
        found = await self._look_at(due)
        if not _is_anything_reached(found):
            # Are they at fault, or is it our network? What was there lately bears witness.
            found |= await self._look_at(self._witnesses(due))
        is_online = _is_anything_reached(found)
        now = self._now()
        for link, finding in found.items():
            known = self._known[link]
            was_dead = known.is_dead
            _learn(known, finding, now, is_online=is_online)
            if known.is_dead and not was_dead:
                log.info("A link leads nowhere: %s (%s)", link, finding.message % finding.values)

    def _witnesses(self, but: list[str]) -> list[str]:
        reached = {
            link: known.reached_at
            for link, known in self._known.items()
            if known.reached_at is not None and link not in but
        }
        return sorted(reached, key=reached.__getitem__, reverse=True)[:WITNESSES]

    async def _look_at(self, links: list[str]) -> dict[str, Finding]:
        found: dict[str, Finding] = {}
        ahead = iter(links)

        async def work() -> None:
            for link in ahead:
                found[link] = await _apart(self._look, link)

        await asyncio.gather(*(work() for _each in range(AT_ONCE)))
        return found

    def _tell_near(self) -> None:
        for exhibitor in nearest(self._state()):
            known = self._known.get(exhibitor.link)
            if known is None or not known.is_dead or known.is_told:
                continue
            known.is_told = True
            values = {"name": exhibitor.name, "why": known.finding.why, "link": exhibitor.link}
            self._tell(Tell(Level.WARNING, DEAD_SOON, values))


def _is_anything_reached(found: dict[str, Finding]) -> bool:
    return any(finding.answer is Answer.REACHED for finding in found.values())


def _learn(known: _Known, finding: Finding, now: float, *, is_online: bool) -> None:
    if finding.answer is Answer.REACHED:
        known.reached_at, known.due = now, now + EVERY
        known.misses, known.failures, known.is_told = 0, 0, False
        return
    known.reached_at = None
    known.due = now + min(AGAIN * 2**known.misses, AGAIN_AT_MOST)
    known.misses += 1
    if finding.answer is Answer.DEAD and is_online:
        known.failures += 1
        known.finding = finding


async def _apart(look: Callable[[str], Finding], link: str) -> Finding:
    """On a thread that nobody waits for: the system's resolver may hang, and must not keep the service from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Finding] = loop.create_future()

    def settle(finding: Finding) -> None:
        if not future.done():
            future.set_result(finding)

    def work() -> None:
        finding = SILENT
        try:
            finding = look(link)
        except Exception:
            log.exception("%s could not be looked at.", link)
        with contextlib.suppress(RuntimeError):  # the loop is closed by now
            loop.call_soon_threadsafe(settle, finding)

    threading.Thread(target=work, name="links", daemon=True).start()
    return await future


def soonest(state: State) -> list[str]:
    """The links that viewers get, in the order in which they do; whose turn is over, or who has none, comes last."""
    ahead = _exhibitors(state, [*_on_air(state), *_items(state, ahead=True)])
    others = [*_exhibitors(state, _items(state, ahead=False)), *state.rundown.exhibitors.values()]
    return list(dict.fromkeys(each.link for each in [*ahead, *others] if each.link))


def nearest(state: State) -> list[Exhibitor]:
    """Who is on air, and the next few."""
    following = dict.fromkeys(_exhibitors(state, _items(state, ahead=True)))
    return [*_exhibitors(state, _on_air(state)), *list(following)[:NEAR]]


def _on_air(state: State) -> Iterator[Item]:
    if state.on_air is not None:
        yield state.on_air.item


def _items(state: State, *, ahead: bool) -> Iterator[Item]:
    """What has its turn ahead, or all else."""
    upcoming = next_item(state)
    place = state.rundown.place(upcoming.id) if upcoming is not None else None
    for number, day in enumerate(state.rundown.days):
        for index, item in enumerate(day.items):
            is_ahead = place is not None and (number, index) >= place
            is_skipped = item.skip or item.id in state.skips
            if (is_ahead and not is_skipped) is ahead:
                yield item


def _exhibitors(state: State, items: Iterable[Item]) -> list[Exhibitor]:
    return [found for item in items if (found := state.rundown.exhibitor_of(item)) is not None]

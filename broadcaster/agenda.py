"""The alarm clock: APScheduler jobs for show days and for housekeeping.

It only rings. What is due, and whether anything is, the core alone knows; jobs are kept in memory and made
anew from each rundown, so that they are never a second truth.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broadcaster.show.rundown import Rundown

PREFLIGHT = timedelta(minutes=15)
"""How long before a day's first item the show is checked once more."""
GRACE_S = 24 * 3600
"""A job that could not run (the machine slept) runs late rather than never: it only makes others look."""


class Agenda:
    """Rings for a show: `wake` at each day's start, `preflight` before it, `housekeeping` by night, `health` often."""

    def __init__(
        self,
        *,
        wake: Callable[[], Awaitable[None]],
        preflight: Callable[[], Awaitable[None]],
        housekeeping: Callable[[], Awaitable[None]],
        health: Callable[[], Awaitable[None]],
    ) -> None:
        self._wake, self._preflight = wake, preflight
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every run at INFO
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE_S},
        )
        self._scheduler.add_job(housekeeping, CronTrigger(hour=4), id="housekeeping")
        self._scheduler.add_job(health, IntervalTrigger(seconds=30), id="health")

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def follow(self, rundown: Rundown, now: datetime) -> None:
        """Set the alarms of a rundown; those of the one before are gone."""
        for job in self._scheduler.get_jobs():
            if job.id.startswith("day:"):
                job.remove()
        for day in rundown.days:
            start = next((item.start for item in day.items if item.start), None)
            if start is None or start <= now:
                continue
            self._scheduler.add_job(self._wake, DateTrigger(start), id=f"day:{day.date}:start")
            if start - PREFLIGHT > now:
                self._scheduler.add_job(self._preflight, DateTrigger(start - PREFLIGHT), id=f"day:{day.date}:preflight")

    def alarms(self) -> dict[str, datetime | None]:
        """Each job's next run, for those who look whether a day is set."""
        return {job.id: getattr(job, "next_run_time", None) for job in self._scheduler.get_jobs()}

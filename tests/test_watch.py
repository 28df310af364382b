"""Edits from outside are noticed."""

from __future__ import annotations

import asyncio

import pytest

from broadcaster.watch import watch

pytestmark = pytest.mark.slow


async def test_an_edit_is_noticed_and_other_files_are_not(tmp_path):
    heard, stop = asyncio.Event(), asyncio.Event()
    seen: list[str] = []

    async def changed(_paths) -> None:
        heard.set()

    def is_relevant(path) -> bool:
        seen.append(path.name)
        return bool(path.suffix == ".toml")

    task = asyncio.create_task(watch([tmp_path, tmp_path / "missing"], is_relevant, changed, stop))
    async with asyncio.timeout(20):
        while not seen:  # the watch needs a moment to begin
            (tmp_path / "notes.txt").write_text("x")
            await asyncio.sleep(0.05)
        assert not heard.is_set()
        (tmp_path / "day.toml").write_text("x")
        await heard.wait()
    stop.set()
    await task


async def test_a_reader_that_fails_does_not_end_the_watch(tmp_path):
    calls, stop = [], asyncio.Event()
    again = asyncio.Event()

    async def changed(_paths) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("half-written")
        again.set()

    task = asyncio.create_task(watch([tmp_path], lambda _path: True, changed, stop))
    async with asyncio.timeout(20):
        while not again.is_set():
            (tmp_path / "day.toml").write_text(str(len(calls)))
            await asyncio.sleep(0.05)
    stop.set()
    await task

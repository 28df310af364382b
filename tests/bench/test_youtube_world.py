"""Virtual time: a day passes in no time, one thread at a time, the same way each time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bench.youtube_world import Threads, World

NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def world():
    world = World(NINE)
    yield world
    world.end()


def test_time_passes_only_while_all_wait(world: World):
    seen: list[tuple[str, float]] = []

    def work(name, *pauses) -> None:
        for pause in pauses:
            seen.append((name, world.monotonic()))
            world.sleep(pause)

    for name, pauses in (("a", (3, 5)), ("b", (4, 4))):
        Threads(world).Thread(target=work, args=(name, *pauses)).start()
    assert 0 == world.monotonic()
    world.sleep(86_400)
    assert [("a", 0), ("b", 0), ("a", 3), ("b", 4)] == seen
    assert 86_400 == world.monotonic()


def test_a_notice_ends_a_wait_at_once_and_patience_ends_it_by_itself(world: World):
    threads = Threads(world)
    changed = threads.Condition()
    seen: list[tuple[bool, float]] = []
    news: list[int] = []

    def wait() -> None:
        for _ in range(2):
            with changed:
                told = changed.wait_for(lambda: bool(news), 60)
            seen.append((told, world.monotonic()))
            news.clear()

    threads.Thread(target=wait).start()
    world.sleep(10)
    with changed:
        news.append(1)
        changed.notify()
    world.sleep(100)
    assert [(True, 10), (False, 70)] == seen


def test_a_thread_is_joined_when_it_ends_or_when_patience_does(world: World):
    thread = Threads(world).Thread(target=world.sleep, args=(8,))
    thread.start()
    thread.join(5)
    assert (True, 5) == (thread.is_alive(), world.monotonic())
    thread.join(5)
    assert (False, 8) == (thread.is_alive(), world.monotonic())


def test_a_wait_shorter_than_the_clock_can_tell_still_ends(world: World):
    with (changed := Threads(world).Condition()):
        assert not changed.wait_for(lambda: False, 1e-9)


def test_what_fails_in_a_thread_fails_the_run(world: World):
    def fail() -> None:
        raise ValueError("no")

    Threads(world).Thread(target=fail).start()
    with pytest.raises(ValueError, match="no"):
        world.sleep(1)

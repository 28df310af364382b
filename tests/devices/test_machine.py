"""The machine under the service: told once that its disk is nearly full, and whether its clock is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadcaster.devices.machine import DISK_LOW, Machine, is_clock_synchronized
from broadcaster.ports import MachineHealth
from broadcaster.show.messages import Level

HERE = Path()


class Disk:
    free = 212_400_000_000

    def __call__(self, _folder: Path) -> int:
        if self.free < 0:
            raise OSError(5, "Input/output error")
        return self.free


def test_a_disk_that_becomes_nearly_full_is_told_once_and_again_when_it_was_emptied_between() -> None:
    disk = Disk()
    machine = Machine(HERE, free=disk)
    told = []
    for free in (DISK_LOW, DISK_LOW - 1, DISK_LOW - 2, DISK_LOW, DISK_LOW - 1):
        disk.free = free
        told.append(machine.look())

    assert [False, True, False, False, True] == [each is not None for each in told]
    assert told[1] is not None
    assert (Level.ALARM, {"free": "2047"}) == (told[1].level, told[1].values)


@pytest.mark.parametrize("is_synchronized", [True, False, None])
def test_health_says_how_much_room_there_is_and_what_is_known_of_the_clock(is_synchronized: bool | None) -> None:
    machine = Machine(HERE, free=Disk(), is_synchronized=lambda: is_synchronized)
    assert MachineHealth() == machine.health
    machine.look()
    assert MachineHealth(212.4, is_synchronized) == machine.health


def test_a_disk_that_cannot_be_asked_is_not_known_and_ends_nothing() -> None:
    disk = Disk()
    machine = Machine(HERE, free=disk)
    machine.look()
    disk.free = -1
    assert machine.look() is None
    assert machine.health.free_gb is None


def test_the_kernel_is_asked_about_its_clock_and_nothing_is_set() -> None:
    assert is_clock_synchronized() in {True, False, None}

"""kill -9 at any moment loses nothing that was confirmed."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from broadcaster.store import SqlStore

COMMITS = """
import sys
from datetime import UTC, date, datetime
from broadcaster.ports import Change, JournalEntry
from broadcaster.show.as_run import AsRun
from broadcaster.show.rundown import ItemId, ItemType
from broadcaster.store import SqlStore

store, now, n = SqlStore(sys.argv[1]), datetime(2026, 11, 25, 2, tzinfo=UTC), 0
while True:
    n += 1
    row = AsRun(now.date(), ItemId(f"p-{n}"), 1, str(n), ItemType.PROFILE, "x" * 200, None, None, now, now)
    entry = JournalEntry(now, "reached", {"n": n})
    store.commit(Change(now, "expo", {"n": n, "pad": "x" * 5000}, (row,), (entry,)))
    print(n, flush=True)
"""


@pytest.mark.slow
def test_everything_confirmed_before_kill_9_is_there_afterwards(tmp_path):
    """Row, snapshot and journal agree on the last commit: at most one more than was printed."""
    url = f"sqlite:///{tmp_path}/expo.db"
    with subprocess.Popen([sys.executable, "-c", COMMITS, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        confirmed = 0
        for line in writer.stdout:
            confirmed = int(line)
            if confirmed >= 60:
                break
        writer.send_signal(signal.SIGKILL)
        confirmed = max([confirmed, *(int(line) for line in writer.stdout if line.endswith("\n"))])

    store = SqlStore(url)
    kept = len(store.as_run("expo"))
    assert store.damaged is None
    assert confirmed <= kept <= confirmed + 1
    assert {f"p-{n}" for n in range(1, kept + 1)} == {row.item for row in store.as_run("expo")}
    assert {"n": kept, "pad": "x" * 5000} == store.snapshot("expo")
    assert {"n": kept} == store.journal("expo", limit=1)[0].values
    store.close()

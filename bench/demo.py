"""The demo on a real OBS: how far from its planned time each start is, as OBS's own events tell it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.timing import tell

ROOT = Path(__file__).parent.parent


def main() -> None:
    print("\n# On air: the demo on a real OBS (about 8 minutes)")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "broadcaster", "demo", "--json"]
        environment = os.environ | {"BROADCASTER_STATE_DIR": folder, "BROADCASTER_WEB__PORT": "0"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-3000:])
        raise SystemExit(done.returncode)
    answer = json.loads(done.stdout)
    aired = [row for row in answer["as_run"] if row["lateness_s"] is not None]
    tell("start against plan, signed", [row["lateness_s"] * 1000 for row in aired])
    tell("start against plan, absolute", [abs(row["lateness_s"]) * 1000 for row in aired])
    for row in answer["as_run"]:
        print(f"  {row['cue']} {row['outcome']:<8} {row['lateness_s']!s:>7} s  {row['title']}  {row['note']}")

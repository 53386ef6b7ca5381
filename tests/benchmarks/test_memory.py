"""Memory of `locate` at ten million points, measured in a process of its own."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

COUNT = 10_000_000
MOST_MB = 1_500


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_ten_million_points(benchmark):
    command = [sys.executable, str(pathlib.Path(__file__).with_name("memory.py")), str(COUNT)]
    run = benchmark.pedantic(
        subprocess.run, (command,), {"capture_output": True, "text": True, "check": True}, rounds=1
    )
    found = json.loads(run.stdout)
    for name, megabytes in found.items():
        benchmark.extra_info[f"MB {name}"] = megabytes
    assert found["added"] < MOST_MB

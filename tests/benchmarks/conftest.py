"""Print one line a benchmark: the rate, which is what the pages quote."""

from __future__ import annotations


def pytest_terminal_summary(terminalreporter, config):
    session = getattr(config, "_benchmarksession", None)
    for bench in getattr(session, "benchmarks", []):
        if bench.stats and bench.extra_info:
            facts = ", ".join(f"{value:,} {name}" for name, value in bench.extra_info.items())
            terminalreporter.write_line(f"{bench.name:40s} {facts}")

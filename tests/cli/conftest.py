"""What the tests of the commands share: a folder of their own, and a small table."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from borderline.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*words, stdin=None):
        return CliRunner().invoke(main, words, input=stdin)

    return call


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,date,latitude,longitude,deaths\na,2025-07-24,14.3491,103.2664,0\nb,2025-07-25,14.3906,104.6802,2\n",
        encoding="utf-8",
    )
    return path

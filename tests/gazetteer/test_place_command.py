"""The command that looks a place up."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from borderline.cli import main


def run(*words):
    return CliRunner().invoke(main, ["place", *words])


def test_it_tells_where_and_how_sure():
    done = run("Ta Moan Thom")
    assert done.exit_code == 0
    assert "Prasat Ta Muean Thom (temple), Surin TH-32, THA, claimed by both countries" in done.output
    assert "within 50 m; score 1.00" in done.output
    assert "GeoNames" in done.output


def test_options_narrow_it():
    assert "KH-22" in run("Samrong", "--country", "KH", "--province", "Oddar Meanchey").output.splitlines()[0]
    assert "TH-27" in run("Nong Waeng", "--near", "13.866,102.674").output.splitlines()[0]
    assert run("Samrong", "--limit", "1").output.count("score") == 1


def test_nothing_found_is_said():
    done = run("Putrajaya")
    assert done.exit_code == 0
    assert done.output == "No known place has a name that is similar enough.\n"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("Surin", "--near", "here"), 2, "latitude first"),
        (("Surin", "--near", "102.674,13.866"), 2, "did you mean 13.866,102.674?"),
        (("Surin", "--country", "ZZ"), 1, "ZZ"),
    ],
)
def test_what_cannot_be_used_is_refused(words, status, said):
    done = run(*words)
    assert done.exit_code == status
    assert said in done.output

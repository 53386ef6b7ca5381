"""What every test shares."""

from __future__ import annotations

from hypothesis import settings

# No test is timed: how long an example takes says nothing about whether it holds.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

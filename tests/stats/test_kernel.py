"""Kernels on a line that ends: laws, closed forms, and the quick way against the slow one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from borderline.stats import _kernel_lattice as lattice
from borderline.stats._kernel import KERNELS, exact_sums, weight_at

LENGTH = 824.25
kernels = st.sampled_from(sorted(KERNELS)).map(KERNELS.get)


def images(x, y, sd, length, kernel, turns):
    """The method of images, written out."""
    density = {
        "gaussian": lambda u: stats.norm.pdf(u, scale=sd),
        "epanechnikov": lambda u: np.maximum(1 - (u / sd) ** 2 / 5, 0) * 0.75 / (5**0.5 * sd),
    }[kernel.name]
    shifts = 2 * length * np.arange(-turns, turns + 1)
    return sum(density(x - y + s) + density(x + y + s) for s in shifts)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("sd", [0.7, 30.0, 400.0, 824.25, 5_000.0])
def test_images_are_all_there(name, sd):
    kernel = KERNELS[name]
    x = np.linspace(0, LENGTH, 40)
    for y in (0.0, 1e-9, 3.0, 411.0, LENGTH):
        expected = images(x, y, sd, LENGTH, kernel, turns=60)
        np.testing.assert_allclose(
            weight_at(x, np.array(y), np.array(sd), LENGTH, kernel), expected, rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize("name", KERNELS)
def test_kernels_have_mass_one_and_standard_deviation_one(name):
    kernel = KERNELS[name]
    u, step = np.linspace(-kernel.reach, kernel.reach, 200_001, retstep=True)
    density = kernel.density(u)
    assert density.sum() * step == pytest.approx(1, abs=1e-9)
    assert (u**2 * density).sum() * step == pytest.approx(1, abs=1e-9)


def integral(y, sd, length, kernel):
    """Gauss-Legendre between the points where a kernel or an image of it begins or ends."""
    reach = kernel.reach * sd
    turns = range(-int(reach / length) - 2, int(reach / length) + 3) if reach < 50 * length else range(0)
    edges = {
        edge
        for turn, sign, way in itertools.product(turns, (-1, 1), (-1, 1))
        if 0 < (edge := sign * y + 2 * turn * length + way * reach) < length
    }
    cuts = np.unique([0.0, *edges, *np.linspace(0, length, 65)])
    near, weights = np.polynomial.legendre.leggauss(40)
    middle, half = (cuts[1:] + cuts[:-1]) / 2, np.diff(cuts) / 2
    x = middle[:, None] + half[:, None] * near
    return (weight_at(x, np.array(y), np.array(sd), length, kernel) * weights * half[:, None]).sum()


@given(st.floats(0, 1), st.floats(-1.5, 6), kernels)
@settings(max_examples=80)
def test_every_event_keeps_its_mass_whatever_the_bandwidth(place, power, kernel):
    assert integral(place * LENGTH, 10.0**power * LENGTH, LENGTH, kernel) == pytest.approx(1, abs=1e-9)


@example(places=[1.0], power=-1.0, kernel=KERNELS["gaussian"])
@given(st.lists(st.floats(0, LENGTH), min_size=1, max_size=30), st.floats(-1, 4), kernels)
@settings(max_examples=60)
def test_pairs_equal_brute_force(places, power, kernel):
    places, sd = np.array(places), np.full(len(places), 10.0**power)
    sd = sd * np.linspace(0.5, 2, len(places))
    nodes = np.linspace(0, LENGTH, 333)
    times = np.arange(1.0, len(places) + 1)
    weight = weight_at(nodes[:, None], places, sd, LENGTH, kernel)
    total, squares = exact_sums(nodes, places, times, sd, kernel)
    # Beyond its reach a normal kernel counts as nothing: less than 2e-14 of its peak.
    # A narrow one may reach no node, so that no weight at the nodes is near the peak.
    images = np.concatenate([places, -places, 2 * LENGTH - places])
    reached = (np.abs(nodes[:, None] - images) <= np.tile(kernel.reach * sd, 3)).any(axis=1)
    peak = weight_at(places, places, sd, LENGTH, kernel).max()
    assert (weight[~reached] <= 2e-14 * peak).all()
    assert (total[~reached] <= 2e-14 * peak * times.sum()).all()
    expected, top = weight[reached], weight.max() * times.sum()
    np.testing.assert_allclose(total[reached], expected @ times, rtol=1e-10, atol=2e-14 * top)
    np.testing.assert_allclose(
        squares[reached], expected**2 @ times, rtol=1e-10, atol=2e-14 * top * weight.max()
    )


@pytest.mark.parametrize("sd", [1.0, 3.3, 10.0, 51.0, 52.0, 300.0, 1e4, 1e9])
def test_lattice_is_within_a_millionth_of_the_peak(sd, monkeypatch):
    rng = np.random.default_rng(3)
    places = np.concatenate(
        [rng.uniform(0, LENGTH, 400), np.full(50, LENGTH), [0.0, 1e-9], rng.normal(200, 0.2, 300)]
    )
    times = np.ones(len(places))
    nodes = np.linspace(0, LENGTH, 1700)
    kernel = KERNELS["gaussian"]
    exact = exact_sums(nodes, places, times, np.full(len(places), sd), kernel)
    monkeypatch.setattr(lattice, "MANY_PAIRS", 0)
    quick = lattice.kernel_sums(nodes, places, times, sd, kernel)
    for one, other in zip(quick, exact, strict=True):
        assert np.abs(one - other).max() < 1e-6 * other.max()
    assert np.trapezoid(quick.total, nodes) == pytest.approx(len(places), rel=1e-9)


def test_the_lattice_is_left_where_it_would_be_too_fine(monkeypatch):
    monkeypatch.setattr(lattice, "MANY_PAIRS", 0)
    nodes, places = np.linspace(0, LENGTH, 825), np.array([100.0, 400.0])
    found = lattice.kernel_sums(nodes, places, np.ones(2), 1e-3, KERNELS["gaussian"])
    exact = exact_sums(nodes, places, np.ones(2), np.full(2, 1e-3), KERNELS["gaussian"])
    np.testing.assert_array_equal(found.total, exact.total)


def test_heat_flows_to_a_level():
    """With a bandwidth that grows, the weight goes to one over the length, at the rate of the first mode."""
    kernel = KERNELS["gaussian"]
    for ratio in (0.5, 1.0, 2.0):
        mode = 2 * np.exp(-((np.pi * ratio) ** 2) / 2)
        at_ends = LENGTH * weight_at(np.array(0.0), np.array(0.0), np.array(ratio * LENGTH), LENGTH, kernel)
        higher = 2 * sum(np.exp(-((k * np.pi * ratio) ** 2) / 2) for k in range(2, 8))
        assert at_ends == pytest.approx(1 + mode + higher, rel=1e-13)

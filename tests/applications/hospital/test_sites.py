"""Sites: every patient in one place, devices as the formula says, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.applications.hospital import hospital_sites


def table(n, seed=0):
    """A table whose first column names the patient."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.arange(n, dtype=float), rng.normal(3.0, 2.0, (n, 2))])
    return X, rng.permutation(np.arange(n) % 2)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(2, 6), st.sampled_from([None, 0.3, 1.0, 10.0]), st.floats(0.05, 0.95), st.integers(0, 10**6)
)
def test_every_patient_is_in_one_place(n_sites, alpha, held_out, seed):
    X, y = table(120, seed)
    sites = hospital_sites(X, y, n_sites, alpha=alpha, held_out=held_out, least=3, rng=seed)
    here = np.concatenate([np.concatenate([s.X[:, 0], s.X_held_out[:, 0]]) for s in sites]).astype(int)
    assert sorted(here.tolist()) == list(range(120))
    labels = np.concatenate([np.concatenate([s.y, s.y_held_out]) for s in sites])
    assert (labels == y[here]).all()
    for site in sites:
        n = len(site.y) + len(site.y_held_out)
        assert n >= 3
        assert len(site.y_held_out) == min(max(round(held_out * n), 1), n - 1)


def test_devices_read_by_gain_and_offset():
    X, y = table(200)
    sites = hospital_sites(X, y, 4, device=0.5, rng=3)
    true = hospital_sites(X, y, 4, device=0.0, rng=3)
    mean, scale = X.mean(axis=0), X.std(axis=0)
    for site, plain in zip(sites, true, strict=True):
        assert (plain.gain == 1).all()
        assert (plain.offset == 0).all()
        for read, real in ((site.X, plain.X), (site.X_held_out, plain.X_held_out)):
            undone = mean + (read - mean - site.offset * scale) / site.gain
            assert len(undone) == len(real)
            assert np.isin(np.rint(undone[:, 0]), X[:, 0]).all()
    assert len({site.gain.tobytes() for site in sites}) == 4


def test_devices_are_drawn_with_the_spread_asked_for():
    # 400 gains' logarithms and 400 offsets of sd 0.2: the sample sd is within 6 * 0.2 / sqrt(2 * 400) = 0.042; < 1e-8
    X, y = np.random.default_rng(0).normal(size=(60, 100)), np.arange(60) % 2
    sites = hospital_sites(X, y, 4, device=0.2, rng=5)
    for drawn in (np.log([s.gain for s in sites]), np.array([s.offset for s in sites])):
        assert abs(drawn.std() - 0.2) < 0.043


def test_a_skew_by_a_column_makes_its_means_differ():
    X, y = table(400)
    skewed = hospital_sites(X, y, alpha=0.3, skew="feature", feature=0, rng=1)
    even = hospital_sites(X, y, rng=1)
    spread = [np.ptp([site.X[:, 0].mean() for site in sites]) for sites in (skewed, even)]
    assert spread[0] > 2 * spread[1]
    assert [site.name for site in skewed] == list("ABCDE")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"X": np.zeros(40)}, "X must have shape"),
        ({"y": [0, 1]}, "X and y must have the same length"),
        ({"n_sites": 1}, "n_sites must"),
        ({"n_sites": 27}, "named by a letter"),
        ({"device": -0.1}, "device must"),
        ({"held_out": 1.0}, "some train and some judge"),
        ({"least": 9}, "least must be at most 8"),
        ({"least": 1}, "least must"),
        ({"alpha": 1e-3, "least": 8}, "alpha must be larger"),
        ({"skew": "age", "least": 5}, "skew must be"),
    ],
)
def test_refuses(change, says):
    X, y = table(40)
    with pytest.raises(ValueError, match=says):
        hospital_sites(**{"X": X, "y": y, "rng": 0, **change})

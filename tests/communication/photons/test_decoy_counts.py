"""Bounds from counts: the limit of the gains, and bounds that hold in every simulated session."""

import numpy as np
import pytest

from qlearn.communication.photons import LINKS, Source, expected_counts, vacuum_weak
from qlearn.communication.photons.counts import Counts
from qlearn.communication.photons.decoy_counts import phase_error, single_errors, vacuum_and_single
from qlearn.communication.photons.transmission import stream

GYS = LINKS["gys"]


def test_endless_counts_give_the_bounds_of_the_gains():
    source = Source((0.48, 0.05, 0.0), (0.6, 0.3, 0.1))
    counts = expected_counts(1.0, link=GYS, transmittance=0.1, source=source)
    gains = counts.gains
    bound = vacuum_weak(
        0.48,
        0.05,
        signal_gain=gains[0],
        weak_gain=gains[1],
        weak_error_gain=gains[1] * counts.qbers[1],
        background=gains[2],
    )
    tau1 = sum(p * mu * np.exp(-mu) for p, mu in zip(source.probabilities, source.intensities, strict=True))
    vacuum, single = vacuum_and_single(counts.sifted[:, 0], source, None)
    assert single == pytest.approx(tau1 * bound.clicks / 4, rel=1e-9)
    tau0 = sum(p * np.exp(-mu) for p, mu in zip(source.probabilities, source.intensities, strict=True))
    assert vacuum == pytest.approx(tau0 * GYS.background / 4, rel=1e-6)
    wrong = single_errors(counts.errors[:, 0], source, None)
    assert wrong / single == pytest.approx(bound.errors, rel=1e-9)


def test_the_bounds_hold_in_every_session():
    # A bound of failure 1e-10 / 21 broken once in 20 sessions is no accident.
    source = Source((0.6, 0.2, 0.01), (0.4, 0.3, 0.3))
    for seed in range(20):
        line = {"link": GYS, "transmittance": 1.0, "source": source}
        seen = sum(map(Counts.of, stream(100_000, rng=seed, **line)), Counts())
        for basis in (0, 1):
            vacuum, single = vacuum_and_single(seen.sifted[:, basis], source, 1e-10)
            assert vacuum <= seen.photons[:, basis, 0].sum()
            assert single <= seen.photons[:, basis, 1].sum()


def test_allowance_shrinks_with_the_session():
    source = Source()
    shares = []
    for n in (1e8, 1e9, 1e10, 1e12, 1e14):
        counts = expected_counts(n, link=GYS, transmittance=0.1, source=source)
        shares.append(
            vacuum_and_single(counts.sifted[:, 0], source, 1e-10)[1] / counts.photons[:, 0, 1].sum()
        )
    assert (np.diff(shares) >= 0).all()
    assert shares[-1] == pytest.approx(0.969, abs=2e-3)
    assert max(shares) < 1


def test_no_errors_seen_is_not_no_errors():
    source = Source()
    assert single_errors(np.zeros(3), source, 1e-10) > 0
    assert single_errors(np.zeros(3), source, None) == 0


def test_phase_error_by_hand():
    # b = 0.02, c = 1e5, d = 2e5, a = 1e-10: the formula in plain numbers.
    size = 3e5 / 2e10
    more = np.sqrt(size * 0.02 * 0.98 / np.log(2) * np.log2(size / (0.02 * 0.98) * 441 / 1e-20))
    assert phase_error(2_000, 1e5, 2e5, 1e-10) == pytest.approx(0.02 + more, rel=1e-12)
    assert phase_error(2_000, 1e5, 2e5, None) == 0.02


@pytest.mark.parametrize(
    "arguments", [(0, 0, 10, 1e-10), (1, 10, 0, 1e-10), (6, 10, 10, None), (1, 10, 10, 1e-10)]
)
def test_nothing_is_known_of_nothing(arguments):
    assert phase_error(*arguments) == 0.5

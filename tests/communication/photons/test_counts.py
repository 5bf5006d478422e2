"""Counts: they add up, and the simulated ones are the expected ones."""

import numpy as np
import pytest

from qlearn.communication.photons import (
    LINKS,
    Counts,
    PhotonNumberSplitting,
    Source,
    exchange,
    expected_counts,
    stream,
)

GYS = LINKS["gys"]
SOURCE = Source((0.6, 0.2, 0.02), (0.5, 0.3, 0.2), p_x=0.3)


def test_counts_what_the_transmission_holds():
    laser = exchange(100_000, link=GYS, transmittance=1.0, source=SOURCE, rng=1)
    counts, sent = Counts.from_transmission(laser), laser.transmission
    assert counts.sent.sum() == 100_000
    assert counts.clicked.sum() == sent.detected.sum()
    assert counts.sifted.sum() == sent.kept.sum() == counts.photons.sum()
    for k in range(3):
        keys = laser.sift(k)
        assert dict(zip("ZX", counts.sifted[k], strict=True)) == keys.bits_by_basis
        if len(keys):
            assert counts.qbers[k] == pytest.approx(keys.qber)
    single = sent.kept & (laser.intensities == 0) & (laser.photons == 1)
    assert counts.photons[0, :, 1].sum() == single.sum()
    assert counts.single_fraction == pytest.approx(single.sum() / len(laser.sift(0)))
    assert counts.known_fraction == 0


def test_counts_add():
    pieces = [
        Counts.from_transmission(laser)
        for laser in stream(30_000, chunk=7_000, link=GYS, transmittance=1.0, rng=2)
    ]
    total = sum(pieces, Counts())
    assert total.sent.sum() == 30_000
    np.testing.assert_array_equal(total.errors, np.sum([piece.errors for piece in pieces], axis=0))
    with pytest.raises(TypeError):
        _ = total + 1


def test_simulated_as_expected():
    # 2e6 pulses. Each count is binomial: 6 sigma, 2e-9 for each of 27 comparisons. The formula of the errors drops
    # double clicks: 2e-5 of the pulses at most, well inside.
    n = 2_000_000
    line = {"link": GYS, "transmittance": 0.5, "source": SOURCE}
    seen, theory = (
        sum(map(Counts.from_transmission, stream(n, rng=3, **line)), Counts()),
        expected_counts(n, **line),
    )
    for part in ("sent", "clicked", "sifted", "errors", "photons"):
        counted, expected = getattr(seen, part), getattr(theory, part)
        assert (np.abs(counted - expected) < 6 * np.sqrt(expected) + 7).all(), part
    assert seen.single_fraction == pytest.approx(
        theory.single_fraction, abs=6 * 0.5 / np.sqrt(theory.sifted[0].sum())
    )


def test_expected_counts_are_whole():
    counts = expected_counts(1e9, link=GYS, transmittance=0.1, source=SOURCE)
    np.testing.assert_allclose(counts.photons.sum(axis=2), counts.sifted, rtol=1e-12)
    np.testing.assert_allclose(counts.sifted[:, 0] / counts.sifted[:, 1], (0.7 / 0.3) ** 2)
    assert (counts.photons >= 0).all()


@pytest.mark.parametrize("mu", [1e-9, 1e-7, 1e-5, 1e-3])
def test_faint_sources_have_no_negative_photons(mu):
    # What is left for two photons and more is then below the rounding of its parts.
    for source in (Source((mu, mu / 3), (0.5, 0.5)), Source((0.5, 0.1, mu))):
        counts = expected_counts(1e6, link=GYS, transmittance=0.1, source=source)
        assert (counts.photons >= 0).all()
        np.testing.assert_allclose(counts.photons.sum(axis=2), counts.sifted, rtol=1e-9)


def test_the_attack_shows_in_the_counts():
    # n = 3e6: some 700 sifted signals. Eve knows all but the background, which is below 1 in 100; and the weak
    # pulses click less than half as often as they should, a deviation of more than 6 sigma (2e-9).
    n, mu = 3_000_000, 0.6
    line = {"link": GYS, "transmittance": 0.02, "source": SOURCE}
    eve = PhotonNumberSplitting.unseen(mu, 0.02, link=GYS)
    seen = sum(map(Counts.from_transmission, stream(n, attack=eve, rng=4, **line)), Counts())
    honest = expected_counts(n, **line)
    assert abs(seen.clicked[0] - honest.clicked[0]) < 6 * np.sqrt(honest.clicked[0])
    assert seen.known_fraction > 0.97
    assert seen.single_fraction < 0.02
    assert seen.clicked[1] < honest.clicked[1] - 6 * np.sqrt(honest.clicked[1])
    assert abs(seen.qbers[0] - 0.033) < 6 * np.sqrt(0.033 / seen.sifted[0].sum())


def test_no_counts_no_rates():
    assert np.isnan(Counts().gains).all()
    assert np.isnan(Counts().qbers).all()
    assert np.isnan(Counts().single_fraction)


def test_one_decoy_counts():
    source = Source((0.5, 0.2), (0.6, 0.4), p_x=0.3)
    line = {"link": GYS, "transmittance": 0.8, "source": source}
    # 1e6 pulses, binomial counts: 6 sigma, 2e-9 for each of 18 comparisons.
    seen, theory = (
        sum(map(Counts.from_transmission, stream(1_000_000, rng=5, **line)), Counts()),
        expected_counts(1e6, **line),
    )
    for part in ("sent", "clicked", "sifted", "errors", "photons"):
        counted, expected = getattr(seen, part), getattr(theory, part)
        assert counted.shape == expected.shape
        assert (np.abs(counted - expected) < 6 * np.sqrt(expected) + 7).all(), part
    assert seen.gains.shape == (2,)


def test_sessions_of_different_sources_do_not_add():
    two, three = Counts(sent=np.ones(2)), Counts(sent=np.ones(3))
    assert (Counts() + two).sent.tolist() == (two + Counts()).sent.tolist() == [1, 1]
    with pytest.raises(ValueError, match="do not add up"):
        _ = two + three


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"sifted": np.full((3, 2), -1.0)}, "sifted must be finite and at least 0"),
        ({"sent": [1.0, np.nan, 1.0]}, "sent must be finite"),
        ({"clicked": [1.0, np.inf, 1.0]}, "clicked must be finite"),
        (
            {"sifted": np.full((3, 2), 9.0), "errors": np.full((3, 2), 9.1)},
            "errors must not exceed sifted.*9.1 of 9",
        ),
        (
            {"sifted": np.diag([9.0, 9, 9])[:, :2], "errors": [[0, 0], [0, 0], [0, 1]]},
            "1 of 0 at intensity 2, basis X",
        ),
        ({"errors": np.ones((3, 2))}, "errors must be among sifted clicks"),
        ({"sifted": np.ones((3, 2)), "known": np.full((3, 2), 2.0)}, "known must not exceed sifted"),
        ({"sifted": np.ones((3, 2)), "photons": np.ones((3, 2, 3))}, "photons must not exceed sifted"),
        (
            {"sifted": np.ones((3, 2)), "clicked": np.ones(3)},
            "sifted must not exceed clicked.*2 of 1 at intensity 0",
        ),
        ({"clicked": [3, 3, 3], "sent": [9, 2, 9]}, "clicked must not exceed sent.*3 of 2 at intensity 1"),
        ({"known": np.ones((3, 2))}, "known must be among sifted clicks, and none are given"),
        ({"photons": np.ones((3, 2, 3))}, "photons must be among sifted clicks"),
        ({"clicked": [5, 5, 5], "sent": [0, 0, 0]}, "clicked must be among pulses sent"),
        ({"sent": np.ones(3), "sifted": np.zeros((2, 2))}, "sifted must have shape .3, 2. for 3 intensities"),
        ({"sent": np.ones(4)}, "2 or 3 intensities"),
    ],
)
def test_refuses_impossible_counts(parts, says):
    with pytest.raises(ValueError, match=says):
        Counts(**parts)


def test_refuses():
    with pytest.raises(TypeError, match="laser must be a LaserTransmission"):
        Counts.from_transmission("laser")
    with pytest.raises(ValueError, match="n_pulses must be a finite number"):
        expected_counts(-1, link=GYS, transmittance=0.1)

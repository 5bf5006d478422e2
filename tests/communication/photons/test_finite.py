"""Finite keys: the endless limit, the published figure, and no key from too little."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.entropy import binary_entropy as h
from qlearn.communication.photons import (
    LINKS,
    Counts,
    PhotonNumberSplitting,
    Source,
    best_source,
    expected_counts,
    finite_key,
    stream,
)

LIM, GYS = LINKS["lim2014"], LINKS["gys"]
SOURCE = Source((0.45, 0.15, 2e-4), (0.6, 0.25, 0.15), p_x=0.2)


def key(n, *, link=LIM, transmittance=0.1, source=SOURCE, **keywords):
    return finite_key(
        expected_counts(n, link=link, transmittance=transmittance, source=source), source=source, **keywords
    )


def test_the_endless_limit():
    endless = key(1e9, security=None)
    assert key(1e19).bits / 1e10 == pytest.approx(endless.bits, rel=1e-3)
    again = endless.vacuum + endless.single * (1 - h(endless.phase_error)) - endless.leak
    assert endless.bits == pytest.approx(again)
    assert endless.leak == pytest.approx(endless.sifted * 1.16 * h(endless.qber))


def test_the_limit_lies_below_the_truth_and_near_it():
    counts = expected_counts(1.0, link=LIM, transmittance=0.1, source=SOURCE)
    endless = finite_key(counts, source=SOURCE, security=None)
    true_single = counts.photons[:, 0, 1].sum()
    assert 0.95 * true_single < endless.single < true_single
    assert endless.phase_error > 0.5 * (0.005 + 0.02)


def test_never_falls_with_the_session_and_is_zero_for_short_ones():
    shares = [key(n).length / n for n in np.geomspace(1e4, 1e14, 21)]
    assert shares[0] == shares[5] == 0
    assert (np.diff(shares) >= 0).all()
    assert shares[-1] < key(1e14, security=None).bits / 1e14


def test_more_security_less_key():
    lengths = [key(1e9, security=eps).length for eps in (1e-5, 1e-10, 1e-15)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[-1] > 0
    assert key(1e9, correctness=1e-15).length < key(1e9, correctness=1e-5).length


def test_the_other_basis_may_be_the_key():
    swapped = Source(SOURCE.intensities, SOURCE.probabilities, p_x=0.8)
    assert key(1e9, source=swapped, key_basis="X").length == key(1e9).length


def published(length_km, block):
    """Secret bits per pulse as in figure 1 of Lim et al.: block size fixed, secrecy 1e-15 a bit, everything else best."""
    t = float(LIM.transmittance(length_km))
    security, source = 1e-12, None
    for _ in range(3):
        source = best_source(link=LIM, transmittance=t, block=block, security=security, start=source)
        n = block / expected_counts(1, link=LIM, transmittance=t, source=source).sifted[:, 0].sum()
        found = key(n, transmittance=t, source=source, security=security)
        security = 1e-15 * max(found.length, 1)
    return found.length / n


def test_the_figure_of_lim_et_al():
    # They print: at 100 km a block of 1e9 yields "about 1.75 times" the rate of 1e7. Their curves run from 1e-2 to
    # 1e-7 a pulse.
    long, short = published(100, 1e9), published(100, 1e7)
    assert long / short == pytest.approx(1.75, rel=0.05)
    assert 1e-5 < short < long < 2e-4
    assert 3e-3 < published(1, 1e9) < 2e-2


def test_small_blocks_reach_far():
    # They print 135 km for a block of 1e4; these formulas, searched with these parameters, end between 125 and 130.
    assert published(125, 1e4) > 0
    assert published(135, 1e4) == 0


def test_in_a_simulated_session_and_against_splitting():
    # Near Bob, a clear line: 4e6 pulses are enough for a key, and Eve's splitting leaves none.
    link = replace(GYS, receiver_efficiency=0.5, misalignment=0.005)
    source = Source((0.45, 0.15, 1e-3), (0.5, 0.3, 0.2), p_x=0.4)
    line = {"link": link, "transmittance": 0.4, "source": source}
    total = sum(map(Counts.of, stream(4_000_000, rng=1, **line)), Counts())
    found = finite_key(total, source=source)
    theory = finite_key(expected_counts(4e6, **line), source=source)
    assert found.length > 0
    assert found.single < total.photons[:, 0, 1].sum()
    assert found.bits == pytest.approx(theory.bits, rel=0.15)
    eve = PhotonNumberSplitting.unseen(0.45, 0.4, link=link)
    watched = sum(map(Counts.of, stream(2_000_000, rng=2, attack=eve, **line)), Counts())
    assert finite_key(watched, source=source).length == 0


def test_nothing_from_nothing():
    none = finite_key(Counts(), source=SOURCE)
    assert (none.length, none.sifted, none.qber, none.phase_error) == (0, 0, 0, 0.5)


def test_a_few_errorless_bits_prove_nothing():
    few = Counts(sifted=np.full((3, 2), 50.0))
    assert finite_key(few, source=SOURCE).length == 0


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"counts": 3}, TypeError, "counts must be Counts"),
        ({"source": None}, TypeError, "source must be the Source"),
        ({"security": 0.0}, ValueError, "security must lie between 0 and 1"),
        ({"correctness": 1.0}, ValueError, "correctness must lie between 0 and 1"),
        ({"efficiency": 0.9}, ValueError, "efficiency must be a finite number between 1"),
        ({"key_basis": "Y"}, ValueError, 'key_basis must be "Z" or "X"'),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        finite_key(**{"counts": Counts(), "source": SOURCE, **keywords})

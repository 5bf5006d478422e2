"""Yields exist: honest lines and photon-number splitting always pass; decoys that are treated apart do not."""

from dataclasses import replace

import numpy as np
import pytest

from qlearn.communication.photons import (
    LINKS,
    Counts,
    PhotonNumberSplitting,
    Source,
    expected_counts,
    stream,
    yields_exist,
)

LIM, GYS = LINKS["lim2014"], LINKS["gys"]
THREE = Source((0.45, 0.15, 2e-4), (0.4, 0.4, 0.2), p_x=0.3)
TWO = Source((0.45, 0.15), (0.6, 0.4), p_x=0.3)


def sample(counts, rng):
    """Chance for expected counts: Poisson clicks, binomial errors, each intensity and basis by itself."""
    sifted = rng.poisson(counts.sifted)
    share = np.divide(counts.errors, counts.sifted, out=np.zeros((len(sifted), 2)), where=counts.sifted > 0)
    return Counts(sent=counts.sent, sifted=sifted, errors=rng.binomial(sifted, share))


@pytest.mark.parametrize("source", [THREE, TWO, Source(), Source((1.2, 0.8), (0.5, 0.5))])
@pytest.mark.parametrize("n", [1e3, 1e6, 1e9, 1e12, 1e16])
def test_honest_sessions_pass(source, n):
    # 20 sessions of each of 20 kinds, refused with a chance of 1e-10 each: 4e-8 in all.
    expected = expected_counts(n, link=LIM, transmittance=0.3, source=source)
    assert yields_exist(expected, source=source)
    rng = np.random.default_rng(int(np.log10(n)))
    assert all(yields_exist(sample(expected, rng), source=source) for _ in range(20))


@pytest.mark.parametrize("n", [1e22, 1e26])
def test_a_source_that_a_search_left_at_its_edges_is_no_trouble(n):
    # Where no source makes a key the search ends anywhere: hardly ever Z, hardly any signal. The program once had
    # coefficients here that its solver refuses.
    edge = Source((0.44, 0.004, 2e-4), (1e-6, 0.02, 0.979999), p_x=0.999999)
    assert yields_exist(expected_counts(n, link=LIM, transmittance=0.06, source=edge), source=edge)


@pytest.mark.parametrize("source", [replace(THREE, p_x=0.5), replace(TWO, p_x=0.5)])
def test_honest_and_split_sessions_of_single_pulses_pass(source):
    # 2 x 8 sessions, 1e-10 each. Splitting treats photon numbers differently, and that is what yields are for.
    link = replace(GYS, receiver_efficiency=0.5)
    line = {"link": link, "transmittance": 0.3, "source": source}
    eve = PhotonNumberSplitting.unseen(source.intensities[0], 0.3, link=link)
    for seed in range(8):
        for attack in (None, eve):
            seen = sum(map(Counts.of, stream(200_000, rng=seed, attack=attack, **line)), Counts())
            assert yields_exist(seen, source=source)


def by_intensity(rows, source, n, seed):
    """A session in which each intensity has a line of its own: what Eve does who can tell them apart."""
    seen = []
    for k, line in enumerate(rows):
        total = sum(map(Counts.of, stream(n, rng=seed + k, source=source, **line)), Counts())
        seen.append(total)
    parts = ("sent", "clicked", "sifted", "errors")
    return Counts(**{part: np.stack([getattr(one, part)[k] for k, one in enumerate(seen)]) for part in parts})


@pytest.mark.parametrize("seed", range(0, 50, 10))
def test_an_eve_who_measures_the_decoys_alone_is_named(seed):
    # Intercept and resend on the weak pulses alone: 25 % errors there, as misalignment; the signal is left alone.
    source = replace(THREE, p_x=0.5)
    honest = {"link": replace(GYS, receiver_efficiency=0.9, misalignment=0.01), "transmittance": 1.0}
    measured = {**honest, "link": replace(honest["link"], misalignment=0.25)}
    assert yields_exist(by_intensity([honest] * 3, source, 200_000, seed), source=source)
    assert not yields_exist(by_intensity([honest, measured, honest], source, 200_000, seed), source=source)


def test_an_eve_who_blocks_the_signal_alone_is_named():
    source = replace(TWO, p_x=0.5)
    honest = {"link": replace(GYS, receiver_efficiency=0.5), "transmittance": 0.3}
    blocked = {**honest, "transmittance": 0.01}
    assert not yields_exist(by_intensity([blocked, honest], source, 300_000, 1), source=source)


def test_an_eve_who_imitates_every_intensity_is_not():
    # What no test of counts can see: she reads the signal, and lets each intensity look as an honest line does.
    honest = expected_counts(1e10, link=LIM, transmittance=0.1, source=THREE)
    assert yields_exist(replace(honest, known=honest.sifted * [[1], [0], [0]]), source=THREE)


def test_errors_that_no_photon_number_explains():
    honest = expected_counts(1e10, link=LIM, transmittance=0.1, source=THREE)
    for wrong in ([5e5, 1e3, 5e2], [1e3, 1e5, 0], [1e3, 1e3, 5e2]):
        errors = honest.errors.copy()
        errors[:, 1] = wrong
        assert not yields_exist(replace(honest, errors=errors), source=THREE)


def test_no_yield_is_above_one():
    # Ten times the light: every pulse of one photon would click ten times.
    bright = expected_counts(1e8, link=replace(GYS, receiver_efficiency=1.0), transmittance=1.0, source=TWO)
    assert yields_exist(bright, source=TWO)
    few = replace(bright, sent=bright.sent / 10, clicked=0.0)
    assert not yields_exist(few, source=TWO)
    assert yields_exist(replace(few, sent=0.0), source=TWO)  # without the pulses sent nobody knows


@pytest.mark.parametrize(
    "intensities", [(900.0, 1.0, 0.0), (900.0, 800.0, 0.0), (3000.0, 1.0, 0.0), (400.0, 0.1)]
)
def test_bright_pulses_are_told_apart_too(intensities):
    source = Source(intensities, (0.8, 0.1, 0.1) if len(intensities) == 3 else (0.8, 0.2))
    honest = expected_counts(1e10, link=GYS, transmittance=0.1, source=source)
    assert yields_exist(honest, source=source)
    few = replace(honest, sent=honest.sent / 10, clicked=0.0)  # more clicks than pulses
    assert not yields_exist(few, source=source)


def test_too_bright_for_the_program():
    source = Source((1e5, 1.0, 0.0))
    honest = expected_counts(1e10, link=GYS, transmittance=0.1, source=source)
    with pytest.raises(ValueError, match="source must send pulses of fewer photons"):
        yields_exist(honest, source=source)


def test_nothing_was_counted():
    assert yields_exist(Counts(), source=THREE)
    assert yields_exist(Counts(), source=TWO)


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"counts": 3}, TypeError, "counts must be Counts"),
        ({"source": None}, TypeError, "source must be the Source"),
        (
            {"counts": Counts(sifted=np.ones((2, 2)))},
            ValueError,
            "counts must be of the 3 intensities of source, not of 2",
        ),
        ({"false_alarm": 0.0}, ValueError, "false_alarm must lie between 0 and 1"),
    ],
)
def test_refuses(keywords, error, says):
    arguments = {"counts": Counts(), "source": THREE, **keywords}
    with pytest.raises(error, match=says):
        yields_exist(arguments.pop("counts"), **arguments)

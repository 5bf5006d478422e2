"""Settings: counts have the mean they should, keys are finite_key's, and a link is read back from its counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings as budget, strategies as st

from qlearn.communication.photons import (
    LINKS,
    Counts,
    Source,
    expected_counts,
    finite_key,
    optimal_source,
)
from qlearn.control.adaptive_qkd import (
    KeyTable,
    Setting,
    block_key,
    estimate_link,
    sample_counts,
    settings_for,
)

LIM = LINKS["lim2014"]
SOURCE = Source((0.4, 0.18, 2e-4), (0.17, 0.56, 0.27), p_x=0.25)
TWO = Source((0.45, 0.15), (0.6, 0.4), p_x=0.3)


@pytest.mark.parametrize("source", [SOURCE, TWO])
def test_counts_have_mean_and_spread_of_a_binomial(source):
    line = {"source": source, "link": LIM, "transmittance": 0.1}
    mean = expected_counts(1e8, **line)
    drawn = [sample_counts(1e8, rng=seed, **line) for seed in range(400)]
    for name in ("sifted", "errors"):
        expected = getattr(mean, name)
        values = np.array([getattr(one, name) for one in drawn])
        sd = np.sqrt(np.maximum(expected, 0.05))
        assert (np.abs(values.mean(axis=0) - expected) < 6 * sd / 20).all()
        busy = expected > 50
        assert busy.any()
        assert np.abs(values.var(axis=0)[busy] / expected[busy] - 1).max() < 6 * np.sqrt(2 / 400)


def test_a_billion_pulses_and_none():
    counts = sample_counts(1e12, source=SOURCE, link=LIM, transmittance=0.1, rng=1)
    assert counts.sifted.sum() == pytest.approx(
        expected_counts(1e12, source=SOURCE, link=LIM, transmittance=0.1).sifted.sum(), rel=1e-4
    )
    assert sample_counts(0, source=SOURCE, link=LIM, transmittance=0.1, rng=1).sifted.sum() == 0


@pytest.mark.parametrize("source", [SOURCE, TWO])
@pytest.mark.parametrize("share", [0.3, 0.1, 0.04])
def test_smooth_keys_are_nearly_exact_ones(source, share):
    counts = sample_counts(1e9, source=source, link=LIM, transmittance=share, rng=3)
    exact = finite_key(counts, source=source).bits
    assert block_key(counts, source=source, method="exact") == max(0, int(exact))
    assert block_key(counts, source=source) == pytest.approx(max(exact, 0), rel=2e-3)


def test_no_key_from_nothing_or_from_noise():
    assert block_key(Counts(), source=SOURCE) == 0
    noise = expected_counts(1e9, link=replace(LIM, misalignment=0.3), transmittance=0.1, source=SOURCE)
    assert block_key(noise, source=SOURCE) == block_key(noise, source=SOURCE, method="exact") == 0
    # errors that nobody counted pay no correction
    silent = replace(noise, errors=np.zeros((3, 2)))
    assert block_key(silent, source=SOURCE) == block_key(silent, source=SOURCE, method="exact") == 0


@budget(max_examples=40)
@given(st.floats(0.0, 20.0), st.floats(0.0, 0.3), st.sampled_from([SOURCE, TWO]))
def test_reads_the_link_back(loss, wrong, source):
    line = {"source": source, "link": replace(LIM, misalignment=wrong)}
    seen = estimate_link(
        expected_counts(1e9, transmittance=10 ** (-loss / 10), **line), source=source, pulses=1e9, link=LIM
    )
    assert seen.loss_db == pytest.approx(loss, abs=1e-6)
    assert seen.misalignment == pytest.approx(wrong, abs=1e-6)


def test_a_dark_link_is_read_as_one():
    assert estimate_link(Counts(), source=SOURCE, pulses=1e9, link=LIM) == (60.0, 0.5)


def test_settings_are_the_optimum_of_their_state():
    found = settings_for([10], [0.02], pulses=1e8, slots=10)
    ours = replace(LIM, misalignment=0.02)
    assert found == (Setting(optimal_source(link=ours, transmittance=0.1, n_pulses=1e9), 10),)


def test_the_table_is_the_formula():
    settings = (Setting(SOURCE), Setting(TWO, slots=4))
    table = KeyTable(settings, pulses=1e9)
    rng = np.random.default_rng(2)
    for loss, wrong in zip(rng.uniform(4, 14, 20), rng.uniform(0.006, 0.03, 20), strict=True):
        exact = [
            block_key(
                expected_counts(
                    1e9 * one.slots,
                    source=one.source,
                    link=replace(LIM, misalignment=wrong),
                    transmittance=10 ** (-loss / 10),
                ),
                source=one.source,
            )
            / (1e9 * one.slots)
            for one in settings
        ]
        np.testing.assert_allclose(table.keys(loss, wrong), exact, atol=0.01 * table.most)
    assert (table.keys([30.0, 10.0], [0.01, 0.4]) == 0).all()
    assert table.keys(np.full((3, 1), 10.0), [0.01, 0.02]).shape == (3, 2, 2)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Setting("bright"), TypeError, "source must be a Source"),
        (lambda: Setting(SOURCE, slots=0), ValueError, "slots must be at least 1"),
        (lambda: settings_for([10], [1.2], pulses=1e9), ValueError, "misalignments must be"),
        (lambda: settings_for([-1], [0.1], pulses=1e9), ValueError, "losses_db must be"),
        (lambda: KeyTable([], pulses=1e9), TypeError, "settings must be one Setting or more"),
        (lambda: KeyTable([Setting(SOURCE)], pulses=0), ValueError, "pulses must be"),
        (lambda: block_key(Counts(), source=SOURCE, method="quick"), ValueError, "method must be one of"),
        (lambda: block_key(Counts(), source=SOURCE, security=0.0), ValueError, "security must lie"),
        (
            lambda: sample_counts(2.5, source=SOURCE, link=LIM, transmittance=0.1),
            ValueError,
            "a whole number",
        ),
        (lambda: sample_counts(-1, source=SOURCE, link=LIM, transmittance=0.1), ValueError, "pulses must be"),
        (
            lambda: sample_counts(1, source=SOURCE, link=LIM, transmittance=2),
            ValueError,
            "transmittance must be",
        ),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_refuses_states_that_are_none():
    table = KeyTable([Setting(SOURCE)], pulses=1e9, knots=(4, 4))
    with pytest.raises(ValueError, match="loss_db must be finite"):
        table.keys(np.nan, 0.01)
    with pytest.raises(ValueError, match="misalignment must be finite"):
        table.keys(10, 0.6)

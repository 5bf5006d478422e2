"""Sifting: the definition, pulse by pulse, and error rates of nothing."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from qlearn.communication import bb84

pulses = st.lists(st.tuples(*[st.integers(0, 1)] * 4, st.booleans()), min_size=1, max_size=60)


def transmission(rows):
    columns = [np.array(column, dtype=np.uint8) for column in zip(*rows, strict=True)]
    return bb84.Transmission(*columns[:4], columns[4].astype(bool))


@given(pulses)
def test_equals_the_definition(rows):
    sent = transmission(rows)
    keys = bb84.sift(sent)
    kept = [(a, b, basis) for a, basis, b, other, clicked in rows if clicked and basis == other]
    assert list(zip(keys.alice, keys.bob, keys.bases, strict=True)) == kept
    assert len(keys) == len(kept) == sent.kept.sum()
    for name, code in (("Z", 0), ("X", 1)):
        differ = [a != b for a, b, basis in kept if basis == code]
        assert keys.bits_by_basis[name] == len(differ)
        np.testing.assert_equal(keys.qber_by_basis[name], np.mean(differ) if differ else np.nan)
    if kept:
        assert keys.qber == pytest.approx(np.mean([a != b for a, b, _ in kept]))


@given(pulses)
def test_sees_bases_and_clicks_but_no_bits(rows):
    # Which pulses are kept does not change when every bit does.
    sent = transmission(rows)
    other = bb84.Transmission(
        1 - sent.alice_bits, sent.alice_bases, 1 - sent.bob_bits, sent.bob_bases, sent.detected
    )
    np.testing.assert_array_equal(bb84.sift(sent).bases, bb84.sift(other).bases)
    np.testing.assert_array_equal(bb84.sift(sent).alice, 1 - bb84.sift(other).alice)


def test_no_bits_have_no_error_rate():
    nothing = bb84.sift(bb84.exchange(50, loss_db=200, rng=1))
    assert len(nothing) == 0
    with pytest.raises(ValueError, match="unknown, not zero"):
        _ = nothing.qber
    assert np.isnan(list(nothing.qber_by_basis.values())).all()


def test_keys_must_pair_up():
    bits = np.zeros(3, dtype=np.uint8)
    with pytest.raises(ValueError, match="alice and bob must have the same length"):
        bb84.SiftedKeys(bits, bits[:2], bits)
    with pytest.raises(ValueError, match="alice and bases must have the same length"):
        bb84.SiftedKeys(bits, bits, bits[:2])


@pytest.mark.parametrize("wrong", [None, 3, "keys", np.zeros(3), bb84.sift(bb84.exchange(10, rng=1))])
def test_sifts_transmissions_only(wrong):
    with pytest.raises(TypeError, match="transmission must be a Transmission, as exchange returns it, not"):
        bb84.sift(wrong)


def test_keys_are_arrays():
    with pytest.raises(TypeError, match="alice must be a NumPy array, not list"):
        bb84.SiftedKeys([0, 1], [0, 1], [0, 1])


def test_shows_its_length_and_error_rate_and_no_bits():
    keys = bb84.sift(bb84.exchange(100_000, noise=0.02, rng=1))
    assert repr(keys) == "SiftedKeys(49,843 bits, 2.0% of them differ; single photons)"
    assert repr(bb84.sift(bb84.exchange(5, loss_db=300, rng=1))) == "SiftedKeys(0 bits; single photons)"

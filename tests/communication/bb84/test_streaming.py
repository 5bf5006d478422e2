"""Streaming: the same law in pieces, bounded memory, and it can be stopped."""

import tracemalloc
from itertools import islice

import numpy as np
import pytest

from qlearn.communication import bb84
from qlearn.communication.bb84 import Tally

EVE = bb84.InterceptResend(0.5)


def test_sizes_add_up():
    assert [sent.detected.size for sent in bb84.stream(2_500, chunk=1_000)] == [1_000, 1_000, 500]
    assert [sent.detected.size for sent in bb84.stream(10)] == [10]


def test_one_chunk_is_an_exchange():
    line = {"noise": 0.1, "loss_db": 2.0, "eavesdropper": EVE, "p_x": 0.3}
    (streamed,) = bb84.stream(1_000, rng=1, **line)
    np.testing.assert_array_equal(streamed.bob_bits, bb84.exchange(1_000, rng=1, **line).bob_bits)


def test_tally_counts_what_sifting_counts():
    sent = bb84.exchange(50_000, noise=0.07, loss_db=1, p_x=0.3, rng=2)
    keys, tally = bb84.sift(sent), Tally.of(sent)
    assert tally.pulses == 50_000
    assert tally.detected == sent.detected.sum()
    assert tally.sifted == tuple(keys.bits_by_basis.values())
    assert tally.qber == keys.qber
    assert tally.qber_by_basis == keys.qber_by_basis


def test_tallies_add():
    pieces = [Tally.of(sent) for sent in bb84.stream(5_000, chunk=777, noise=0.2, rng=3)]
    total = sum(pieces, Tally())
    assert total.pulses == 5_000
    assert total.sifted == tuple(np.sum([piece.sifted for piece in pieces], axis=0))
    assert total.errors == tuple(np.sum([piece.errors for piece in pieces], axis=0))
    with pytest.raises(TypeError):
        _ = total + 1


def test_law_of_a_long_stream():
    # n = 4e6, about 1e6 sifted bits a basis: sigma 4.3e-4 at most; 6 sigma: 2e-9
    total = sum(map(Tally.of, bb84.stream(4_000_000, eavesdropper=EVE, rng=4)), Tally())
    for error in total.qber_by_basis.values():
        assert abs(error - 1 / 8) < 6 * np.sqrt(1 / 8 * 7 / 8 / 1e6)


def test_memory_does_not_grow_with_the_pulses():
    def peak(n):
        tracemalloc.start()
        for sent in bb84.stream(n, chunk=50_000, eavesdropper=EVE, noise=0.01, loss_db=1.0, rng=5):
            Tally.of(sent)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100_000)  # what is imported and cached once
    few, many = peak(200_000), peak(2_000_000)
    assert many < 1.2 * few
    assert many < 50_000 * 60


def test_can_be_stopped_and_nothing_runs_ahead():
    rng = np.random.default_rng(6)
    stream = bb84.stream(10**15, chunk=1_000, rng=rng)
    total = sum(map(Tally.of, islice(stream, 3)), Tally())
    assert total.pulses == 3_000
    state = rng.bit_generator.state
    stream.close()
    assert rng.bit_generator.state == state
    assert list(stream) == []


def test_progress_bar(capsys):
    for _ in bb84.stream(5_000, chunk=1_000, progress=True):
        pass
    assert "5.00k" in capsys.readouterr().err
    for _ in bb84.stream(5_000, chunk=1_000, progress=False):
        pass
    for _ in bb84.stream(5_000, chunk=1_000):  # not a terminal
        pass
    assert capsys.readouterr().err == ""


def test_no_sifted_bits():
    with pytest.raises(ValueError, match="unknown, not zero"):
        _ = Tally().qber
    assert np.isnan(Tally().qber_by_basis["X"])


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"n_pulses": 0}, ValueError, "n_pulses must be at least 1"),
        ({"chunk": 0}, ValueError, "chunk must be at least 1"),
        ({"progress": "yes"}, TypeError, "progress must be True, False or None"),
        ({"noise": 2}, ValueError, "noise must be a probability"),
        ({"eavesdropper": "Eve"}, TypeError, "eavesdropper must be None or an object"),
    ],
)
def test_refuses_at_once_not_at_the_first_chunk(keywords, error, says):
    with pytest.raises(error, match=says):
        bb84.stream(**{"n_pulses": 8, **keywords})


def test_tallies_transmissions_only():
    with pytest.raises(TypeError, match="transmission must be a Transmission, not NoneType"):
        bb84.Tally.of(None)

"""Rounds: one law with the circuit, the right dice, losses that do no more than lose."""

import numpy as np
import pytest

from qlearn.communication.entangled_keys import (
    ACIN,
    BBM92,
    EKERT,
    PairSource,
    Rounds,
    Settings,
    SharedDirection,
    chsh_from,
    distribute,
    intercepted_pairs,
)
from qlearn.qubits import bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import werner

N = 400_000


@pytest.mark.parametrize(
    "state",
    [bell_state("phi+"), bell_state("psi-"), werner(0.8), partial_trace(random_state(4, rng=3), [0, 1])],
)
def test_frequencies_are_those_of_the_born_rule(within, state):
    seen = distribute(N, source=state, settings=EKERT, rng=1)
    table = PairSource(state).probabilities(EKERT.alice, EKERT.bob)[0].reshape(9, 4)
    joint = 2 * seen.alice_bits + seen.bob_bits
    for cell in range(9):
        here = joint[seen.cells == cell]
        for outcome in range(4):
            assert within(np.mean(here == outcome), table[cell, outcome], here.size)


def test_the_note_of_the_source_tells_which_state_flew(within):
    seen = distribute(N, source=intercepted_pairs(0.0, 0.4), settings=BBM92, rng=2)
    assert within(np.mean(seen.eve > 0), 0.4, N)
    for note in (1, 2):  # she measured Z: both sides find her bit there
        z = (seen.eve == note) & (seen.alice_choices == 0)
        assert (seen.alice_bits[z] == note - 1).all()


def test_dials_are_thrown_with_their_chances(within):
    seen = distribute(N, settings=ACIN, p_alice=[0.7, 0.1, 0.2], p_bob=[0.8, 0.2], rng=3)
    for choices, chances in ((seen.alice_choices, (0.7, 0.1, 0.2)), (seen.bob_choices, (0.8, 0.2))):
        for position, chance in enumerate(chances):
            assert within(np.mean(choices == position), chance, N)
    even = distribute(N, settings=EKERT, rng=4)
    for position in range(3):
        assert within(np.mean(even.bob_choices == position), 1 / 3, N)


def test_a_setting_of_chance_zero_is_never_taken():
    seen = distribute(N, settings=EKERT, p_alice=[0.5, 0.5, 0], p_bob=[0, 0.3, 0.7], rng=5)
    assert seen.alice_choices.max() == 1
    assert seen.bob_choices.min() == 1


def test_twenty_settings_a_side():
    # 400 combinations and more do not fit a byte: every one of them is seen, and S counted as for four.
    angles = tuple(np.linspace(0, np.pi, 21))
    table = Settings(angles, angles, ((0, 10), (5, 15)), ((1, -1), (1, 1)))
    seen = distribute(N, settings=table, rng=7)
    np.testing.assert_array_equal(seen.cells, 21 * seen.alice_choices.astype(int) + seen.bob_choices)
    assert np.unique(seen.cells).size == 441
    test = chsh_from(seen)
    assert abs(test.value - 2 * np.sqrt(2)) < 6 * test.error


def test_losses_are_independent_and_do_no_more(within):
    seen = distribute(N, efficiency=0.7, source=werner(0.9), rng=6)
    assert within(seen.alice_clicks.mean(), 0.7, N)
    assert within(seen.coincidences.mean(), 0.49, N)
    assert not seen.alice_bits[~seen.alice_clicks].any()
    same = seen.coincidences & (seen.alice_choices == seen.bob_choices)
    assert within(np.mean((seen.alice_bits != seen.bob_bits)[same]), 2 * 0.1 / 3, same.sum())


def test_types_shapes_and_seeds():
    one, two, three = (distribute(1000, source=werner(0.7), settings=EKERT, rng=s) for s in (1, 1, 2))
    for name in ("alice_choices", "bob_choices", "alice_bits", "bob_bits"):
        assert getattr(one, name).dtype == np.uint8
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert (one.bob_bits != three.bob_bits).any()
    assert one.alice_clicks.dtype == bool
    assert len(one) == 1000
    with pytest.raises(AttributeError):
        one.alice_bits = one.bob_bits


def test_a_given_generator_is_used():
    rng = np.random.default_rng(1)
    first, second = (distribute(100, rng=rng).alice_bits for _ in range(2))
    assert (first != second).any()


class Chatty:
    def emit(self, n, rng):
        return None

    def alice(self, hidden, choice, angle):
        return choice + 2

    bob = alice


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"n_pairs": 0}, ValueError, "n_pairs must be at least 1"),
        ({"n_pairs": 3.0}, TypeError, "n_pairs must be a whole number"),
        ({"efficiency": 1.2}, ValueError, "efficiency must be a probability"),
        ({"settings": (0, 1)}, TypeError, "settings must be Settings, such as BBM92"),
        ({"p_alice": [1.0]}, ValueError, "p_alice must be 2 probabilities that sum to 1"),
        ({"p_bob": [0.5, 0.6]}, ValueError, "p_bob must be 2 probabilities that sum to 1"),
        ({"p_bob": [1.5, -0.5]}, ValueError, "p_bob must be probabilities between 0 and 1"),
        ({"source": "phi+"}, TypeError, "source must be a state of two qubits"),
        ({"source": SharedDirection}, TypeError, "such as SharedDirection()"),
        ({"source": [1, 0]}, ValueError, "states must be pairs of qubits"),
        ({"source": Chatty()}, ValueError, "source must answer 0, 1 or 2"),
    ],
)
def test_refuses(keywords, error, says):
    with pytest.raises(error, match=says):
        distribute(**{"n_pairs": 8, **keywords})


def test_refuses_before_any_coin_is_thrown():
    rng = np.random.default_rng(1)
    before = rng.bit_generator.state
    with pytest.raises(ValueError, match="p_bob"):
        distribute(8, p_bob=[1, 1], rng=rng)
    assert rng.bit_generator.state == before


def test_rounds_are_six_arrays_of_one_length():
    part = distribute(5, rng=1)
    good = [
        part.alice_choices,
        part.bob_choices,
        part.alice_bits,
        part.bob_bits,
        part.alice_clicks,
        part.bob_clicks,
    ]
    with pytest.raises(ValueError, match="alice_choices and bob_bits must have the same length, not 5 and 3"):
        Rounds(Settings((0,), (0,)), *good[:3], good[3][:3], *good[4:])
    with pytest.raises(TypeError, match="alice_choices must be a NumPy array, not list"):
        Rounds(Settings((0,), (0,)), [0] * 5, *good[1:])


def test_rounds_print_short():
    seen = distribute(1_000, efficiency=0.5, rng=1)
    assert repr(seen) == f"Rounds(1000 pairs, {seen.coincidences.sum()} coincidences)"

"""Local sources: never above 2 when every answer counts, whatever they seem to be when some do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qlearn.communication.entangled_keys import (
    ACIN,
    BBM92,
    EKERT,
    SILENT,
    Impostor,
    LocalSource,
    Settings,
    SharedDirection,
    chsh_from,
    distribute,
    matched,
)

N = 400_000


@pytest.mark.parametrize("gap", [0.0, 0.3, np.pi / 4, np.pi / 2, 2.5, np.pi])
def test_a_shared_direction_correlates_along_a_straight_line(within, gap):
    seen = distribute(N, source=SharedDirection(), settings=Settings((0.7,), (0.7 + gap,)), rng=1)
    assert within(np.mean(seen.alice_bits != seen.bob_bits), gap / np.pi, N)
    assert within(seen.alice_bits.mean(), 0.5, N)


@pytest.mark.parametrize("dials", [EKERT, ACIN])
def test_a_shared_direction_reaches_two_and_makes_a_perfect_key(dials):
    seen = distribute(N, source=SharedDirection(), settings=dials, rng=2)
    test = chsh_from(seen)
    assert abs(test.value - 2) < 6 * test.error
    key = matched(seen)
    assert (seen.alice_bits[key] == seen.bob_bits[key]).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([EKERT, ACIN]))
@settings(max_examples=40)
def test_no_table_of_answers_exceeds_two(seed, dials):
    # Any mixture of deterministic answers, silence included and counted as 0: S <= 2, allowed 6 sigma (1e-9).
    rng = np.random.default_rng(seed)
    tables = rng.integers(0, 3, (2, 8, 3)).astype(np.uint8)

    class Tables:
        def emit(self, n, rng):
            return rng.integers(0, 8, n)

        def alice(self, hidden, dial, angle):
            return tables[0][hidden, dial]

        def bob(self, hidden, dial, angle):
            return tables[1][hidden, dial]

    seen = chsh_from(distribute(20_000, source=Tables(), settings=dials, rng=rng))
    assert abs(seen.value) <= 2 + 6 * seen.error


@pytest.mark.parametrize("dials", [EKERT, ACIN])
@pytest.mark.parametrize("eta", [2 / 3, 0.75, 2 * np.sqrt(2) - 2, 0.95, 1.0])
def test_the_impostor_passes_among_coincidences_and_fails_when_all_count(eta, dials):
    seen = distribute(N, source=Impostor(eta, dials), settings=dials, rng=3)
    kept, counted = chsh_from(seen, silent="discard"), chsh_from(seen)
    assert abs(kept.value - (4 / eta - 2)) <= 6 * kept.error
    assert abs(counted.value - 2) < 6 * counted.error
    key = matched(seen, silent="discard")
    assert (seen.alice_bits[key] == seen.bob_bits[key]).all()


@pytest.mark.parametrize("dials", [EKERT, ACIN])
@pytest.mark.parametrize("eta", [2 / 3, 0.8])
def test_the_impostors_clicks_look_like_independent_detectors(within, eta, dials):
    seen = distribute(N, source=Impostor(eta, dials), settings=dials, rng=4)
    for clicks, positions in ((seen.alice_clicks, seen.alice_dials), (seen.bob_clicks, seen.bob_dials)):
        for position in range(positions.max() + 1):
            here = positions == position
            assert within(clicks[here].mean(), eta, here.sum())
    # every combination but two key-only dials, which no protocol looks at
    for cell in range(seen.cells.max() + 1):
        here = seen.cells == cell
        if dials is EKERT and cell == 4:
            continue
        assert within(seen.coincidences[here].mean(), eta**2, here.sum())
    for bits, clicks in ((seen.alice_bits, seen.alice_clicks), (seen.bob_bits, seen.bob_clicks)):
        assert within(bits[clicks].mean(), 0.5, clicks.sum())


def test_the_maker_of_the_impostor_knows_every_bit():
    source = Impostor()
    seen = distribute(N, source=source, settings=ACIN, rng=5)
    guess = source.alice(seen.eve, seen.alice_dials, np.zeros(N))
    np.testing.assert_array_equal(guess[seen.alice_clicks], seen.alice_bits[seen.alice_clicks])
    assert (guess[~seen.alice_clicks] == SILENT).all()


def test_each_side_is_told_its_own_dial_only():
    told = []

    class Recorder:
        def emit(self, n, rng):
            return "hidden"

        def alice(self, hidden, dial, angle):
            told.append((hidden, dial.copy(), angle.copy()))
            return dial & 1

        bob = alice

    seen = distribute(500, source=Recorder(), settings=EKERT, rng=6)
    assert isinstance(Recorder(), LocalSource)
    for (hidden, dial, angle), dials, angles in zip(
        told, (seen.alice_dials, seen.bob_dials), (EKERT.alice, EKERT.bob), strict=True
    ):
        assert hidden == "hidden"
        np.testing.assert_array_equal(dial, dials)
        np.testing.assert_array_equal(angle, np.array(angles)[dials])


@pytest.mark.parametrize("eta", [0.66, 1.01, np.nan])
def test_refuses_an_efficiency_it_cannot_have(eta):
    with pytest.raises(ValueError, match=r"efficiency must be a finite number between 0\.66"):
        Impostor(eta)


def test_refuses_settings_without_a_test():
    with pytest.raises(ValueError, match="settings must have a CHSH test for the impostor"):
        Impostor(0.8, BBM92)


def test_refuses_dials_it_was_not_made_for():
    with pytest.raises(ValueError, match="made for dials of 2 positions and is asked at position 2"):
        distribute(100, source=Impostor(0.8, ACIN), settings=EKERT, rng=1)

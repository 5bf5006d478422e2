"""The estimate of S: the closed forms, honest bars, and a bound that fails as rarely as it says."""

import numpy as np
import pytest

from qlearn.communication.entangled_keys import (
    ACIN,
    BBM92,
    EKERT,
    chsh_from,
    distribute,
    intercepted,
    lossy_chsh,
)
from qlearn.qubits import bell_state
from qlearn.qubits.entanglement import chsh, werner

N = 400_000


@pytest.mark.parametrize("dials", [EKERT, ACIN])
@pytest.mark.parametrize("v", [0.0, 0.5, 1 / np.sqrt(2), 0.9, 1.0])
def test_werner_pairs_have_two_root_two_times_their_visibility(v, dials):
    pair = werner((1 + 3 * v) / 4)
    seen = chsh_from(distribute(N, source=pair, settings=dials, rng=1))
    assert abs(seen.value - 2 * np.sqrt(2) * v) < 6 * seen.error
    assert 2 * np.sqrt(2) * v == pytest.approx(float(chsh(pair)), abs=1e-12)


def test_it_is_the_sum_by_hand():
    rounds = distribute(2000, source=werner(0.8), settings=EKERT, efficiency=0.9, rng=2)
    for silent, mask in (("count", np.ones(2000, bool)), ("discard", rounds.coincidences)):
        total = 0.0
        product = (1.0 - 2 * rounds.alice_bits) * (1 - 2.0 * rounds.bob_bits)
        for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
            total += sign * product[mask & (rounds.alice_dials == x) & (rounds.bob_dials == y)].mean()
        seen = chsh_from(rounds, silent=silent)
        assert seen.value == pytest.approx(total, abs=1e-12)
        assert seen.counts.sum() == (mask & np.isin(rounds.cells, [0, 2, 6, 8])).sum()


def test_bars_are_the_spread_of_many_runs():
    # 800 runs: the spread of their values is known to 2.5 %; 6 sigma is 15 %
    runs = [chsh_from(distribute(900, source=werner(0.85), settings=EKERT, rng=s)) for s in range(800)]
    spread = np.std([run.value for run in runs])
    assert np.mean([run.error for run in runs]) == pytest.approx(spread, rel=0.15)


def test_bars_do_not_vanish_where_all_agree():
    # dials so that each correlation is +1 or -1: no scatter is seen, and yet 50 rounds prove little
    from qlearn.communication.entangled_keys import Impostor

    seen = chsh_from(distribute(450, source=Impostor(2 / 3, EKERT), settings=EKERT, rng=3), silent="discard")
    assert seen.value == pytest.approx(4)
    assert seen.error > 0.01


def test_the_lower_bound_fails_as_rarely_as_it_says():
    # Hoeffding is generous: at failure 0.05, of 1000 runs at most 50 + 6 * 6.9 may fail
    true = 2 * np.sqrt(2) * 0.8
    runs = [chsh_from(distribute(900, source=werner(0.85), settings=EKERT, rng=s)) for s in range(1000)]
    assert sum(run.at_least(0.05) > true for run in runs) <= 50 + 6 * 6.9
    assert all(run.at_least(1e-10) < run.at_least(0.05) < run.value for run in runs[:10])


def test_the_lower_bound_is_hoeffdings():
    seen = chsh_from(distribute(9000, settings=EKERT, rng=4))
    slack = np.sqrt(2 * np.log(1e6) * (1 / seen.counts).sum())
    assert seen.at_least(1e-6) == pytest.approx(seen.value - slack)


def test_eve_on_the_line_leaves_root_two():
    for angle in (0.0, 0.4, np.pi / 4):
        seen = chsh_from(distribute(N, source=intercepted(angle), settings=EKERT, rng=5))
        assert abs(seen.value - np.sqrt(2)) < 6 * seen.error


@pytest.mark.parametrize("eta", [0.5, 0.8284, 0.95])
def test_silence_counts_or_is_discarded(eta):
    seen = distribute(N, settings=ACIN, efficiency=eta, rng=6)
    counted, kept = chsh_from(seen), chsh_from(seen, silent="discard")
    assert abs(counted.value - lossy_chsh(eta)) < 6 * counted.error
    assert abs(kept.value - 2 * np.sqrt(2)) < 6 * kept.error


def test_refuses():
    good = distribute(900, settings=EKERT, rng=7)
    with pytest.raises(TypeError, match="rounds must be Rounds, as distribute returns them, not list"):
        chsh_from([1, 2])
    with pytest.raises(ValueError, match="BBM92 has none"):
        chsh_from(distribute(900, settings=BBM92, rng=7))
    with pytest.raises(ValueError, match='silent must be "count" or "discard"'):
        chsh_from(good, silent="drop")
    with pytest.raises(ValueError, match=r"every combination of the test.*Send more pairs"):
        chsh_from(distribute(3, settings=EKERT, source=bell_state("phi+"), rng=7))
    for failure in (0, 1, np.nan):
        with pytest.raises(ValueError, match="failure must"):
            chsh_from(good).at_least(failure)


@pytest.mark.parametrize("silent", ["count", "discard"])
def test_a_machine_of_32_bits_can_count_the_rounds(silent, monkeypatch):
    # There bincount takes no number that may be larger than an index: no uint32, which 64 bits would pass.
    real = np.bincount

    def on_32_bits(numbers, *args, **kwargs):
        assert numbers.dtype == np.intp or np.can_cast(numbers.dtype, np.int32), numbers.dtype
        return real(numbers, *args, **kwargs)

    rounds = distribute(10_000, settings=EKERT, rng=1)
    monkeypatch.setattr(np, "bincount", on_32_bits)
    assert chsh_from(rounds, silent=silent).counts.sum() > 0

"""Knowledge: closed forms of the old attacks, scikit-learn's mutual information, and what is counted."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from qlearn.communication import bb84
from qlearn.communication.eavesdropping import (
    InterceptResend,
    Partial,
    TrojanHorse,
    cloning_attack,
    entangling_probe,
    observe,
    predict,
)
from qlearn.communication.entropy import binary_entropy

HALFWAY = np.cos(np.pi / 8) ** 2
N = 400_000


@pytest.mark.parametrize(
    ("basis", "qber", "guess", "information"),
    [
        ("random", (1 / 4, 1 / 4), (3 / 4, 3 / 4), (1 / 2, 1 / 2)),
        ("Z", (0, 1 / 2), (1, 1 / 2), (1, 0)),
        ("X", (1 / 2, 0), (1 / 2, 1), (0, 1)),
        ("breidbart", (1 / 4, 1 / 4), (HALFWAY,) * 2, (1 - float(binary_entropy(HALFWAY)),) * 2),
    ],
)
def test_intercept_resend(basis, qber, guess, information):
    seen = predict(InterceptResend(basis=basis))
    for theory, found in ((qber, seen.qber), (guess, seen.guess), (information, seen.information)):
        assert tuple(found.values()) == pytest.approx(theory, abs=1e-12)
        assert tuple(found) == ("Z", "X")


@pytest.mark.parametrize(
    "attack",
    [
        InterceptResend(),
        InterceptResend(0.3, "breidbart"),
        InterceptResend(basis="Z"),
        cloning_attack(0.1),
        cloning_attack(0.15, "universal"),
        cloning_attack(0.1, patient=False),
        entangling_probe(0.08),
        Partial(entangling_probe(0.3), 0.2),
    ],
)
def test_what_is_counted_is_what_was_predicted(attack):
    # 100,000 bits in each basis, each number within 6 of its own sigma (and the bias of the information): 48
    # comparisons, a false alarm of 1e-7
    sent = bb84.exchange(N, eavesdropper=attack, rng=21)
    seen, theory = observe(sent), predict(attack)
    for basis, n in bb84.sift(sent).bits_by_basis.items():
        for found, chance in (
            (seen.qber[basis], theory.qber[basis]),
            (seen.guess[basis], theory.guess[basis]),
        ):
            assert abs(found - chance) <= 6 * np.sqrt(max(0, chance * (1 - chance)) / n) + 1e-9
        spread = theory.deviation[basis] / np.sqrt(n)
        assert abs(seen.information[basis] - theory.information[basis]) < 6 * spread + 2e-4


@pytest.mark.parametrize(
    "attack", [entangling_probe(0.01), cloning_attack(0.1, "universal"), InterceptResend(0.2)]
)
def test_the_deviation_is_the_measured_spread(attack):
    # 300 runs of 8,000 pulses: the spread of a spread is 4 % of it; 6 sigma, a false alarm of 1e-8 in all
    rng, runs, pulses = np.random.default_rng(24), 300, 8_000
    seen = [observe(bb84.exchange(pulses, eavesdropper=attack, rng=rng)) for _ in range(runs)]
    for basis in "ZX":
        spread = np.std([one.information[basis] for one in seen], ddof=1)
        expected = predict(attack).deviation[basis] / np.sqrt(pulses / 4)
        assert abs(spread / expected - 1) < 6 / np.sqrt(2 * runs)
        assert np.mean([one.deviation[basis] for one in seen]) == pytest.approx(
            predict(attack).deviation[basis], rel=0.05
        )


def test_information_is_scikit_learns():
    sent = bb84.exchange(20_000, eavesdropper=Partial(entangling_probe(0.2), 0.7), rng=22)
    seen = observe(sent)
    for number, basis in enumerate("ZX"):
        here = sent.kept & (sent.alice_bases == number)
        page = 10 * sent.eve.outcomes[here] + sent.eve.touched[here]
        theirs = mutual_info_score(sent.alice_bits[here], page) / np.log(2)
        assert seen.information[basis] == pytest.approx(theirs, abs=1e-12)


def test_the_probe_knows_more_than_its_guess_says():
    # the outcome tells whether Bob erred, too: as a pure bit flip channel the guess would carry the same here,
    # but the universal cloner's outcomes differ in quality
    seen = predict(cloning_attack(1 / 6, "universal"))
    assert seen.information["Z"] > 1 - binary_entropy(seen.guess["Z"]) + 0.04


def test_a_basis_without_bits_has_no_knowledge():
    seen = observe(bb84.exchange(2_000, eavesdropper=InterceptResend(), p_x=0.0, rng=23))
    assert np.isnan([seen.qber["X"], seen.guess["X"], seen.information["X"]]).all()
    assert seen.guess["Z"] > 0.6


@pytest.mark.parametrize("attack", ["Eve", None, TrojanHorse(1.0), InterceptResend])
def test_predict_refuses(attack):
    with pytest.raises(TypeError, match="attack must be an InterceptResend, a MemoryAttack"):
        predict(attack)


def test_observe_refuses():
    with pytest.raises(TypeError, match="must carry the notes of an eavesdropper"):
        observe(bb84.exchange(100, rng=1))
    with pytest.raises(TypeError, match="transmission must be a Transmission"):
        observe("sent")

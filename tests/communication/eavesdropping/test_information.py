"""The bounds: where they cross Bob's information, and that no attack on single pulses passes them.

Holevo's quantity: Qiskit's entropies, and the order of what single questions and all questions yield.

Knowledge: closed forms of the old attacks, scikit-learn's mutual information, and what is counted.
"""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from qiskit.quantum_info import DensityMatrix, entropy
from scipy.linalg import expm
from scipy.optimize import brentq
from scipy.stats import unitary_group
from sklearn.metrics import mutual_info_score

from qlearn.communication import bb84
from qlearn.communication.bb84 import InterceptResend
from qlearn.communication.eavesdropping import (
    MemoryAttack,
    PartialAttack,
    cloning_attack,
    collective_information,
    entangling_probe,
    holevo,
    individual_guess,
    individual_information,
    observe,
    predict,
    secret_bits,
)
from qlearn.qubits import Circuit
from qlearn.qubits.entropies import binary_entropy


def test_individual_attacks_stop_the_key_at_14_6_per_cent():
    cross = brentq(lambda e: 1 - binary_entropy(e) - individual_information(e), 0.01, 0.4, xtol=1e-14)
    assert cross == pytest.approx((1 - 1 / np.sqrt(2)) / 2, abs=1e-9)
    assert cross == pytest.approx(0.146447, abs=5e-7)
    assert secret_bits(cross + 1e-6, individual_information(cross + 1e-6)) == 0
    assert secret_bits(cross - 1e-3, individual_information(cross - 1e-3)) > 0


def test_against_all_attacks_the_rate_is_that_of_bb84():
    e = np.linspace(0, 0.5, 51)
    np.testing.assert_allclose(secret_bits(e, collective_information(e)), bb84.asymptotic_rate(e), atol=1e-15)


def test_fuchs_et_al_in_their_own_notation():
    # I = phi(2 sqrt(D(1-D))) / 2, phi(z) = (1+z) log2(1+z) + (1-z) log2(1-z)
    d = np.linspace(0.001, 0.499, 50)
    z = 2 * np.sqrt(d * (1 - d))
    phi = (1 + z) * np.log2(1 + z) + (1 - z) * np.log2(1 - z)
    np.testing.assert_allclose(individual_information(d), phi / 2, atol=1e-12)


def test_nothing_for_nothing_and_no_more_beyond_one_half():
    assert individual_guess(0) == 0.5
    assert individual_information(0) == collective_information(0) == 0
    for bound in (individual_guess, individual_information, collective_information):
        assert bound(0.5) == bound(0.9) == 1
    e = np.linspace(0.001, 0.499, 100)
    assert (individual_information(e) < collective_information(e)).all()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.booleans())
def test_no_attack_passes_the_bounds(seed, strength, patient):
    # a random Hamiltonian on pulse and two wires of memory, for a short or a long time
    g = np.random.default_rng(seed).standard_normal((2, 8, 8))
    hamiltonian = g[0] + g[0].T + 1j * (g[1] - g[1].T)
    eve = MemoryAttack(Circuit(3).unitary(expm(-0.3j * strength * hamiltonian), 0, 1, 2), patient)
    seen, kept = predict(eve), holevo(eve)
    for basis, other in ("ZX", "XZ"):
        assert seen.guess[basis] <= individual_guess(seen.qber[other]) + 1e-9
        assert seen.information[basis] <= individual_information(seen.qber[other]) + 1e-9
        assert kept[basis] <= collective_information(seen.qber[other]) + 1e-9
        assert seen.information[basis] <= kept[basis] + 1e-9


def test_haar_attacks_learn_something():
    # so that the property above is not about attacks that know nothing
    eves = [
        MemoryAttack(Circuit(3).unitary(unitary_group.rvs(8, random_state=s), 0, 1, 2)) for s in range(20)
    ]
    assert min(predict(eve).information["Z"] for eve in eves) > 0.01


@pytest.mark.parametrize("bound", [individual_guess, individual_information, collective_information])
@pytest.mark.parametrize(("value", "error"), [(1.1, ValueError), (-0.1, ValueError), ("a", TypeError)])
def test_bounds_refuse(bound, value, error):
    with pytest.raises(error, match="qber must be error rates"):
        bound(value)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((0.1, 1.5), ValueError, "known must be bits of information between 0 and 1"),
        ((None, 0.1), TypeError, "qber must be error rates"),
        (([0.1, 0.2], [0.1, 0.2, 0.3]), ValueError, "must broadcast"),
    ],
)
def test_secret_bits_refuses(arguments, error, says):
    with pytest.raises(error, match=says):
        secret_bits(*arguments)


@pytest.mark.parametrize(
    "attack",
    [
        cloning_attack(0.1),
        cloning_attack(1 / 6, "universal"),
        entangling_probe(0.05),
        MemoryAttack(Circuit(3).unitary(unitary_group.rvs(8, random_state=1), 0, 1, 2)),
    ],
)
def test_is_qiskits(attack):
    for number, bits in enumerate(holevo(attack).values()):
        zero, one = (DensityMatrix(rho) for rho in attack.memories[number])
        mixed = DensityMatrix((zero.data + one.data) / 2)
        assert bits == pytest.approx(entropy(mixed) - entropy(zero) / 2 - entropy(one) / 2, abs=1e-9)


@pytest.mark.parametrize("d", [0.01, 0.1, 0.3])
def test_more_than_one_by_one_and_ordered(d):
    clone, probe = holevo(cloning_attack(d))["Z"], holevo(entangling_probe(d))["Z"]
    alone = predict(cloning_attack(d)).information["Z"]
    assert alone < clone < probe


def test_a_classical_copy_keeps_what_it_shows():
    assert holevo(MemoryAttack(Circuit(2).cx(0, 1))) == pytest.approx({"Z": 1, "X": 0})
    assert holevo(MemoryAttack(Circuit(2))) == {"Z": 0, "X": 0}


def test_refuses():
    with pytest.raises(TypeError, match="attack must be a MemoryAttack, not InterceptResend"):
        holevo(InterceptResend())
    assert np.isfinite(holevo(cloning_attack(0.5))["X"])


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
        cloning_attack(0.1, waits_for_bases=False),
        entangling_probe(0.08),
        PartialAttack(entangling_probe(0.3), 0.2),
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
    sent = bb84.exchange(20_000, eavesdropper=PartialAttack(entangling_probe(0.2), 0.7), rng=22)
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


class Wall:
    """Keeps every pulse; what she knows of a bit nobody has worked out."""

    def intercept(self, pulses, rng):
        return bb84.Pulses(0 * pulses.bits, 0 * pulses.bases), None


@pytest.mark.parametrize("attack", ["Eve", None, Wall(), PartialAttack(Wall(), 0.5), InterceptResend])
def test_predict_refuses_what_has_no_distribution(attack):
    with pytest.raises(
        TypeError, match="attack must have a joint distribution of Bob's bit and Eve's outcome"
    ):
        predict(attack)


@pytest.mark.parametrize("joint", [np.ones((2, 2, 2, 2)), np.full((2, 2, 4), 0.25), np.array(1.0)])
def test_predict_refuses_what_is_no_distribution(joint):
    eve = Wall()
    eve.joint = joint
    with pytest.raises(ValueError, match=r"attack must have a joint of shape \(2, 2, 2, outcomes\)"):
        predict(eve)


def test_observe_refuses():
    with pytest.raises(TypeError, match="must carry the notes of an eavesdropper"):
        observe(bb84.exchange(100, rng=1))
    with pytest.raises(TypeError, match="transmission must be a Transmission"):
        observe("sent")


class WithJoint:
    """An attack that does nothing, and says anything of itself."""

    def __init__(self, joint):
        self.joint = joint

    def intercept(self, pulses, rng):
        return pulses, None


def test_predict_takes_lists_and_refuses_chances_below_zero():
    even = np.full((2, 2, 2, 1), 0.5)
    assert predict(WithJoint(even.tolist())).qber["Z"] == pytest.approx(0.5)
    with pytest.raises(ValueError, match="of chances that sum to 1"):
        predict(WithJoint(np.array([[[[1.5], [-0.5]]] * 2] * 2)))


def test_an_error_within_a_joint_is_that_error():
    class Broken(WithJoint):
        @property
        def joint(self):
            return self.nothing

        @joint.setter
        def joint(self, value): ...

    with pytest.raises(AttributeError, match="nothing"):
        predict(Broken(None))
    with pytest.raises(AttributeError, match="nothing"):
        _ = PartialAttack(Broken(None), 0.5).joint

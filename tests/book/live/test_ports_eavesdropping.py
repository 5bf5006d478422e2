"""The ports of Eve's knowledge, against the library's attacks as circuits."""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.optimize import brentq

from qlearn.communication.bb84 import InterceptResend
from qlearn.communication.eavesdropping import (
    PartialAttack,
    cloning_attack,
    collective_information,
    entangling_probe,
    holevo,
    individual_guess,
    individual_information,
    memoryless_guess,
    predict,
    secret_bits,
    weak_measurement,
)
from qlearn.qubits.entropies import binary_entropy

N = 1000
ATTACKS = {
    "one": entangling_probe,
    "probe": entangling_probe,
    "clone": cloning_attack,
    "universal": partial(cloning_attack, cloner="universal"),
    "gentle": weak_measurement,
    "halfway": lambda d: PartialAttack(InterceptResend(basis="breidbart"), 4 * d),
    "coin": lambda d: PartialAttack(InterceptResend(), 4 * d),
}


def known(name: str, d: float) -> list[float]:
    """Guess rate and information by the library, where both bases must be alike, and error rates as promised."""
    if name == "dust":
        return [0.5, 0.0]
    attack = ATTACKS[name](d)
    seen = predict(attack)
    together = name in ("probe", "clone")
    bits = holevo(attack) if together else seen.information
    assert np.allclose([*seen.qber.values()], d, atol=1e-12)
    assert np.isclose(bits["Z"], bits["X"], atol=1e-7)
    assert np.isclose(seen.guess["Z"], seen.guess["X"], atol=1e-7)
    if name == "gentle":  # her question is found to about 1e-8; in closed form it is this
        best = float(memoryless_guess(d))
        assert np.allclose([seen.guess["Z"], bits["Z"]], [best, 1 - binary_entropy(best)], atol=1e-7)
        return [best, 1 - float(binary_entropy(best))]
    return [seen.guess["Z"], bits["Z"]]


def test_bounds(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    qber, bits = np.append(rng.random(N), [0, 0.25, 0.5, 1]), rng.random(N + 4)
    one = qber[:, None]
    agree(port("communication/eavesdropping", "individual_guess", one), individual_guess(qber), scale=1)
    agree(port("communication/eavesdropping", "memoryless_guess", one), memoryless_guess(qber), scale=1)
    theirs = port("communication/eavesdropping", "individual_information", one)
    agree(theirs, individual_information(qber), scale=1)
    theirs = port("communication/eavesdropping", "collective_information", one)
    agree(theirs, collective_information(qber), scale=1)
    theirs = port("communication/eavesdropping", "secret_bits", np.column_stack([qber, bits]))
    agree(theirs, secret_bits(qber, bits), scale=1)


def test_attacks(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    names = [*ATTACKS, "dust"]
    errors = np.append(rng.uniform(0, 0.25, 150), [0, 0.25])
    arguments = [[name, d] for name in names for d in errors]
    agree(
        port("communication/eavesdropping", "predict", arguments),
        np.array([known(name, d) for name, d in arguments]),
        scale=1,
    )


def test_where_bobs_lead_ends(port: Callable, agree: Callable):
    ends = {
        name: brentq(lambda e, name=name: 1 - binary_entropy(e) - known(name, e)[1], 0.01, 0.249, xtol=1e-13)
        for name in ATTACKS
    }
    names = [*ATTACKS] * 150
    agree(
        port("communication/eavesdropping", "end_of_lead", [[name] for name in names]),
        np.array([ends[name] for name in names]),
        scale=1,
    )

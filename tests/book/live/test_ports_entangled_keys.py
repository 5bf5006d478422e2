"""The ports of keys from pairs that nobody trusts, against the library and against all outcomes of a round by hand."""

from collections.abc import Callable
from itertools import product

import numpy as np
from scipy.optimize import brentq

from qlearn.communication.entangled_keys import (
    ACIN,
    DetectionLoopholeSource,
    PairSource,
    chsh_from,
    critical_efficiency,
    critical_qber,
    device_independent_rate,
    distribute,
    eve_information,
    lossy_chsh,
    matching_rounds,
)
from qlearn.qubits.entanglement import werner
from qlearn.qubits.entropies import binary_entropy

N = 1000


def pair(visibility: float) -> np.ndarray:
    return werner((1 + 3 * visibility) / 4)


def by_hand(efficiency: float, visibility: float, silence: str) -> float:
    """Add up the chances of all answers and clicks of a key round."""
    born = PairSource(pair(visibility)).probabilities([0.0], [0.0])[0, 0, 0]
    differ = seen = 0.0
    for a, b, alice, bob in product((0, 1), repeat=4):  # what each would say, and whether its detector clicks
        chance = born[a, b] * np.prod([efficiency if click else 1 - efficiency for click in (alice, bob)])
        if silence == "drop" and not (alice and bob):
            continue
        seen += chance
        says = (a if alice else 0) != (b if bob else 0)
        differ += chance * (0.5 if silence == "coin" and not alice else says)
    return differ / seen


def test_information_and_rate(port: Callable, agree: Callable):
    rng = np.random.default_rng(1)
    s, q = np.append(rng.uniform(-4, 4, N), [2, 8**0.5, 0]), rng.random(N + 3)
    agree(port("communication/entangled_keys", "eve_information", s[:, None]), eve_information(s), scale=1)
    theirs = port("communication/entangled_keys", "device_independent_rate", np.column_stack([q, s]))
    agree(theirs, device_independent_rate(q, s), scale=1)
    agree(port("communication/entangled_keys", "critical_qber", [[]] * N), np.full(N, critical_qber()))


def test_detectors_that_do_not_click(port: Callable, agree: Callable):
    rng = np.random.default_rng(2)
    eta, v = np.append(rng.random(N), [0, 1, 1]), np.append(rng.random(N), [1, 0, 1])
    theirs = port("communication/entangled_keys", "lossy_chsh", np.column_stack([eta, v]))
    agree(theirs, [lossy_chsh(e, state=pair(one)) for e, one in zip(eta, v, strict=True)], scale=1)
    needed = [critical_efficiency(state=pair(one)) for one in v]
    agree(port("communication/entangled_keys", "critical_efficiency", v[:, None]), needed)
    for silence in ("zero", "coin", "drop"):
        cases = [[e, one, silence] for e, one in zip(eta[:N], v[:N], strict=True)] + [[1.0, 1.0, silence]]
        agree(
            port("communication/entangled_keys", "key_errors", cases),
            np.array([by_hand(*case) for case in cases]),
            scale=1,
        )


def test_the_errors_are_those_of_the_protocol():
    """Counted in 400,000 rounds, within six standard errors: two false alarms in 1e9."""
    eta, v = 0.9, 0.95
    seen = distribute(400_000, source=pair(v), settings=ACIN, efficiency=eta, rng=7)
    for silence, no_click in (("zero", "count"), ("drop", "discard")):
        key = matching_rounds(seen, no_click=no_click)
        q, n = by_hand(eta, v, silence), np.count_nonzero(key)
        assert abs(np.mean(seen.alice_bits[key] != seen.bob_bits[key]) - q) < 6 * np.sqrt(q * (1 - q) / n)


def test_what_a_list_shows_where_it_is_heard(port: Callable, agree: Callable):
    eta = np.linspace(2 / 3, 1, N)
    agree(port("communication/entangled_keys", "impostor_chsh", eta[:, None]), 4 / eta - 2)
    for one in (0.7, 0.85):
        seen = chsh_from(
            distribute(400_000, source=DetectionLoopholeSource(one), settings=ACIN, rng=3), no_click="discard"
        )
        assert abs(seen.value - (4 / one - 2)) < 6 * seen.error
    # It is level with pairs just where they pass 2 if silence is counted: the border that does not move.
    v = np.linspace(0.72, 1, 50)
    border = np.array([critical_efficiency(state=pair(one)) for one in v])
    assert np.allclose(4 / border - 2, np.sqrt(8) * v)


def test_where_a_key_begins(port: Callable, agree: Callable):
    def limit(v: float, silence: str) -> float:
        def net(x: float) -> float:
            return float(
                1 - binary_entropy(by_hand(x, v, silence)) - eve_information(lossy_chsh(x, state=pair(v)))
            )

        return brentq(net, 0.85, 1, xtol=1e-13) if net(1) > 0 else np.inf

    cases = [[v, silence] for silence in ("zero", "coin") for v in np.linspace(0.7, 1, 20)]
    expected = np.array([limit(*case) for case in cases])
    assert np.isfinite(expected).sum() > 15
    theirs = port("communication/entangled_keys", "key_limit", cases * 25)
    agree(theirs, np.tile(expected, 25), scale=1)

"""Exercises of the chapter *Superposition*."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import (
    Circuit,
    bell_state,
    bloch,
    bloch_vector,
    fidelity,
    ket,
    probabilities,
    random_state,
)

_CLOSE = 1e-6


def _grade_chance_of_one(answer: float) -> Verdict:
    answer = float(answer)
    if abs(answer - 0.25) < _CLOSE:
        return Verdict.right("Half the angle, and then the square: sin(pi/6) is 1/2, its square 1/4.")
    if abs(answer - 0.75) < 1e-3:
        return Verdict.wrong(
            "3/4 is sin(pi/3) squared, or the chance of 0. The amplitude of 1 holds half the angle: sin(pi/6)."
        )
    if abs(answer - 0.5) < 1e-3:
        return Verdict.wrong("1/2 is the amplitude of 1. A probability is the square of its absolute value.")
    return Verdict.wrong(
        f"you say {answer:.4g}. Write the state as cos(theta/2)|0> + sin(theta/2)|1> with theta = pi/3, "
        "then square the second amplitude."
    )


chance_of_one = Exercise(
    name="chance_of_one",
    level="warm-up",
    prompt=r"`Circuit(1).ry(np.pi / 3, 0)` turns $|0\rangle$ by $\pi/3$ about the y axis. "
    "By hand: with which probability is the outcome 1?",
    stub="chance_of_one = ...\n",
    solution="chance_of_one = np.sin(np.pi / 6) ** 2\n",
    explanation=r"A turn by $\theta$ on the sphere is half of it in the amplitudes: "
    r"$\cos\frac\theta2|0\rangle + \sin\frac\theta2|1\rangle$. So $p(1) = \sin^2\frac\pi6 = \frac14$.",
    wrong={
        "whole angle": "chance_of_one = np.sin(np.pi / 3) ** 2\n",
        "not squared": "chance_of_one = np.sin(np.pi / 6)\n",
        "degrees": "chance_of_one = np.sin(30) ** 2\n",
    },
    grade=_grade_chance_of_one,
    given={"np": np},
)


def _grade_same_state(answer: Callable[[Any, Any], bool]) -> Verdict:
    plus, minus = ket("+"), ket("-")
    if not answer(plus, plus):
        return Verdict.wrong("you call |+> and |+> different states.")
    if not answer(plus, 1j * plus):
        return Verdict.wrong(
            "you call |+> and i|+> different. No measurement can: a global phase drops out of every probability."
        )
    if answer(plus, minus):
        return Verdict.wrong(
            "you call |+> and |-> the same. Their Z probabilities agree, but one H turns them into 0 and 1: "
            "the relative phase counts."
        )
    if answer(ket("i"), ket("j")):
        return Verdict.wrong(
            "you call |i> and |j> the same. Their overlap is 0: mind the complex conjugate of the first state."
        )
    if not answer(ket("1"), 1j * ket("1")):
        return Verdict.wrong("you call |1> and i|1> different. Do you divide by an amplitude that may be 0?")
    if answer(bell_state("phi+"), bell_state("phi-")):
        return Verdict.wrong(
            "you call |00> + |11> and |00> - |11> the same. Each wire by itself is; the two together are not."
        )
    if answer(bloch(0.5, 0), bloch(0.52, 0)):
        return Verdict.wrong(
            "you call two states the same whose arrows stand 0.02 rad apart. Their overlap is 0.99995: close to 1, and not 1."
        )
    for seed in range(50):
        a, b = random_state(2, size=2, rng=seed)
        if not answer(a, np.exp(1j * seed) * a):
            return Verdict.wrong(
                f"a random state times exp({seed}i) is the same state; you say it is another."
            )
        if answer(a, b):
            return Verdict.wrong(
                f"two random states of fidelity {fidelity(a, b):.3f} are different; you say the same."
            )
    return Verdict.right(
        "The test is the overlap: its absolute value is 1 exactly when only a global phase differs."
    )


same_state = Exercise(
    name="same_state",
    prompt="Write `same_state(a, b)`: True if no experiment can tell the state vectors `a` and `b` apart "
    "(any number of qubits, up to rounding).",
    stub="def same_state(a, b):\n    ...\n",
    solution="def same_state(a, b):\n    return bool(np.isclose(abs(np.vdot(a, b)), 1))\n",
    explanation=r"$|\langle a|b\rangle| = 1$ exactly when $|b\rangle = e^{i\gamma}|a\rangle$. `np.vdot` conjugates its "
    "first argument, as a bra does.",
    wrong={
        "compares numbers": "def same_state(a, b):\n    return np.allclose(a, b)\n",
        "compares probabilities": "def same_state(a, b):\n    return np.allclose(abs(a), abs(b))\n",
        "forgets the conjugate": "def same_state(a, b):\n    return bool(np.isclose(abs(np.dot(a, b)), 1))\n",
        "always different": "def same_state(a, b):\n    return False\n",
        "nearly the same": "def same_state(a, b):\n    return bool(abs(np.vdot(a, b)) > 0.9995)\n",
        "divides by the first amplitude": (
            "def same_state(a, b):\n    return bool(a[0] and b[0] and np.allclose(a / a[0], b / b[0]))\n"
        ),
        "one wire at a time": (
            "def same_state(a, b):\n"
            "    halves = ([s.reshape(2, -1) @ s.reshape(2, -1).conj().T for s in (a, b)] if len(a) > 2\n"
            "              else [np.outer(s, s.conj()) for s in (a, b)])\n"
            "    return np.allclose(*halves)\n"
        ),
    },
    grade=_grade_same_state,
    given={"np": np},
)


def _grade_way_to_minus_i(answer: str) -> Verdict:
    if not isinstance(answer, str) or not answer or set(answer) - set("XYZHST"):
        return Verdict.wrong(f"write a word of the letters X Y Z H S T, such as 'HZ', not {answer!r}.")
    circuit = Circuit(1)
    for letter in answer:
        circuit = getattr(circuit, letter.lower())(0)
    end = bloch_vector(circuit.run())
    if np.allclose(end, [0, -1, 0], atol=_CLOSE):
        return Verdict.right(f"{answer} ends at (0, -1, 0): the state |j>.")
    if np.allclose(end, [0, 1, 0], atol=_CLOSE):
        return Verdict.wrong(
            f"{answer} ends at (0, 1, 0), which is |i>: half a turn about z too little (or too much)."
        )
    if abs(end[2]) > 1 - _CLOSE:
        return Verdict.wrong(
            f"{answer} ends at a pole. S, T and Z only turn about the z axis: a state has to leave the pole first, by H."
        )
    if answer[0] in "STZ" and np.allclose(end, [1, 0, 0], atol=_CLOSE):
        return Verdict.wrong(
            f"{answer} ends at (1, 0, 0). A word is read in time, first letter first: "
            f"{answer[0]} does nothing to |0>, and H comes after it."
        )
    return Verdict.wrong(
        f"{answer} ends at ({', '.join(f'{x + 0:.2f}' for x in end.round(2))}); |j> is at (0, -1, 0)."
    )


way_to_minus_i = Exercise(
    name="way_to_minus_i",
    prompt=r"Find a word of the gates `X Y Z H S T`, first letter first, that takes $|0\rangle$ to "
    r"$|j\rangle = (|0\rangle - i|1\rangle)/\sqrt2$, such as `way_to_minus_i = 'HT'` (which ends elsewhere).",
    stub="way_to_minus_i = ...\n",
    solution="way_to_minus_i = 'HZS'\n",
    explanation=r"H moves the north pole to $|+\rangle$ on the equator, Z half a turn on to $|-\rangle$, S a quarter "
    r"turn on to $|j\rangle$. `HSSS` is the same way in three quarters.",
    wrong={
        "a quarter turn": "way_to_minus_i = 'HS'\n",
        "wrong order": "way_to_minus_i = 'SH'\n",
        "never leaves the pole": "way_to_minus_i = 'ZS'\n",
        "an eighth": "way_to_minus_i = 'HT'\n",
        "as a list": "way_to_minus_i = ['H', 'Z', 'S']\n",
    },
    grade=_grade_way_to_minus_i,
)


def _grade_which_path(answer: Callable[[float], Circuit]) -> Verdict:
    phases = np.array([0.0, 1.0, np.pi])
    circuits = [answer(phase) for phase in phases]
    if not all(isinstance(circuit, Circuit) and circuit.n_qubits == 2 for circuit in circuits):
        return Verdict.wrong(
            "return a Circuit of 2 qubits: wire 0 takes the two paths, wire 1 notes which one."
        )
    if any(circuit.bits for circuit in circuits):
        return Verdict.wrong(
            "return a Circuit(2) without measurements: wire 1 notes the path, and nobody looks."
        )
    states = np.stack([circuit.run() for circuit in circuits])
    fringe = np.cos(phases / 2) ** 2
    noted = probabilities(states, wires=1)[:, 1]
    if np.allclose(probabilities(states, wires=0)[:, 0], fringe, atol=_CLOSE):
        if np.allclose(noted, noted.round(), atol=_CLOSE):
            return Verdict.wrong(
                f"the fringe is still there: wire 1 is always {noted[0]:.0f}, it notes nothing. "
                "Wire 0 must control it: cx(0, 1)."
            )
        if np.ptp(noted) < _CLOSE:
            return Verdict.wrong(
                f"the fringe is still there: wire 1 holds 1 in {noted[0]:.2f} of all runs, whatever the path. "
                "It has to copy wire 0, and nothing else may touch it: cx(0, 1)."
            )
        return Verdict.wrong(
            "the fringe is still there although wire 1 changes: you copy after the second H, "
            "when the paths have already met. Copy between the two H gates."
        )
    if not np.allclose(noted, 0.5, atol=_CLOSE):
        return Verdict.wrong(
            f"wire 1 should hold 1, path 1, in half of all runs; it does with {noted[0]:.3f}."
        )
    as_noted = probabilities(states).reshape(-1, 2, 2)  # both wires as they are
    if np.allclose(as_noted[:, 0, 0] / as_noted[:, :, 0].sum(1), fringe, atol=_CLOSE):
        return Verdict.wrong(
            "the fringe comes back for those photons whose wire 1 is 0, so a look at wire 1 in Z does not tell the path: you "
            "noted it in another basis. The copy that is asked for is one CNOT, cx(0, 1), with nothing else on wire 1."
        )
    together = probabilities(states, basis="ZX").reshape(-1, 2, 2)  # wire 0 as it is, wire 1 asked for + or -
    meeting = together[:, 0, 0] / together[:, :, 0].sum(1)
    if np.allclose(meeting, 0.5, atol=_CLOSE):
        return Verdict.wrong("the two paths never meet again: wire 0 needs its second H after the phase.")
    if not np.allclose(meeting, fringe, atol=_CLOSE):
        return Verdict.wrong(
            "the two paths meet with another phase than phi: p(phi, 0) stands once, between the H gates."
        )
    return Verdict.right(
        "Flat: 1/2 at every phase. Nobody looked at wire 1; that the path *could* be read was enough."
    )


which_path = Exercise(
    name="which_path",
    level="stretch",
    prompt="The interferometer `Circuit(1).h(0).p(phi, 0).h(0)` shows a fringe. Write `which_path(phi)`: the same on "
    "wire 0 of a `Circuit(2)`, with a CNOT that copies the path to wire 1 while the photon is on its way. "
    "What is left of the fringe?",
    stub="def which_path(phi):\n    ...\n",
    solution="def which_path(phi):\n    return Circuit(2).h(0).cx(0, 1).p(phi, 0).h(0)\n",
    explanation=r"Before the second H the state is $(|00\rangle + e^{i\phi}|11\rangle)/\sqrt2$. The two paths now end in "
    "different states of wire 1, so their amplitudes are not added any more; only their probabilities are.",
    wrong={
        "no copy": "def which_path(phi):\n    return Circuit(2).h(0).p(phi, 0).h(0)\n",
        "copies too late": "def which_path(phi):\n    return Circuit(2).h(0).p(phi, 0).h(0).cx(0, 1)\n",
        "one qubit": "def which_path(phi):\n    return Circuit(1).h(0).p(phi, 0).h(0)\n",
        "paths never meet": "def which_path(phi):\n    return Circuit(2).h(0).cx(0, 1).p(phi, 0)\n",
        "a coin": "def which_path(phi):\n    return Circuit(2).h(0).h(1).p(phi, 0).h(0)\n",
        "no phase": "def which_path(phi):\n    return Circuit(2).h(0).cx(0, 1).h(0)\n",
        "noted in X": "def which_path(phi):\n    return Circuit(2).h(0).h(1).cz(0, 1).p(phi, 0).h(0)\n",
        "wrong control": "def which_path(phi):\n    return Circuit(2).h(0).x(1).cx(1, 0).p(phi, 0).h(0)\n",
    },
    grade=_grade_which_path,
    given={"Circuit": Circuit},
)


def _grade_best_guess(answer: Callable[[int, int], float]) -> Verdict:
    cases = (
        (1, 2, 1.0),
        (1, 8, 0.25),
        (3, 8, 1.0),
        (2, 64, 1 / 16),
        (3, 4, 1.0),
        (3, 64, 1 / 8),
        (4, 64, 1 / 4),
    )
    for n, messages, expected in cases:
        got = float(answer(n, messages))
        if abs(got - expected) < 1e-9:
            continue
        where = f"for {messages} messages in {n} qubit{'s' * (n > 1)} you say {got:.4g}"
        if got > 1:
            return Verdict.wrong(
                f"{where}: more than certain. When there is room for all messages the chance is 1."
            )
        if abs(got - 1 / messages) < 1e-9:
            return Verdict.wrong(
                f"{where}: that is a guess without looking at the qubits. They are worth a factor 2**n."
            )
        if abs(got - min(1, 2 ** (2**n) / messages)) < 1e-9 or got == 1:
            return Verdict.wrong(
                f"{where}: that counts the amplitudes as if they could be read. "
                f"n qubits tell at most 2**n messages apart: {expected:.4g}."
            )
        return Verdict.wrong(f"{where}; the bound is min(1, 2**n / messages) = {expected:.4g}.")
    return Verdict.right(
        "2**n / messages, the same as for n bits: amplitudes are many, readable answers are not."
    )


best_guess = Exercise(
    name="best_guess",
    prompt="Alice picks one of `messages` equally likely messages and writes it into `n` qubits as she likes; Bob measures as "
    "he likes. Write `best_guess(n, messages)`: the best chance that Bob names her message.",
    stub="def best_guess(n, messages):\n    ...\n",
    solution="def best_guess(n, messages):\n    return min(1, 2**n / messages)\n",
    explanation=r"Whatever Bob does, his chance to answer $k$ when $k$ was sent is at most $\operatorname{tr} E_k$. These "
    r"traces add to the trace of the unit matrix, $2^n$, and each message comes with chance 1/`messages`. $n$ bits do "
    "as well.",
    wrong={
        "reads the amplitudes": "def best_guess(n, messages):\n    return min(1, 2**(2**n) / messages)\n",
        "does not look": "def best_guess(n, messages):\n    return 1 / messages\n",
        "not capped": "def best_guess(n, messages):\n    return 2**n / messages\n",
        "2n instead of 2**n": "def best_guess(n, messages):\n    return 1 if messages <= 2**n else 2 * n / messages\n",
        "n instead of 2**n": "def best_guess(n, messages):\n    return min(1, max(n, 2) / messages)\n",
    },
    grade=_grade_best_guess,
)


def _grade_pack_two(answer: Callable[[int, int], Any]) -> Verdict:
    right = {}
    for first, second in product((0, 1), repeat=2):
        state = np.asarray(answer(first, second), dtype=complex)
        if state.shape != (2,) or abs(np.linalg.norm(state) - 1) > _CLOSE:
            return Verdict.wrong(
                f"pack_two({first}, {second}) must be one qubit, two amplitudes of total weight 1, not {state}."
            )
        right[first, second, "Z"] = probabilities(state)[first]
        right[first, second, "X"] = probabilities(state, basis="X")[second]
    worst = min(right, key=right.__getitem__)
    ceiling = np.cos(np.pi / 8) ** 2
    if right[worst] > ceiling - 1e-4:
        return Verdict.right(
            f"Bob reads whichever bit he wants with {right[worst]:.4f} = cos(pi/8)**2. With a bit "
            "3/4 is the best on average, and 1/2 in the worst case. He never gets both."
        )
    swapped = min(
        probabilities(np.asarray(answer(second, first), dtype=complex), basis=basis)[bit]
        for first, second in product((0, 1), repeat=2)
        for basis, bit in (("Z", first), ("X", second))
    )
    if swapped > ceiling - 1e-4:
        return Verdict.wrong("your two bits have changed places: Z has to read the first bit, X the second.")
    first, second, basis = worst
    return Verdict.wrong(
        f"for bits {first}{second} and the question {basis} Bob is right with {right[worst]:.4f} only. "
        "Look for the state that lies between the two he hopes for, |0> or |1> and |+> or |->, at equal distance."
    )


pack_two = Exercise(
    name="pack_two",
    level="project",
    prompt="A random access code. Alice has two bits and one qubit; Bob will want *one* of the bits, she does not know which. "
    "He asks Z for the first, X for the second. Write `pack_two(first, second)`: the state (two amplitudes) for "
    "which his chance is as high as can be in the worst case. How high is it, and how high with a classical bit?",
    stub="def pack_two(first, second):\n    ...\n",
    solution=(
        "def pack_two(first, second):\n"
        "    z, x = 1 - 2 * first, 1 - 2 * second      # where Bob's two questions would like the arrow\n"
        "    return bloch(np.arctan2(x, z), 0)         # half way between the two\n"
    ),
    explanation=r"The arrow half way between the two axes has $z = \pm1/\sqrt2$ and $x = \pm1/\sqrt2$, so either question is "
    r"answered rightly with $\frac12(1 + \frac1{\sqrt2}) = \cos^2\frac\pi8 \approx 0.854$. A classical bit can hold the "
    "first bit, and the second is then a coin toss: 3/4 on average over the two questions, and no code does better. In the "
    "worst case that is 1/2, and again no code does better, unless Alice and Bob share dice: then they throw which of the two "
    "she sends, and each comes out with 3/4. Both bits together still "
    "come out with at most 1/2: the bound of the last exercise holds.",
    wrong={
        "holds the first only": "def pack_two(first, second):\n    return ket('01'[first])\n",
        "bits exchanged": (
            "def pack_two(first, second):\n    x, z = 1 - 2 * first, 1 - 2 * second\n"
            "    return bloch(np.arctan2(x, z), 0)\n"
        ),
        "two qubits": "def pack_two(first, second):\n    return ket(f'{first}{second}')\n",
        "four states evenly from the pole": (
            "def pack_two(first, second):\n    return bloch(np.pi / 2 * (2 * first + second), 0)\n"
        ),
    },
    grade=_grade_pack_two,
    given={"np": np, "bloch": bloch, "ket": ket},
)

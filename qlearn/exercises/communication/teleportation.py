"""Exercises of the chapter *Teleportation: two bits and a pair carry a state that nobody knows*."""

from math import isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit, bell_state, density, fidelity, partial_trace, random_state

_X, _Z = np.array([[0, 1], [1, 0]], dtype=complex), np.diag([1, -1]).astype(complex)
_ANSWERS = {"I": np.eye(2), "X": _X, "Z": _Z, "ZX": _Z @ _X, "XZ": _X @ _Z}


def _grade_corrections(answer: Any) -> Verdict:
    if not isinstance(answer, dict) or set(answer) != {"00", "01", "10", "11"}:
        return Verdict.wrong(
            'give a dictionary with the four keys "00", "01", "10" and "11" (z first, then x).'
        )
    sent = random_state(1, rng=1)
    for bits, named in answer.items():
        z, x = int(bits[0]), int(bits[1])
        bob = np.linalg.matrix_power(_X, x) @ np.linalg.matrix_power(_Z, z) @ sent
        if named not in _ANSWERS:
            return Verdict.wrong(f'for {bits} you answer {named!r}; choose from "I", "X", "Z", "ZX".')
        if fidelity(sent, _ANSWERS[named] @ bob) > 1 - 1e-9:
            continue
        if bits == "01" and named == "Z":
            return Verdict.wrong(
                "for 01 you apply Z; the state was flipped, not signed: apply X. The first bit is z."
            )
        if named == "I":
            return Verdict.wrong(
                f"for {bits} you do nothing, but Bob holds a changed state: undo what the sum shows."
            )
        return Verdict.wrong(
            f"for {bits} you apply {named}, and Bob still has another state: both bits count."
        )
    return Verdict.right(
        "Each bit switches one gate: x the flip, z the sign. ZX and XZ differ by a global sign only."
    )


corrections = Exercise(
    name="corrections",
    level="warm-up",
    prompt=(
        'Complete Bob\'s crib. Keys are the bits as they arrive, z first: `"00"`, `"01"`, `"10"`, `"11"`. '
        'Values are `"I"`, `"X"`, `"Z"` or `"ZX"` (first X, then Z).'
    ),
    stub='corrections = ...  # {"00": "I", ...}\n',
    solution='corrections = {"00": "I", "01": "X", "10": "Z", "11": "ZX"}\n',
    explanation=(
        "In the regrouped sum Bob's part of the term $(z, x)$ is $X^x Z^z|\\psi\\rangle$. Undo "
        "it from the left: "
        "first $X^x$, then $Z^z$, which together is $Z^z X^x$. With XZ for 11 his vector gets a factor $-1$, "
        "which no measurement sees."
    ),
    wrong={
        "x and z exchanged": 'corrections = {"00": "I", "01": "Z", "10": "X", "11": "ZX"}\n',
        "forgets one": 'corrections = {"00": "I", "01": "X", "10": "I", "11": "ZX"}\n',
        "one gate for two bits": 'corrections = {"00": "I", "01": "X", "10": "Z", "11": "X"}\n',
    },
    grade=_grade_corrections,
)


def _grade_bob_before(answer: Any) -> Verdict:
    for seed in (1, 2):
        sent = random_state(1, rng=seed)
        got = np.asarray(answer(sent))
        if got.shape != (2, 2):
            return Verdict.wrong(f"a density matrix of one qubit has shape (2, 2), not {got.shape}.")
        if np.allclose(got, np.eye(2) / 2):
            continue
        if np.allclose(got, density(sent)):
            return Verdict.wrong(
                "this is the state that Alice sent. Bob gets it only after the call; before, the four "
                "terms mix."
            )
        if np.allclose(got, np.diag(np.abs(sent) ** 2)):
            return Verdict.wrong("you mixed two terms (z). The bit x is unknown to Bob too: mix all four.")
        if np.isclose(np.trace(got), 4):
            return Verdict.wrong("the trace is 4: weigh each of the four terms with its probability, 1/4.")
        if np.isclose(np.trace(got @ got), 1):
            return Verdict.wrong(
                "this is a pure state: you added vectors. What is unknown mixes as density matrices."
            )
        if np.allclose(got.diagonal(), 1 / 2):
            return Verdict.wrong(
                f"the diagonal is right, but beside it stands {abs(got[0, 1]):.3f}: the bit z, a sign, is "
                "unknown to Bob too."
            )
        return Verdict.wrong(
            f"for one state Bob's diagonal is {got.diagonal().real.round(3)}; mix the four terms evenly."
        )
    return Verdict.right(
        "The four terms average to 1/2 times the identity for every state: the pair alone says nothing."
    )


bob_before = Exercise(
    name="bob_before",
    level="core",
    prompt=(
        "Write `bob_before(state)`: the density matrix, shape (2, 2), of Bob's qubit after "
        "Alice's measurement, "
        "but before she calls. Build it from the four terms of the sum. Given: `np`, `X`, `Z`, `density`."
    ),
    stub="def bob_before(state):\n    ...\n",
    solution=(
        "def bob_before(state):\n"
        "    terms = [state, X @ state, Z @ state, X @ Z @ state]\n"
        "    return sum(density(term) for term in terms) / 4\n"
    ),
    explanation=(
        "The four outcomes are equally likely and Bob does not know which one came, so he mixes "
        "*density matrices*, with $\\tau$ for the state that was sent: $\\tfrac14(\\tau + X\\tau X + Z\\tau Z + XZ\\tau ZX) = "
        "\\tfrac12\\mathbb 1$. "
        "On the Bloch sphere: four arrows that add up to zero."
    ),
    wrong={
        "the state itself": "def bob_before(state):\n    return density(state)\n",
        "only the signs": "def bob_before(state):\n    return (density(state) + density(Z @ state)) / 2\n",
        "only the flips": "def bob_before(state):\n    return (density(state) + density(X @ state)) / 2\n",
        "forgets the probability": (
            "def bob_before(state):\n"
            "    return sum(density(term) for term in [state, X @ state, Z @ state, X @ Z @ state])\n"
        ),
        "adds the vectors": (
            "def bob_before(state):\n"
            "    total = state + X @ state + Z @ state + X @ Z @ state\n"
            "    return density(total / np.linalg.norm(total))\n"
        ),
    },
    given={"np": np, "X": _X, "Z": _Z, "density": density},
    grade=_grade_bob_before,
)


def _grade_missing_bit(answer: Any) -> Verdict:
    answer = float(np.squeeze(answer))
    if isclose(answer, 2 / 3, rel_tol=1e-6):
        return Verdict.right(
            "2/3: with one bit of the two, the pair is worth no more than measuring and telling."
        )
    if isclose(answer, 3 / 4, abs_tol=5e-4):
        return Verdict.wrong(
            "3/4 takes a wrong sign for a fidelity of 1/2. Average cos²θ over the sphere, not over "
            "the circle: 1/3."
        )
    if isclose(answer, 1 / 2, abs_tol=5e-4):
        return Verdict.wrong(
            "1/2 takes a wrong sign for a lost state. Z moves some states not at all: average over all."
        )
    if isclose(answer, 1, abs_tol=5e-4):
        return Verdict.wrong(
            "1 would need both bits: half of the time Bob should have applied Z and does not know it."
        )
    if isclose(answer, 2 / 3, abs_tol=5e-3):
        return Verdict.wrong(f"{answer} is close, but rounded: give the exact value, as a fraction.")
    return Verdict.wrong(
        f"{answer} is not it. Half of the time nothing is missing; else the fidelity is |<ψ|Z|ψ>|²."
    )


missing_bit = Exercise(
    name="missing_bit",
    level="core",
    prompt=(
        "The bit z is lost on the way; Bob applies $X^x$ and never Z. What is his fidelity, "
        "averaged over all "
        "states $\\psi$ of the Bloch sphere? Compute it by hand: $\\langle\\psi|Z|\\psi\\rangle "
        "= \\cos\\theta$."
    ),
    stub="missing_bit = ...\n",
    solution="missing_bit = 1 / 2 + 1 / 2 * 1 / 3\n",
    explanation=(
        "Half of the time z = 0 and nothing is missing. Otherwise Bob holds $Z|\\psi\\rangle$, and "
        "$|\\langle\\psi|Z|\\psi\\rangle|^2 = \\cos^2\\theta$ averages to 1/3 over the sphere, because "
        "$\\cos^2$ of the three axes sums to 1. In short: process fidelity 1/2, and "
        "$(2\\cdot\\tfrac12+1)/3 = 2/3$."
    ),
    wrong={
        "averages over a circle": "missing_bit = 1 / 2 + 1 / 2 * 1 / 2\n",
        "calls it lost": "missing_bit = 1 / 2\n",
        "forgets the loss": "missing_bit = 1.0\n",
        "rounded": "missing_bit = 0.6667\n",
    },
    grade=_grade_missing_bit,
)


def _grade_weakest_pair(answer: Any) -> Verdict:
    answer = float(np.squeeze(answer))
    if isclose(answer, 1 / 3, rel_tol=1e-6):
        return Verdict.right(
            "p = 1/3, where entanglement begins; the CHSH inequality is violated only from 0.71 on."
        )
    if isclose(answer, 1 / 2, abs_tol=5e-4):
        return Verdict.wrong(
            "1/2 is the border for F. The weight p is less: F = (1 + 3p)/4, since noise holds Φ⁺ too."
        )
    if isclose(answer, 2 / 3, abs_tol=5e-4):
        return Verdict.wrong(
            "2/3 is the fidelity to beat, not the weight that does it: solve (2F + 1)/3 = 2/3 first."
        )
    if isclose(answer, np.sqrt(0.5), abs_tol=5e-4):
        return Verdict.wrong(
            "1/√2 is where the pair violates the CHSH inequality; teleportation asks for less."
        )
    if isclose(answer, 1 / 3, abs_tol=5e-3):
        return Verdict.wrong(f"{answer} is close, but rounded: give the exact value, as a fraction.")
    return Verdict.wrong(f"at p = {answer} the mean fidelity is {(1 + answer) / 2:.3f}; it has to be 2/3.")


weakest_pair = Exercise(
    name="weakest_pair",
    level="core",
    prompt=(
        "A source emits $p\\,|\\Phi^+\\rangle\\langle\\Phi^+| + (1-p)\\,\\mathbb 1/4$. Above which p does "
        "teleportation beat measuring and telling?"
    ),
    stub="weakest_pair = ...\n",
    solution="weakest_pair = 1 / 3\n",
    explanation=(
        "F = (1 + 3p)/4, since $\\mathbb 1/4$ holds each Bell state with 1/4. So (2F + 1)/3 = (1 "
        "+ p)/2, which is "
        "2/3 at p = 1/3. Between 1/3 and $1/\\sqrt2$ the pair violates no CHSH inequality and "
        "still teleports "
        "better than any classical channel (Popescu 1994)."
    ),
    wrong={
        "F for p": "weakest_pair = 1 / 2\n",
        "the target for the answer": "weakest_pair = 2 / 3\n",
        "asks for Bell": "weakest_pair = 2**-0.5\n",
        "noise is the start": "weakest_pair = 0.0\n",
        "rounded": "weakest_pair = 0.3333\n",
    },
    grade=_grade_weakest_pair,
)


def _grade_gate(answer: Any) -> Verdict:
    t = np.diag([1, np.exp(0.25j * np.pi)])
    sent = random_state(1, size=8, rng=3)
    wanted = sent @ t
    for z, x in ((0, 0), (1, 0), (0, 1), (1, 1)):
        word = np.linalg.matrix_power(_X, x) @ np.linalg.matrix_power(_Z, z)
        bob = sent @ (t @ word).T
        got = np.asarray([answer(state, z, x) for state in bob])
        if got.shape != bob.shape:
            return Verdict.wrong(f"return Bob's state vector, shape (2,); yours has shape {got.shape[1:]}.")
        if fidelity(wanted, got).min() > 1 - 1e-9:
            continue
        if not x:
            return Verdict.wrong(
                f"for z, x = {z}{x} Bob does not end in T|ψ>: Z and T commute, so Z undoes z as before."
            )
        if np.allclose(got, bob @ (np.linalg.matrix_power(_Z, z) @ _X).T):
            return Verdict.wrong(
                "for x = 1 you apply X alone; but T X = X T† up to a phase: the T that is left is T†."
            )
        if fidelity(sent, got).min() > 1 - 1e-9:
            return Verdict.wrong("for x = 1 you undo T as well and end in |ψ>; the gate shall stay.")
        return Verdict.wrong(
            f"for z, x = {z}{x} Bob does not end in T|ψ>; what carries X across T? Work out T X T†."
        )
    return Verdict.right(
        "The gate was applied before its input arrived: only X, S and Z were needed afterwards."
    )


gate_answer = Exercise(
    name="gate_answer",
    level="stretch",
    prompt=(
        "Gate teleportation. Alice and Bob use the pair $(\\mathbb 1\\otimes T)|\\Phi^+\\rangle$, where "
        "$T = \\mathrm{diag}(1, e^{i\\pi/4})$. Before the call Bob holds $T X^x Z^z|\\psi\\rangle$. Write "
        "`gate_answer(state, z, x)`: what he makes of it to end in $T|\\psi\\rangle$ (up to a "
        "phase), by the gates "
        "`X`, `Z` and `S` $= \\mathrm{diag}(1, i)$ alone: no T. Given: `np`, `X`, `Z`, `S`."
    ),
    stub="def gate_answer(state, z, x):\n    ...\n",
    solution=(
        "def gate_answer(state, z, x):\n"
        "    if x:\n"
        "        state = S @ X @ state\n"
        "    if z:\n"
        "        state = Z @ state\n"
        "    return state\n"
    ),
    explanation=(
        "$T X T^\\dagger = e^{-i\\pi/4} S X$. So $T X^x Z^z|\\psi\\rangle = (T X "
        "T^\\dagger)^x\\, Z^z\\, T|\\psi\\rangle$, "
        "because Z and T are both diagonal. $SX$ is its own inverse up to a phase: Bob applies "
        "it if x = 1, then Z "
        "if z = 1. Error-corrected computers run their T gates this way: the hard gate is "
        "prepared and tested "
        "beforehand, in the pair (Gottesman and Chuang 1999)."
    ),
    wrong={
        "the old answer": (
            "def gate_answer(state, z, x):\n"
            "    if x:\n"
            "        state = X @ state\n"
            "    if z:\n"
            "        state = Z @ state\n"
            "    return state\n"
        ),
        "forgets z": "def gate_answer(state, z, x):\n    return S @ X @ state if x else state\n",
        "undoes the gate": (
            "def gate_answer(state, z, x):\n"
            "    if x:\n"
            "        T = np.diag([1, np.exp(0.25j * np.pi)])\n"
            "        state = X @ T.conj() @ state\n"
            "    if z:\n"
            "        state = Z @ state\n"
            "    return state\n"
        ),
        "the wrong quarter turn": (
            "def gate_answer(state, z, x):\n"
            "    if x:\n"
            "        state = X @ S @ state\n"
            "    if z:\n"
            "        state = Z @ state\n"
            "    return state\n"
        ),
    },
    given={"np": np, "X": _X, "Z": _Z, "S": np.diag([1, 1j])},
    grade=_grade_gate,
)


def _grade_swapping(answer: Any) -> Verdict:
    steps = answer() if callable(answer) else answer
    if not isinstance(steps, Circuit) or steps.n_qubits != 4 or steps.bits != 2:
        return Verdict.wrong("return a Circuit(4, bits=2): Alice has wire 0, the station 1 and 2, Bob 3.")
    apart = False  # once wires 1 and 2 have met at the station, 0 and 3 are far away
    for step in steps.operations:
        wires = set(step.wires)
        if {0, 3} <= wires:
            return Verdict.wrong(
                "a gate joins wires 0 and 3, but Alice and Bob are far apart: only 0-1, 1-2, 2-3 meet."
            )
        if apart and len(wires) > 1 and wires != {1, 2}:
            return Verdict.wrong(
                "after the station has acted on its halves, only bits may go to Alice and Bob: no further "
                f"gate on wires {sorted(wires)}."
            )
        apart = apart or wires == {1, 2}
    run = steps.run(np.tile(np.eye(16)[0], (200, 1)), rng=1)
    ends = partial_trace(run.state, [0, 3])
    overlap = fidelity(bell_state("phi+"), ends)
    if overlap.min() > 1 - 1e-9:
        return Verdict.right(
            "Wires 0 and 3 share a pair and have never met: this is the step a repeater makes."
        )
    if np.allclose(overlap, 0.25):
        return Verdict.wrong(
            "in no run do wires 0 and 3 share anything: the station has to measure 1 and 2 jointly."
        )
    bells = [fidelity(bell_state(name), ends) for name in ("phi+", "psi+", "phi-", "psi-")]
    if np.max(bells, axis=0).min() > 1 - 1e-9:
        if not any(isinstance(step.where, int) for step in steps.operations):
            return Verdict.wrong(
                "each run ends in one of the four Bell states; the two bits say which: let Bob act on them."
            )
        return Verdict.wrong(
            "Bob acts on the bits, but not always rightly: which bit calls for X, which for Z?"
        )
    return Verdict.wrong(
        f"the mean fidelity of wires 0 and 3 with the pair is {overlap.mean():.3f}; it must be 1 in each run."
    )


swapping = Exercise(
    name="swapping",
    level="project",
    prompt=(
        "Entanglement swapping. Write `swapping()`: a `Circuit(4, bits=2)`, started in 0000, "
        "that makes a pair on "
        "wires 0, 1 (Alice and the station) and one on wires 2, 3 (the station and Bob), "
        "teleports wire 1 to wire 3, "
        "and leaves $\\Phi^+$ on wires 0 and 3, which never meet. Given: `Circuit`."
    ),
    stub="def swapping():\n    ...\n",
    solution=(
        "def swapping():\n"
        "    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)\n"
        "    station = pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1)\n"
        "    return station.x(3, where=1).z(3, where=0)\n"
    ),
    explanation=(
        "The station teleports *half of a pair*. What wire 1 was entangled with (wire 0) does "
        "not take part in any "
        "of it, and stays entangled with whatever wire 1's state has become: wire 3. Chain such stations and "
        "you have a repeater. Through noisy pairs both fidelities count; for Werner pairs the result is "
        "$F_1F_2 + (1-F_1)(1-F_2)/3$."
    ),
    wrong={
        "Bob ignores the bits": (
            "def swapping():\n"
            "    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)\n"
            "    return pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1)\n"
        ),
        "bits exchanged": (
            "def swapping():\n"
            "    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)\n"
            "    return pairs.cx(1, 2).h(1).measure(1, 0).measure(2, 1).x(3, where=0).z(3, where=1)\n"
        ),
        "a chain of gates": (
            "def swapping():\n"
            "    return Circuit(4, bits=2).h(0).cx(0, 1).cx(1, 2).cx(2, 3).cx(1, 2).cx(0, 1)\n"
        ),
        "only the pairs": "def swapping():\n    return Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)\n",
        "entangles the ends directly": "def swapping():\n    return Circuit(4, bits=2).h(0).cx(0, 3)\n",
        "measures each half alone": (
            "def swapping():\n"
            "    pairs = Circuit(4, bits=2).h(0).cx(0, 1).h(2).cx(2, 3)\n"
            "    return pairs.measure(1, 0).measure(2, 1).x(3, where=1).z(3, where=0)\n"
        ),
    },
    given={"Circuit": Circuit},
    grade=_grade_swapping,
)

"""Exercises of the chapter *No cloning: what cannot be copied, and how near one comes*."""

from functools import reduce
from math import isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit, bloch, density, helstrom, ket
from qlearn.qubits.no_cloning import copy_fidelities


def _grade_cnot_fidelity(answer: Any) -> Verdict:
    mistakes = {
        1.0: "only 0 and 1 themselves are copied without loss; this state is neither.",
        0.5: "1/2 is the price for the plus state, farthest from both. This one lies nearer to 0.",
        0.75: "3/4 is the chance to find 0. The copy is 0 with that chance, and then only *resembles* the state with 3/4.",
        np.sqrt(0.75): "that is the amplitude of 0. Fidelities are made of squared amplitudes.",
        0.5625: "(3/4)^2 is the 0 alone. With chance 1/4 the copy is 1, and resembles the state with 1/4: add it.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, 0.625, rel_tol=1e-6):
        return Verdict.right("(3/4)^2 + (1/4)^2 = 5/8, for both copies: the CNOT has measured the state.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-3):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. Each copy alone is 0 with chance 3/4 and 1 with chance 1/4; average the fidelities."
    )


cnot_fidelity = Exercise(
    name="cnot_fidelity",
    level="warm-up",
    prompt=(
        r"The state $\tfrac{\sqrt3}{2}|0\rangle + \tfrac12|1\rangle$ is copied by a CNOT onto a qubit in "
        r"$|0\rangle$. How large is the fidelity of each of the two copies? By hand, a number between 0 and 1."
    ),
    stub="cnot_fidelity = ...\n",
    solution="cnot_fidelity = (3/4)**2 + (1/4)**2\n",
    explanation=(
        r"The CNOT makes $\tfrac{\sqrt3}{2}|00\rangle + \tfrac12|11\rangle$. Each wire alone is 0 with chance 3/4 and "
        r"1 with chance 1/4, a mixture without cross terms. The state 0 resembles the original with 3/4, the state 1 "
        r"with 1/4: $\tfrac34\cdot\tfrac34 + \tfrac14\cdot\tfrac14 = \tfrac58$."
    ),
    wrong={
        "perfect": "cnot_fidelity = 1.0\n",
        "as for plus": "cnot_fidelity = 1/2\n",
        "the chance of 0": "cnot_fidelity = 3/4\n",
        "the amplitude": "cnot_fidelity = 0.75**0.5\n",
        "the 0 alone": "cnot_fidelity = (3/4)**2\n",
    },
    grade=_grade_cnot_fidelity,
)


def _grade_clonable(answer: Any) -> Verdict:
    cases = [
        (ket("0"), ket("1"), True, "0 and 1 are orthogonal: a CNOT copies both."),
        (
            ket("0"),
            ket("+"),
            False,
            "0 and + overlap by 0.71, their copies would by 0.5: no unitary does that.",
        ),
        (ket("+"), ket("-"), True, "+ and - are orthogonal too: a CNOT between two H copies both."),
        (ket("i"), ket("j"), True, "i and j are orthogonal, as two ends of an axis are."),
        (bloch(1.0, 0), bloch(1.0, 0), True, "a state and itself: prepare it anew; that copies both."),
        (
            bloch(1.0, 0.3),
            bloch(1.0, 0.3),
            True,
            "they are the same: in the overlap one of the two is conjugated.",
        ),
        (
            ket("0"),
            1j * ket("0"),
            True,
            "a phase in front changes no state: whoever copies one copies the other.",
        ),
        (
            ket("+"),
            ket("i"),
            False,
            "their amplitudes are as large as each other, but the phase between them is not; they overlap by 0.71.",
        ),
        (bloch(1.0, 0.3), bloch(1.3, 0.3), False, "two states near each other are told apart least of all."),
        (bloch(1.0, 0.3), bloch(1.03, 0.3), False, "an overlap of 0.9999 is not 1: they are two states."),
        (
            ket("0"),
            bloch(2 * np.arccos(0.01), 0),
            False,
            "an overlap of 0.01 is not 0: nearly orthogonal only.",
        ),
        (
            ket("0"),
            1j * ket("+"),
            False,
            "their overlap is 0.71, though it need not be real: take its modulus.",
        ),
    ]
    for a, b, right, why in cases:
        got = answer(a.copy(), b.copy())
        if bool(got) != right:
            return Verdict.wrong(f"for {np.round(a, 2)} and {np.round(b, 2)} you say {bool(got)}: {why}")
    return Verdict.right(
        "Overlap 0 or 1, nothing between. A classical bit lives on the 0; BB84 lives on the states between."
    )


clonable = Exercise(
    name="clonable",
    level="core",
    prompt=(
        "Write `clonable(a, b)`: is there a machine that copies *both* qubit states perfectly? `a` and `b` are "
        "complex arrays with two amplitudes. Given: `np`."
    ),
    stub="def clonable(a, b):\n    ...\n",
    solution=(
        "def clonable(a, b):\n"
        "    overlap = abs(np.vdot(a, b))\n"
        "    return bool(np.isclose(overlap, 0) or np.isclose(overlap, 1))\n"
    ),
    explanation=(
        r"A machine keeps overlaps, $\langle a|b\rangle = \langle a|b\rangle^2 \langle m_a|m_b\rangle$ with whatever "
        r"the machine itself is left in. So $|\langle a|b\rangle| \le |\langle a|b\rangle|^2$, which only 0 and 1 obey. "
        "Rounding makes exact comparison unsafe, hence `isclose`."
    ),
    wrong={
        "orthogonal only": "def clonable(a, b):\n    return np.isclose(abs(np.vdot(a, b)), 0)\n",
        "never": "def clonable(a, b):\n    return False\n",
        "not conjugated": (
            "def clonable(a, b):\n"
            "    s = abs(np.dot(a, b))\n"
            "    return np.isclose(s, 0) or np.isclose(s, 1)\n"
        ),
        "the same array": (
            "def clonable(a, b):\n    return np.isclose(abs(np.vdot(a, b)), 0) or np.allclose(a, b)\n"
        ),
        "sizes alone": (
            "def clonable(a, b):\n"
            "    same = np.allclose(abs(a), abs(b))\n"
            "    return np.isclose(abs(np.vdot(a, b)), 0) or same\n"
        ),
        "nearly is enough": (
            "def clonable(a, b):\n    s = abs(np.vdot(a, b))\n    return s < 0.05 or s > 0.95\n"
        ),
        "the real part": (
            "def clonable(a, b):\n"
            "    s = np.vdot(a, b).real\n"
            "    return np.isclose(s, 0) or np.isclose(abs(np.vdot(a, b)), 1)\n"
        ),
    },
    grade=_grade_clonable,
    given={"np": np},
)


def _grade_cloner(answer: Any) -> Verdict:
    for eta in (np.pi / 4, 0.4):
        circuit = answer(eta)
        if not isinstance(circuit, Circuit) or circuit.n_qubits != 2:
            return Verdict.wrong("return a Circuit on two wires: Circuit(2).ry(...)...")
        if circuit.bits:
            return Verdict.wrong(
                "leave the measurements out: whoever measures has no copies left to compare."
            )
        vacuum, excited = circuit.run(ket("00")), circuit.run(ket("10"))
        if abs(vacuum[0]) < 1 - 1e-9:
            return Verdict.wrong(
                "|00> must stay |00>: without an excitation there is nothing to share. Turn wire 1 only if wire 0 is 1."
            )
        if np.abs(excited[3]) > 1e-9:
            return Verdict.wrong(
                f"from |10> you reach |11> with chance {abs(excited[3]) ** 2:.2f}: two excitations from one. "
                "A last CNOT, wire 1 onto wire 0, takes the first back where the second has it."
            )
        kept = abs(excited[2]) ** 2
        for wrong, why in (
            (np.sin(eta) ** 2, "the shares are exchanged: cos stays on wire 0, sin goes to wire 1."),
            (np.cos(eta / 2) ** 2, "RY(angle) turns amplitudes by half its angle. Double it."),
        ):
            if isclose(kept, wrong, abs_tol=1e-9) and not isclose(kept, np.cos(eta) ** 2, abs_tol=1e-9):
                return Verdict.wrong(f"for eta = {eta:.2f} wire 0 keeps {kept:.3f}: {why}")
        seen = copy_fidelities(circuit, [ket("+"), ket("i")])
        theory = [(1 + np.cos(eta)) / 2, (1 + np.sin(eta)) / 2]
        if not np.allclose(seen, theory, atol=1e-9):
            return Verdict.wrong(
                f"for eta = {eta:.2f} the copies of + and i have fidelities {np.round(seen, 3).tolist()}, and "
                f"{np.round(theory, 3).tolist()} is due for both: a wrong size, or a wrong sign."
            )
    if not {step.name for step in circuit.operations} <= {"ry", "cx"}:
        return Verdict.wrong("a right cloner, but of other gates than ry and cx. Five of those are enough.")
    return Verdict.right(
        "No helper, and 1/2 + 1/sqrt(8) for every state of the equator: on average over it nobody builds a better one."
    )


_CLONER = "def cloner(eta):\n    return Circuit(2).ry({a}, 1).cx(0, 1).ry(-{a}, 1).cx(0, 1){last}\n"

cloner = Exercise(
    name="cloner",
    level="core",
    prompt=(
        r"Write `cloner(eta)`: a `Circuit` on two wires that shares an excitation, $|00\rangle \to |00\rangle$ and "
        r"$|10\rangle \to \cos\eta\,|10\rangle + \sin\eta\,|01\rangle$. At $\eta = \pi/4$ it is the best copier for "
        "the equator. Gates allowed: `ry`, `cx`. Hint: `.ry(a, 1).cx(0, 1).ry(-a, 1).cx(0, 1)` turns wire 1 by "
        "`2 a` if wire 0 is 1, and does nothing if it is 0. Given: `np`, `Circuit`."
    ),
    stub="def cloner(eta):\n    ...\n",
    solution=_CLONER.format(a="eta", last=".cx(1, 0)"),
    explanation=(
        r"With wire 0 in 1, wire 1 is turned by RY($2\eta$): $|1\rangle(\cos\eta|0\rangle+\sin\eta|1\rangle)$. The last "
        "CNOT empties wire 0 where wire 1 is full. With wire 0 in 0 the two RY undo each other."
    ),
    wrong={
        "one CNOT": "def cloner(eta):\n    return Circuit(2).cx(0, 1)\n",
        "measured": _CLONER.format(a="eta", last=".cx(1, 0)")
        .replace("Circuit(2)", "Circuit(2, bits=1)")
        .rstrip()
        + ".measure(0, 0)\n",
        "does not give it back": _CLONER.format(a="eta", last=""),
        "half the angle": _CLONER.format(a="eta/2", last=".cx(1, 0)"),
        "not controlled": "def cloner(eta):\n    return Circuit(2).ry(2*eta, 1).cx(1, 0)\n",
        "exchanged": _CLONER.format(a="eta", last=".cx(1, 0).swap(0, 1)"),
        "other gates": """
def cloner(eta):
    return Circuit(2).swap(0, 1).ry(eta, 0).cx(1, 0).ry(-eta, 0).cx(1, 0).cx(0, 1).swap(0, 1)
""",
        "a sign": _CLONER.format(a="eta", last=".cx(1, 0).rz(np.pi, 1)"),
    },
    grade=_grade_cloner,
    given={"np": np, "Circuit": Circuit},
)


def _grade_eve_error(answer: Any) -> Verdict:
    for d in (0.1, 0.01, 0.0, 0.5 - np.sqrt(1 / 8), 0.4):
        got, right = float(answer(d)), 0.5 - np.sqrt(d * (1 - d))
        if isclose(got, right, abs_tol=1e-6):
            continue
        where = f"for Bob's error rate {d:.3f} you give Eve {got:.3f}"
        if isclose(got, 1 - right, abs_tol=1e-6):
            return Verdict.wrong(f"{where}: that is how often she is right. Her errors, please.")
        if isclose(got, 0.5 - right, abs_tol=1e-6):
            return Verdict.wrong(f"{where}: that is what she gains over a coin. Take it from the coin's 1/2.")
        universal = 0.5 + (1 - d) / 2 - 0.5 - np.sqrt(d * (2 - 3 * d)) / 2
        if isclose(got, universal, abs_tol=1e-6):
            return Verdict.wrong(
                f"{where}: the cloner for all states. BB84's lie on a circle, and she knows which."
            )
        if isclose(got, max(0.0, 0.5 - d), abs_tol=1e-6):
            return Verdict.wrong(
                f"{where}: a straight line. Her gain starts like a square root, far steeper."
            )
        if isclose(got, d, abs_tol=1e-6):
            return Verdict.wrong(
                f"{where}: only where both copies are equal, at 14.6 %, is hers as bad as his."
            )
        return Verdict.wrong(f"{where}; {right:.3f} is what she can reach.")
    return Verdict.right(
        "At 1 % of errors with Bob her own error rate is down from 50 % to 40 %: small disturbances pay best."
    )


eve_error = Exercise(
    name="eve_error",
    level="core",
    prompt=(
        "Eve clones the four states of BB84 with the best machine and asks her copy in the right basis. Write "
        "`eve_error(bob_error)`: the smallest error rate she can have when Bob's is `bob_error` (0 to 1/2). "
        "Given: `np`."
    ),
    stub="def eve_error(bob_error):\n    ...\n",
    solution="def eve_error(bob_error):\n    return 1/2 - np.sqrt(bob_error * (1 - bob_error))\n",
    explanation=(
        r"Asked in the right basis, a copy of fidelity $F$ errs with $1-F$. On a circle $F_1 = \tfrac12 + "
        r"\sqrt{F_0(1-F_0)}$ and $F_0 = 1 - D$, so her error rate is $\tfrac12 - \sqrt{D(1-D)}$."
    ),
    wrong={
        "how often she is right": "def eve_error(bob_error):\n    return 1/2 + np.sqrt(bob_error*(1-bob_error))\n",
        "the gain": "def eve_error(bob_error):\n    return np.sqrt(bob_error*(1-bob_error))\n",
        "the universal cloner": (
            "def eve_error(bob_error):\n"
            "    F = 1 - bob_error\n"
            "    return F/2 - np.sqrt((1 - F) * (3*F - 1)) / 2\n"
        ),
        "a straight line": "def eve_error(bob_error):\n    return max(0, 1/2 - bob_error)\n",
        "the same as Bob": "def eve_error(bob_error):\n    return bob_error\n",
        "no root": "def eve_error(bob_error):\n    return 1/2 - bob_error*(1-bob_error)\n",
    },
    grade=_grade_eve_error,
    given={"np": np},
)


_NUMBERS = (1, 2, 3, 5)


def _mixture(pair: str, copies: int) -> NDArray[np.complex128]:
    return (density(ket(pair[0] * copies)) + density(ket(pair[1] * copies))) / 2


def _superposition(pair: str, copies: int) -> NDArray[np.complex128]:
    both = ket(pair[0] * copies) + ket(pair[1] * copies)
    return np.asarray(both / np.linalg.norm(both))


def _grade_telephone(answer: Any) -> Verdict:
    got = np.array([float(answer(copies)) for copies in _NUMBERS])
    right = [float(helstrom(_mixture("01", m), _mixture("+-", m))) for m in _NUMBERS]
    if np.allclose(got, right, atol=1e-9):
        return Verdict.right(
            "One copy says nothing, as it must be; two are right three times in four, ten almost always. Perfect "
            "copies would be a telephone faster than light."
        )
    for wrong, why in (
        (
            [helstrom(_superposition("01", m), _superposition("+-", m)) for m in _NUMBERS],
            "you superposed the two cases. Bob does not know which came: mix density matrices.",
        ),
        (
            [helstrom(ket("0" * m), ket("+" * m)) for m in _NUMBERS],
            "you tell 0 from +. But Alice cannot choose her result: it is 0 or 1, + or -, by a coin.",
        ),
        (
            [0.5] * len(_NUMBERS),
            "1/2 is true for a single qubit. He holds many equal ones: `letter * copies`.",
        ),
    ):
        if np.allclose(got, wrong, atol=1e-9):
            return Verdict.wrong(why)
    first = int(np.argmin(np.isclose(got, right, atol=1e-9)))
    return Verdict.wrong(
        f"for {_NUMBERS[first]} copies you find {got[first]:.4f}, and {right[first]:.4f} is due. Tell the mixture of "
        "0...0 and 1...1 from that of +...+ and -...-."
    )


_TELEPHONE = """
def telephone(copies):
    def mixture(pair):
        return sum({what} for letter in pair) / 2

    return helstrom(mixture("01"), mixture("+-"))
""".lstrip()

telephone = Exercise(
    name="telephone",
    level="stretch",
    prompt=(
        "Alice and Bob share a pair of qubits in the state `phi+`. She measures hers in Z to say *no*, in X to say "
        "*yes*. Bob's qubit is then 0 or 1 (each half of the time), or + or -. Suppose he had a perfect copier. "
        "Write `telephone(copies)`: his best chance to read her answer from so many equal qubits. "
        "Given: `np`, `ket`, `density`, `helstrom`."
    ),
    stub="def telephone(copies):\n    ...\n",
    solution=_TELEPHONE.format(what="density(ket(letter * copies))"),
    explanation=(
        "Bob holds a mixture: of $|0\\cdots0\\rangle$ and $|1\\cdots1\\rangle$ for *no*, of $|{+}\\cdots{+}\\rangle$ and "
        "$|{-}\\cdots{-}\\rangle$ for *yes*. For one qubit the two mixtures are the same matrix, 1/2 on the diagonal. "
        "For two they differ, and Helstrom's bound says how far. That is why Dieks and Wootters and Zurek found the "
        "theorem again in 1982: somebody had proposed the telephone."
    ),
    wrong={
        "superposed": (
            "def telephone(copies):\n"
            "    def state(pair):\n"
            "        s = ket(pair[0] * copies) + ket(pair[1] * copies)\n"
            "        return s / np.linalg.norm(s)\n\n"
            '    return helstrom(state("01"), state("+-"))\n'
        ),
        "0 against plus": 'def telephone(copies):\n    return helstrom(ket("0"*copies), ket("+"*copies))\n',
        "one copy": _TELEPHONE.format(what="density(ket(letter))"),
        "by hand": "def telephone(copies):\n    return 1 - 2.0**-copies if copies < 3 else 1.0\n",
    },
    grade=_grade_telephone,
    given={"np": np, "ket": ket, "density": density, "helstrom": helstrom},
)


def _grade_best_fidelity(answer: Any) -> Verdict:
    for copies in (1, 2, 3, 4):
        got, right = float(answer(copies)), (2 * copies + 1) / (3 * copies)
        if isclose(got, right, abs_tol=1e-9):
            continue
        where = f"for {copies} copies you find {got:.4f}, and (2M+1)/(3M) = {right:.4f} is due"
        if isclose(2 * got, right, abs_tol=1e-9):
            return Verdict.wrong(f"{where}: half of it. The machine's matrix has trace 2, not 1.")
        if isclose(got, copies * right, abs_tol=1e-9):
            return Verdict.wrong(f"{where}: the sum over the copies. Divide by their number.")
        if isclose(got, 6 * right, abs_tol=1e-9):
            return Verdict.wrong(f"{where}: the sum over six states. Divide by their number.")
        if copies == 1 and isclose(got, 2 / 3, abs_tol=1e-9):
            return Verdict.wrong(
                f"{where}: transpose the original. As it stands, the machine is asked for psi and given its mirror "
                "image, which it can match with 2/3 only."
            )
        if copies == 1 and isclose(got, 1 / 3, abs_tol=1e-9):
            return Verdict.wrong(f"{where}: that is the worst machine. The largest eigenvalue counts.")
        return Verdict.wrong(f"{where}: one copy must be perfect, and each further one costs a little.")
    return Verdict.right(
        "1, 5/6, 7/9, 3/4, ... and 2/3 in the end: as good as measuring one qubit and preparing what was found. "
        "Infinitely many copies *are* a measurement."
    )


_BEST = """
def best_fidelity(copies):
    R = np.zeros((2 ** (copies + 1), 2 ** (copies + 1)), dtype=complex)
    for letter in "{letters}":
        psi = density(ket(letter))
        for k in range(copies):
            factors = [{original}] + [psi if j == k else np.eye(2) for j in range(copies)]
            R += reduce(np.kron, factors) / {number}
    return {factor} * np.linalg.eigvalsh(R)[{which}]
""".lstrip()
_BEST_RIGHT = {
    "letters": "01+-ij",
    "original": "psi.T",
    "number": "(6 * copies)",
    "factor": "2",
    "which": "-1",
}

best_fidelity = Exercise(
    name="best_fidelity",
    level="project",
    prompt=(
        "How well can *M* copies be made of one qubit? Write `best_fidelity(copies)` from the states alone: build "
        r"$R = \frac1{6M}\sum_\psi \psi^{\mathsf T}\otimes\sum_k \psi^{(k)}$ over the six ends of the axes, where "
        r"$\psi = |\psi\rangle\langle\psi|$ and $\psi^{(k)}$ is $\psi$ on copy k and the unit matrix on the others; "
        "the bound is twice its largest eigenvalue. What does it tend to? Given: `np`, `ket`, `density`, `reduce`."
    ),
    stub="def best_fidelity(copies):\n    ...\n",
    solution=_BEST.format(**_BEST_RIGHT),
    explanation=(
        "The bound is $(2M+1)/(3M)$, and Gisin and Massar gave the machines that reach it. It falls to 2/3: whoever "
        "could make endless copies could measure them at leisure, and one qubit allows a guess of fidelity 2/3, not "
        "more (chapter *Measurement*)."
    ),
    wrong={
        "trace one": _BEST.format(**_BEST_RIGHT | {"factor": "1"}),
        "not transposed": _BEST.format(**_BEST_RIGHT | {"original": "psi"}),
        "sum over copies": _BEST.format(**_BEST_RIGHT | {"number": "6"}),
        "sum over states": _BEST.format(**_BEST_RIGHT | {"number": "copies"}),
        "smallest eigenvalue": _BEST.format(**_BEST_RIGHT | {"which": "0"}),
    },
    grade=_grade_best_fidelity,
    given={"np": np, "ket": ket, "density": density, "reduce": reduce},
)

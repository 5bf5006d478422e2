"""Exercises of the chapter *Noise*."""

from collections.abc import Callable
from math import comb, isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit, density, expectation, fidelity, random_state
from qlearn.qubits.noise import (
    Code,
    amplitude_damping,
    depolarising,
    five_qubit_code,
    linear_inversion,
    pauli_counts,
    phase_flip,
)

_CLOSE = 1e-6


def _grade_arrow(answer: float) -> Verdict:
    value = float(np.squeeze(answer))
    mistakes = {
        0.9: "0.9 is the share that keeps its sign. The other 0.1 are not nothing: they point to -x. "
        "Add their -1.",
        0.45: "0.45 looks like 0.9 * 0.5, an entry of the density matrix. <X> is the sum of its two "
        "coherences, signs included.",
        1.0: "1 would mean that nothing happened. A phase flip changes |+> into |->; it is |0> and |1> "
        "that it spares.",
        0.1: "0.1 is how many are flipped. <X> is the mean over all of them, +1 for those that were not.",
        0.81: "0.81 = 0.9 squared: no root or square is needed here, only the mean of +1 and -1.",
    }
    if isclose(value, 0.8, rel_tol=1e-6):
        return Verdict.right(
            "0.9 - 0.1 = 1 - 2p. At p = 1/2 the arrow is gone, though every single qubit is pure."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-6):
            return Verdict.wrong(why)
    return Verdict.wrong(f"{value:g} is not it. Nine in ten answer +1 to X, one in ten -1: what is the mean?")


arrow = Exercise(
    name="arrow",
    level="warm-up",
    prompt=r"Qubits in $|{+}\rangle$ suffer a phase flip with chance 0.1. By hand: what is $\langle "
    r"X\rangle$ afterwards?",
    stub="arrow = ...\n",
    solution="arrow = 0.9 * 1 + 0.1 * (-1)\n",
    explanation=r"A phase flip turns $|{+}\rangle$ into $|{-}\rangle$. The mean of $+1$ and $-1$ with "
    r"chances 0.9 and 0.1 is 0.8.",
    wrong={
        "only the good ones": "arrow = 0.9\n",
        "an entry of the matrix": "arrow = 0.45\n",
        "no effect": "arrow = 1.0\n",
        "the bad ones": "arrow = 0.1\n",
        "squared": "arrow = 0.81\n",
    },
    grade=_grade_arrow,
)


def _grade_apply_kraus(answer: Callable[[Any, Any], Any]) -> Verdict:
    cases = [
        (phase_flip(0.2), 1),
        (amplitude_damping(0.36), 1),
        (amplitude_damping(0.5, 0.2), 1),
        (depolarising(0.3, 2), 2),
    ]
    for channel, n in cases:
        kraus, rho = channel.kraus, density(random_state(n, size=3, rng=5)).mean(0)
        got = answer(kraus.copy(), rho.copy())
        got = np.asarray(got)
        if got.shape != rho.shape:
            return Verdict.wrong(
                f"return one matrix of shape {rho.shape}, not {got.shape}: add the terms up."
            )
        got = got.astype(complex)
        if np.allclose(got, channel.apply(rho), atol=_CLOSE):
            continue
        terms = {
            "you multiply K rho K. The second factor is the conjugate transpose, K.conj().T.": kraus
            @ rho
            @ kraus,
            "you transpose and do not conjugate: Y has imaginary entries. K.conj().T.": kraus
            @ rho
            @ np.swapaxes(kraus, -1, -2),
            "the dagger stands on the wrong side: K rho K^dagger, not K^dagger rho K. Flips do not "
            "care, a fall does.": (np.swapaxes(kraus, -1, -2).conj() @ rho @ kraus),
        }
        for why, each in terms.items():
            if np.allclose(got, each.sum(0), atol=_CLOSE):
                return Verdict.wrong(why)
        if np.allclose(got, kraus[0] @ rho @ kraus[0].conj().T, atol=_CLOSE):
            return Verdict.wrong(
                "that is the first operator only: one of the things that may have happened. Sum over all."
            )
        whole = kraus.sum(0)
        if np.allclose(got, whole @ rho @ whole.conj().T, atol=_CLOSE):
            return Verdict.wrong(
                "you add the operators and then apply the sum. The stories do not interfere: somebody "
                "could know which happened."
            )
        return Verdict.wrong(
            f"for {channel} the result has trace {np.trace(got).real:.3g} and is not sum K rho K^dagger."
        )
    first, rho = amplitude_damping(0.36).kraus[:1], density(random_state(1, rng=5))
    if not np.allclose(answer(first.copy(), rho.copy()), first[0] @ rho @ first[0].conj().T, atol=_CLOSE):
        return Verdict.wrong("given one operator of the two, the sum has one term, and the trace falls.")
    return Verdict.right("A sum of what may have happened, each with its chance in the length of K.")


apply_kraus = Exercise(
    name="apply_kraus",
    prompt="Write `apply_kraus(kraus, rho)`: the operators, shape (m, d, d), and a density matrix go "
    "in, the density matrix after the "
    "channel comes out. One line of NumPy is enough; `channel.apply` is not allowed.",
    stub="def apply_kraus(kraus, rho):\n    ...\n",
    solution="def apply_kraus(kraus, rho):\n    return sum(k @ rho @ k.conj().T for k in kraus)\n",
    explanation=r"$\mathcal E(\rho) = \sum_k K_k \rho K_k^\dagger$, word by word.",
    wrong={
        "no dagger": "def apply_kraus(kraus, rho):\n    return sum(k @ rho @ k for k in kraus)\n",
        "transposed only": "def apply_kraus(kraus, rho):\n    return sum(k @ rho @ k.T for k in kraus)\n",
        "dagger on the wrong "
        "side": "def apply_kraus(kraus, rho):\n    return sum(k.conj().T @ rho @ k for k in kraus)\n",
        "first only": "def apply_kraus(kraus, rho):\n    return kraus[0] @ rho @ kraus[0].conj().T\n",
        "amplitudes "
        "added": "def apply_kraus(kraus, rho):\n    k = kraus.sum(0)\n    return k @ rho @ k.conj().T\n",
        "not "
        "summed": "def apply_kraus(kraus, rho):\n    return np.array([k @ rho @ k.conj().T for k in kraus])\n",
    },
    grade=_grade_apply_kraus,
    given={"np": np},
)


def _grade_coherence_time(answer: Callable[[float, float], float]) -> Verdict:
    for t1, t_phi in ((100.0, 300.0), (50.0, 20.0), (30.0, 1e12)):
        got = float(answer(t1, t_phi))
        right = 1 / (1 / (2 * t1) + 1 / t_phi)
        if isclose(got, right, rel_tol=1e-6):
            continue
        where = f"for T1 = {t1:g} and T_phi = {t_phi:g} you say {got:.4g}; it is {right:.4g}"
        if isclose(got, 1 / (1 / t1 + 1 / t_phi), rel_tol=1e-6):
            return Verdict.wrong(
                f"{where}. The fall costs the coherence only the root of what it costs the population: "
                f"1/(2 T1)."
            )
        if isclose(got, min(2 * t1, t_phi), rel_tol=1e-6):
            return Verdict.wrong(
                f"{where}. Not the shorter of the two: both act at once, so their rates add."
            )
        if isclose(got, 2 * t1 + t_phi, rel_tol=1e-6):
            return Verdict.wrong(f"{where}. You added times. Rates add, and a rate is 1/time.")
        if isclose(got, 1 / right, rel_tol=1e-6):
            return Verdict.wrong(f"{where}. That is the rate 1/T2; turn it over.")
        return Verdict.wrong(f"{where}. Multiply the two factors exp(-t/2T1) and exp(-t/T_phi).")
    return Verdict.right("1/T2 = 1/(2 T1) + 1/T_phi. Without dephasing T2 = 2 T1, and never more.")


coherence_time = Exercise(
    name="coherence_time",
    prompt=r"A qubit falls with $T_1$ and, besides, its phase is kicked at random so that coherences "
    r"shrink by $e^{-t/T_\varphi}$. "
    "Write `coherence_time(t1, t_phi)`: its $T_2$.",
    stub="def coherence_time(t1, t_phi):\n    ...\n",
    solution="def coherence_time(t1, t_phi):\n    return 1 / (1 / (2 * t1) + 1 / t_phi)\n",
    explanation=r"Falling shrinks the coherence by $\sqrt{1-\gamma} = e^{-t/2T_1}$, the kicks by "
    r"$e^{-t/T_\varphi}$. The exponents add.",
    wrong={
        "full rate of T1": "def coherence_time(t1, t_phi):\n    return 1 / (1 / t1 + 1 / t_phi)\n",
        "the shorter one": "def coherence_time(t1, t_phi):\n    return min(2 * t1, t_phi)\n",
        "adds times": "def coherence_time(t1, t_phi):\n    return 2 * t1 + t_phi\n",
        "a rate": "def coherence_time(t1, t_phi):\n    return 1 / (2 * t1) + 1 / t_phi\n",
    },
    grade=_grade_coherence_time,
)


def _majority_fails(n: int, p: float) -> float:
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))


def _grade_majority(answer: Callable[[int, float], float]) -> Verdict:
    for n, p in ((3, 0.1), (5, 0.1), (7, 0.3), (1, 0.2), (9, 0.6)):
        got, right = float(answer(n, p)), _majority_fails(n, p)
        if isclose(got, right, rel_tol=1e-6):
            continue
        where = f"for n = {n} and p = {p} you say {got:.4g}; it is {right:.4g}"
        if isclose(got, 3 * p**2 - 2 * p**3, rel_tol=1e-6):
            return Verdict.wrong(
                f"{where}. 3p^2 - 2p^3 is three qubits. Sum over all numbers of flips above n/2."
            )
        if isclose(got, 1 - (1 - p) ** n, rel_tol=1e-6):
            return Verdict.wrong(
                f"{where}. That is the chance of any flip at all; the majority survives a few."
            )
        if isclose(got, p**n, rel_tol=1e-6):
            return Verdict.wrong(f"{where}. Not all n have to flip: more than half do the damage.")
        if isclose(got, sum(p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1)), rel_tol=1e-6):
            return Verdict.wrong(f"{where}. k flips can fall on the n qubits in comb(n, k) ways.")
        if isclose(got, 1 - right, rel_tol=1e-6):
            return Verdict.wrong(f"{where}. That is the chance that the majority is right.")
        return Verdict.wrong(f"{where}. Which numbers k of flips do the damage, and how likely is each?")
    return Verdict.right(
        "Below p = 1/2 each further pair of qubits helps; above it, each makes things worse: 0.6 becomes 0.73."
    )


majority = Exercise(
    name="majority",
    prompt="Repeat the qubit on an odd number `n` of wires instead of three, and correct by the "
    "majority. Each wire is flipped with "
    "chance `p`. Write `majority(n, p)`: the chance that the encoded qubit ends flipped. (`math.comb(n, "
    "k)` is at hand as `comb`.)",
    stub="def majority(n, p):\n    ...\n",
    solution=(
        "def majority(n, p):\n"
        "    return sum(comb(n, k) * p**k * (1 - p)**(n - k) for k in range(n // 2 + 1, n + 1))\n"
    ),
    explanation="The correction goes wrong exactly when more than half of the wires are flipped. For n "
    "= 3: $3p^2(1-p) + p^3$.",
    wrong={
        "always three": "def majority(n, p):\n    return 3 * p**2 - 2 * p**3\n",
        "any flip": "def majority(n, p):\n    return 1 - (1 - p)**n\n",
        "all flip": "def majority(n, p):\n    return p**n\n",
        "the majority is right": (
            "def majority(n, p):\n    return sum(comb(n, k) * p**k * (1 - p)**(n - k) for k in range(n // 2 + 1))\n"
        ),
        "one way each": (
            "def majority(n, p):\n    return sum(p**k * (1 - p)**(n - k) for k in range(n // 2 + 1, n + 1))\n"
        ),
    },
    grade=_grade_majority,
    given={"comb": comb},
)


def _grade_five_bits(answer: Callable[[str], Any]) -> Verdict:
    checks = five_qubit_code().stabilisers

    def counts(word: str, differ: Callable[[str, str], bool]) -> list[int]:
        return [sum(differ(a, b) for a, b in zip(word, check, strict=True)) for check in checks]

    def signs(word: str, differ: Callable[[str, str], bool]) -> list[int]:
        return [count % 2 for count in counts(word, differ)]

    def right_rule(a: str, b: str) -> bool:
        return a != b and "I" not in (a, b)

    words = (
        "IIIII",
        "XIIII",
        "IYIII",
        "IIZII",
        "IIIXZ",
        "YYIZI",
        "IZIII",
        "IIIYI",
        "IIIIX",
        "ZIXYI",
        "XYZZY",
    )

    def always(rule: Callable[[str], list[int]]) -> bool:
        return all([int(bit) for bit in answer(word)] == rule(word) for word in words)

    for word in words:
        got = [int(bit) for bit in answer(word)]
        right = signs(word, right_rule)
        if got == right:
            continue
        where = f"for {word} you say {got}; it is {right}"
        if always(lambda word: [1 - bit for bit in signs(word, right_rule)]):
            return Verdict.wrong(
                f"{where}. Turned round: 0 is the answer +1, and an error that commutes changes nothing."
            )
        if always(lambda word: signs(word, lambda a, b: a != b)):
            return Verdict.wrong(
                f"{where}. I commutes with every letter: count only wires where both have X, Y or Z."
            )
        if always(lambda word: signs(word, lambda a, b: a == b and a != "I")):
            return Verdict.wrong(f"{where}. Equal letters commute. It is different ones that anticommute.")
        if always(lambda word: counts(word, right_rule)):
            return Verdict.wrong(f"{where}. Two minus signs cancel: count modulo 2.")
        if always(lambda word: [min(count, 1) for count in counts(word, right_rule)]):
            return Verdict.wrong(f"{where}. Two minus signs cancel: it matters whether the number is odd.")
        if always(lambda word: signs(word, right_rule)[::-1]):
            return Verdict.wrong(f"{where}. The right bits, from the last stabiliser to the first.")
        return Verdict.wrong(
            f"{where}. For each stabiliser count the wires with two different letters, none of them I: "
            f"odd is 1."
        )
    return Verdict.right(
        "Four bits, fifteen single errors, and each gets a pattern of its own: try them all."
    )


five_bits = Exercise(
    name="five_bits",
    prompt="The five-qubit code asks XZZXI, IXZZX, XIXZZ and ZXIXZ (`checks`). Write `five_bits(word)`: "
    "the four bits of syndrome, a "
    "list of 0 and 1, that a Pauli error such as `'IIYII'` causes. Two words anticommute if they differ "
    "on an odd number of wires, not "
    "counting those where one of them has I.",
    stub="def five_bits(word):\n    ...\n",
    solution=(
        "def five_bits(word):\n"
        "    return [sum(a != b and 'I' not in (a, b) for a, b in zip(word, check)) % 2\n"
        "            for check in checks]\n"
    ),
    explanation="An error that anticommutes with a stabiliser turns its +1 into -1. Single letters "
    "anticommute when they differ and none "
    "is I; two minus signs cancel.",
    wrong={
        "turned round": (
            "def five_bits(word):\n    return [1 - sum(a != b and 'I' not in (a, b) for a, b in "
            "zip(word, check)) % 2\n"
            "            for check in checks]\n"
        ),
        "counts I": (
            "def five_bits(word):\n    return [sum(a != b for a, b in zip(word, check)) % 2 for check "
            "in checks]\n"
        ),
        "equal letters": (
            "def five_bits(word):\n    return [sum(a == b != 'I' for a, b in zip(word, check)) % 2 for "
            "check in checks]\n"
        ),
        "not modulo 2": (
            "def five_bits(word):\n    return [sum(a != b and 'I' not in (a, b) for a, b in zip(word, check))\n"
            "            for check in checks]\n"
        ),
        "any instead of odd": (
            "def five_bits(word):\n    return [int(any(a != b and 'I' not in (a, b) for a, b in zip(word, check)))\n"
            "            for check in checks]\n"
        ),
        "forgets a wire": (
            "def five_bits(word):\n    return [sum(a != b and 'I' not in (a, b) for a, b in zip(word[:4], check)) % 2\n"
            "            for check in checks]\n"
        ),
        "reversed": (
            "def five_bits(word):\n    return [sum(a != b and 'I' not in (a, b) for a, b in zip(word, "
            "check)) % 2\n"
            "            for check in reversed(checks)]\n"
        ),
    },
    grade=_grade_five_bits,
    given={"checks": five_qubit_code().stabilisers},
)


def _nearest(matrix: Any) -> Any:
    values, vectors = np.linalg.eigh(matrix)
    down = values[::-1]
    shifts = (np.cumsum(down) - 1) / np.arange(1, len(down) + 1)
    kept = (values - shifts[np.flatnonzero(down > shifts)[-1]]).clip(0)
    return (vectors * kept) @ vectors.conj().T


def _grade_nearest_state(answer: Callable[[Any], Any]) -> Verdict:
    matrices = [
        linear_inversion(pauli_counts(random_state(n, rng=n), 30, rng=seed))
        for n, seed in ((1, 3), (2, 1), (2, 2))
    ]
    matrices.append(depolarising(0.5, 2).apply(random_state(2, rng=3)))
    for matrix in matrices:
        got = np.asarray(answer(matrix.copy()))
        if got.shape != matrix.shape:
            return Verdict.wrong(f"return a matrix of shape {matrix.shape}, not {got.shape}.")
        lowest, trace = np.linalg.eigvalsh((got + got.conj().T) / 2)[0], np.trace(got).real
        if lowest < -_CLOSE:
            return Verdict.wrong(
                f"your matrix has the eigenvalue {lowest:.3g}: still no state. Change the eigenvalues."
            )
        if abs(trace - 1) > _CLOSE:
            return Verdict.wrong(
                f"your matrix has trace {trace:.4g}: what was cut off below has to be paid for above."
            )
        best = _nearest(matrix)
        missed, reach = np.linalg.norm(got - matrix), np.linalg.norm(best - matrix)
        if missed > reach + _CLOSE:
            values, vectors = np.linalg.eigh(matrix)
            clipped = values.clip(0) / values.clip(0).sum()
            if np.allclose(got, (vectors * clipped) @ vectors.conj().T, atol=_CLOSE):
                return Verdict.wrong(
                    f"a state, but not the nearest: you divide by the sum ({missed:.4f} away). Take the "
                    f"same amount from every "
                    f"eigenvalue that stays positive ({reach:.4f})."
                )
            return Verdict.wrong(f"a state, at a distance of {missed:.4f}; there is one at {reach:.4f}.")
    return Verdict.right(
        "The nearest state keeps the eigenvectors and lowers all eigenvalues that stay by the same amount."
    )


nearest_state = Exercise(
    name="nearest_state",
    level="stretch",
    prompt=r"Linear inversion gave a Hermitian `matrix` with trace 1 and a negative eigenvalue. Write "
    r"`nearest_state(matrix)`: the "
    r"density matrix $\rho$ with the smallest $\lVert\rho - \texttt{matrix}\rVert_2$ (the root of the "
    r"sum of squares, "
    "`np.linalg.norm`). Hint: keep the eigenvectors; the eigenvalues want to be non-negative, with sum "
    "1, and as near as possible.",
    stub="def nearest_state(matrix):\n    ...\n",
    solution=(
        "def nearest_state(matrix):\n"
        "    values, vectors = np.linalg.eigh(matrix)\n"
        "    for drop in range(len(values)):          # values rise: drop the lowest first\n"
        "        shift = (values[drop:].sum() - 1) / (len(values) - drop)\n"
        "        if values[drop] > shift:\n"
        "            break\n"
        "    kept = np.where(np.arange(len(values)) >= drop, values - shift, 0)\n"
        "    return (vectors * kept) @ vectors.conj().T\n"
    ),
    explanation="With the sum fixed, least squares lowers every eigenvalue that stays positive by the "
    "same shift and sets the rest to 0 "
    "(Smolin, Gambetta and Smith, arXiv:1106.5458). If the counts vary alike, this is nearly the most "
    "likely state, without a search.",
    wrong={
        "clips": (
            "def nearest_state(matrix):\n    values, vectors = np.linalg.eigh(matrix)\n"
            "    return (vectors * values.clip(0)) @ vectors.conj().T\n"
        ),
        "clips and divides": (
            "def nearest_state(matrix):\n    values, vectors = np.linalg.eigh(matrix)\n"
            "    values = values.clip(0) / values.clip(0).sum()\n    return (vectors * values) @ "
            "vectors.conj().T\n"
        ),
        "does nothing": "def nearest_state(matrix):\n    return matrix\n",
        "mixes until positive": (
            "def nearest_state(matrix):\n    d = len(matrix)\n    low = min(0, np.linalg.eigvalsh(matrix)[0])\n"
            "    w = -low / (1 / d - low)\n    return (1 - w) * matrix + w * np.eye(d) / d\n"
        ),
    },
    grade=_grade_nearest_state,
    given={"np": np},
)


_SHOR = [*("I" * w + "ZZ" + "I" * (7 - w) for w in (0, 1, 3, 4, 6, 7)), "XXXXXXIII", "IIIXXXXXX"]


def _grade_shor_code(answer: Callable[[], Any]) -> Verdict:
    code = answer()
    if not isinstance(code, Code):
        return Verdict.wrong(f"return a `Code(stabilisers, encoder)`, not {type(code).__name__}.")
    if code.n_qubits != 9:
        return Verdict.wrong(f"your code has {code.n_qubits} qubits; Shor's has nine, three blocks of three.")
    data = random_state(1, size=4, rng=9)
    encoded = code.encode(data)
    for letter, kind in (("x", "flip"), ("z", "phase flip"), ("y", "flip and phase flip together")):
        for wire in range(9):
            hit = getattr(Circuit(9), letter)(wire).run(encoded)
            back = code.decode(code.recover(hit, rng=1).state)
            if fidelity(data, back).min() < 1 - _CLOSE:
                return Verdict.wrong(
                    f"a {kind} ({letter.upper()}) on wire {wire} is not corrected: the data come back changed."
                )
    for word in _SHOR:
        if expectation(encoded, word).min() < 1 - _CLOSE:
            return Verdict.wrong(
                f"every single error is corrected, but your states do not answer +1 to {word}."
            )
    turned = Circuit(9).rx(0.7, 4).rz(1.1, 4).run(encoded)
    if fidelity(data, code.decode(code.recover(turned, rng=2).state)).min() < 1 - _CLOSE:
        return Verdict.wrong(
            "single Pauli errors are corrected, but a small turn of wire 4 is not: that cannot be."
        )
    return Verdict.right(
        f"27 errors of single qubits, and any turn between them. Only "
        f"{len({w for w in code.corrections if w.count('I') >= 8}) - 1} "
        "different corrections of one letter are needed: Z on any qubit of a block is the same error."
    )


shor_code = Exercise(
    name="shor_code",
    level="project",
    prompt="Build the first code that was ever found (Shor 1995): write `shor_code()`, which returns a "
    "`Code`. Encode against phase flips "
    "on wires 0, 3 and 6, then repeat each of the three against flips on the two wires after it. The "
    "stabilisers: ZZ for neighbours "
    "within a block (six words), and XXXXXX on blocks one and two, and on two and three.",
    stub="def shor_code():\n    ...\n",
    solution=(
        "def shor_code():\n"
        "    encoder = Circuit(9).cx(0, 3).cx(0, 6)\n"
        "    for head in (0, 3, 6):\n"
        "        encoder = encoder.h(head).cx(head, head + 1).cx(head, head + 2)\n"
        "    pairs = [(w, w + 1) for w in (0, 1, 3, 4, 6, 7)]\n"
        "    words = [''.join('Z' if w in pair else 'I' for w in range(9)) for pair in pairs]\n"
        "    return Code([*words, 'XXXXXXIII', 'IIIXXXXXX'], encoder)\n"
    ),
    explanation="A flip is seen by the ZZ of its block. A phase flip changes the sign of its block, and "
    "the two long words compare signs. "
    "Y is both. Nine qubits do what five can, but every question within a block asks only two neighbours.",
    wrong={
        "five qubits": "def shor_code():\n    return five_qubit_code()\n",
        "five qubits and four idle ones": (
            "def shor_code():\n    five, idle = five_qubit_code(), 'IIII'\n"
            "    encoder = Circuit(9, operations=five.encoder.operations)\n"
            "    words = ['I' * w + 'Z' + 'I' * (8 - w) for w in range(5, 9)]\n"
            "    return Code([word + idle for word in five.stabilisers] + words, encoder)\n"
        ),
        "only the words": "def shor_code():\n    return ['ZZIIIIIII', 'XXXXXXIII']\n",
        "repetition of nine": (
            "def shor_code():\n    encoder = Circuit(9)\n    for wire in range(1, 9):\n        encoder "
            "= encoder.cx(0, wire)\n"
            "    words = ['I' * w + 'ZZ' + 'I' * (7 - w) for w in range(8)]\n    return Code(words, encoder)\n"
        ),
        "phase repetition of nine": (
            "def shor_code():\n    encoder = Circuit(9)\n    for wire in range(1, 9):\n        encoder "
            "= encoder.cx(0, wire)\n"
            "    for wire in range(9):\n        encoder = encoder.h(wire)\n"
            "    words = ['I' * w + 'XX' + 'I' * (7 - w) for w in range(8)]\n    return Code(words, encoder)\n"
        ),
    },
    grade=_grade_shor_code,
    given={"Circuit": Circuit, "Code": Code, "five_qubit_code": five_qubit_code},
)

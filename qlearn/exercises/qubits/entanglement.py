"""Exercises of the chapter *Entanglement: agreement that no list of answers explains*."""

from math import ceil, isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit, bell_state, random_state
from qlearn.qubits.entanglement import ALICE, behaviour, chsh_at, direction, entanglement_entropy


def _grade_agreement(answer: Any) -> Verdict:
    mistakes = {
        0.5: "0.5 is cos 60°, the mean product E of the signs. They agree with chance (1 + E)/2.",
        0.25: "0.25 is the chance that they differ.",
        1.0: "they agree always only along the same direction; his is turned by 60°.",
        np.sqrt(0.75): "cos 30° is the amplitude. The chance is its square.",
        np.cos(np.pi / 12) ** 2: "the angle is halved once: 60° on the sphere are 30° between the kets.",
        75: "as a share between 0 and 1, please: 75 % is 0.75.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, 0.75, rel_tol=1e-6):
        return Verdict.right("(1 + cos 60°)/2 = 3/4. Her answer tells his state; the rest is Born's rule.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-4):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. After her answer 0 his half is the ket 0; what does he read at 60° from it?"
    )


agreement = Exercise(
    name="agreement",
    level="warm-up",
    prompt=(
        "Of a pair in $\\Phi^+$ Alice measures Z. Bob measures along a direction in the X-Z plane of the Bloch "
        "sphere, 60° from Z. With which chance are their answers the same? By hand, as a share between 0 and 1."
    ),
    stub="agreement = ...\n",
    solution="agreement = (1 + 1/2) / 2\n",
    explanation=(
        "$T = \\mathrm{diag}(1,-1,1)$, so $E = \\vec a^{\\mathsf T} T\\, \\vec b = \\cos 60° = \\tfrac12$, and the "
        "answers agree with chance $(1+E)/2 = \\tfrac34$."
    ),
    wrong={
        "the mean product": "agreement = 0.5\n",
        "the chance to differ": "agreement = 0.25\n",
        "always": "agreement = 1\n",
        "the amplitude": "agreement = 0.75 ** 0.5\n",
        "per cent": "agreement = 75\n",
    },
    grade=_grade_agreement,
)


def _grade_entanglement_of(answer: Any) -> Verdict:
    half = np.array([0.6, 0, 0, 0.8])
    states = [bell_state("psi-"), half, np.kron([0.6, 0.8], [0.8, 0.6]), random_state(2, rng=3)]
    for state in states:
        got, right = float(answer(state.copy())), float(entanglement_entropy(state, 0))
        if isclose(got, right, abs_tol=1e-6):
            continue
        shown = np.round(state, 2).tolist()
        c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)
        c = c[c > 1e-12]
        p = np.abs(state[np.abs(state) > 1e-12]) ** 2
        if right and isclose(got, 0, abs_tol=1e-6):
            return Verdict.wrong(
                f"for {shown} you give 0, the entropy of the pair as a whole. Look at one half."
            )
        if c.size == 2 and isclose(got, 2 * c.prod(), abs_tol=1e-6):
            return Verdict.wrong(f"{got:.4f} is the concurrence, 2 c1 c2. The entropy is asked for, in bits.")
        if isclose(got, right * np.log(2), abs_tol=1e-6):
            return Verdict.wrong("that is in nats: take the logarithm to base 2.")
        if isclose(got, float(-(c * np.log2(c)).sum()), abs_tol=1e-6):
            return Verdict.wrong("the probabilities are the *squares* of the Schmidt coefficients.")
        if isclose(got, float(-(p * np.log2(p)).sum()), abs_tol=1e-6):
            return Verdict.wrong(
                f"for {shown} you give {got:.4f}, the entropy of four outcomes. Products have that, too, and "
                "are not entangled: reshape the amplitudes to (2, 2) and take singular values."
            )
        if np.isnan(got):
            return Verdict.wrong(f"for {shown} you give nan: 0 log 0 counts as 0. Drop the zeros first.")
        return Verdict.wrong(f"for {shown} you give {got:.4f} bits; there are {right:.4f}.")
    return Verdict.right(
        "Reshape, singular values, entropy of their squares: the whole of it in three lines."
    )


_ENTANGLEMENT_OF = (
    "def entanglement_of(state):\n"
    "    c = np.linalg.svd(state.reshape(2, 2), compute_uv=False)\n"
    "    p = {p}[c > 1e-12]\n"
    "    return -np.sum(p * np.{log}(p))\n"
)

entanglement_of = Exercise(
    name="entanglement_of",
    level="core",
    prompt=(
        "Without the library: write `entanglement_of(state)`, which takes the four amplitudes of a pure pair and "
        "returns its entanglement entropy in bits. Given: `np`."
    ),
    stub="def entanglement_of(state):\n    ...\n",
    solution=_ENTANGLEMENT_OF.format(p="(c**2)", log="log2"),
    explanation=(
        "Write the amplitudes as a matrix, rows Alice's bit and columns Bob's. Its singular values are the Schmidt "
        "coefficients, their squares the eigenvalues of either half, and the entropy of these is what either half "
        "lacks alone."
    ),
    wrong={
        "natural logarithm": _ENTANGLEMENT_OF.format(p="(c**2)", log="log"),
        "not squared": _ENTANGLEMENT_OF.format(p="c", log="log2"),
        "entropy of the outcomes": (
            "def entanglement_of(state):\n"
            "    p = np.abs(state) ** 2\n"
            "    p = p[p > 1e-12]\n"
            "    return -np.sum(p * np.log2(p))\n"
        ),
        "of the whole": (
            "def entanglement_of(state):\n"
            "    p = np.linalg.eigvalsh(np.outer(state, state.conj()))\n"
            "    p = p[p > 1e-12]\n"
            "    return -np.sum(p * np.log2(p))\n"
        ),
        "the concurrence": (
            "def entanglement_of(state):\n    return 2 * abs(state[0] * state[3] - state[1] * state[2])\n"
        ),
        "zeros kept": (
            "def entanglement_of(state):\n"
            "    p = np.linalg.svd(state.reshape(2, 2), compute_uv=False).round(9) ** 2\n"
            "    with np.errstate(all='ignore'):\n"
            "        return -np.sum(p * np.log2(p))\n"
        ),
    },
    grade=_grade_entanglement_of,
    given={"np": np},
)


def _grade_bob_angles(answer: Any) -> Verdict:
    angles = np.asarray(answer, dtype=float)
    if angles.shape != (2,):
        return Verdict.wrong("give two angles, in radians: Bob's for the question 0, and for 1.")

    def value(bob: Any) -> float:
        return float(chsh_at(bell_state("psi-"), ALICE, direction(bob)))

    s = value(angles)
    if s > 2 * np.sqrt(2) - 1e-6:
        return Verdict.right(
            "Halfway between her axes, and turned round: this pair differs where the other agreed."
        )
    if np.abs(angles).max() > 4 * np.pi and value(np.deg2rad(angles)) > 2.8:
        return Verdict.wrong("these are degrees. In radians, please: np.deg2rad turns them.")
    if s < -2.8:
        return Verdict.wrong(
            f"S = {s:.3f}: you lose as often as you could win. These angles are for a pair that agrees; this one "
            "differs along every axis. Turn Bob by pi."
        )
    if isclose(abs(s), 2, abs_tol=1e-6):
        return Verdict.wrong(
            f"S = {s:.3f}: no more than a list of answers. Let Bob's axes lie between Alice's."
        )
    if abs(s) < 1e-6:
        return Verdict.wrong(
            "S = 0: good axes in the wrong order. Which of his lies near both of hers with a plus?"
        )
    return Verdict.wrong(f"S = {s:.3f}, of at most {2 * np.sqrt(2):.3f}. E = -cos(a - b) for this pair.")


bob_angles = Exercise(
    name="bob_angles",
    level="core",
    prompt=(
        "The source delivers $\\Psi^-$ instead of $\\Phi^+$. Alice keeps her directions, 0 for the question 0 and "
        "$\\pi/2$ for the question 1 (angles from Z towards X, as for `direction`). Give Bob's two angles, in "
        "radians, so that they win as often as qubits can. Given: `np`."
    ),
    stub="bob_angles = ...  # [angle for y = 0, angle for y = 1]\n",
    solution="bob_angles = [np.pi / 4 + np.pi, -np.pi / 4 + np.pi]\n",
    explanation=(
        "$\\Psi^-$ has $T = -\\mathbb 1$, so $E = -\\cos(\\alpha-\\beta)$: along every axis the answers differ. A "
        "turn of Bob's directions by $\\pi$ exchanges his answers and takes the minus sign away."
    ),
    wrong={
        "those of the other pair": "bob_angles = [np.pi / 4, -np.pi / 4]\n",
        "degrees": "bob_angles = [225, 135]\n",
        "Alice's axis": "bob_angles = [np.pi, np.pi]\n",
        "exchanged": "bob_angles = [-np.pi / 4 + np.pi, np.pi / 4 + np.pi]\n",
        "a little off": "bob_angles = [3.5, 2.0]\n",
        "one angle": "bob_angles = 5 * np.pi / 4\n",
    },
    grade=_grade_bob_angles,
    given={"np": np},
)


def _grade_least_fidelity(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))
    mistakes = {
        1 / np.sqrt(2): "1/sqrt 2 is the visibility V. The fidelity is F = (1 + 3V)/4.",
        0.5: "above 1/2 the pair is entangled, and teleports. To exceed 2 takes more: put 2 sqrt2 V = 2.",
        (1 + 1 / np.sqrt(2))
        / 2: "(1 + V)/2 is the rule for one qubit in noise. Noise of two has four states.",
        1 / 3: "1/3 is the visibility at which the pair begins to be entangled.",
    }
    if isclose(value, (1 + 3 / np.sqrt(2)) / 4, abs_tol=1e-5):
        return Verdict.right(
            "F = 0.780: between 1/2 and this the pair is entangled, and this game does not show it."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, abs_tol=1e-3):
            return Verdict.wrong(why)
    if isclose(value, (1 + 3 / np.sqrt(2)) / 4, abs_tol=6e-3):
        return Verdict.wrong(f"{value:g} is rounded: give it as it is, with np.sqrt(2).")
    if not 0.25 <= value <= 1:
        return Verdict.wrong(
            f"a fidelity lies between 0 and 1, that of a Werner pair with noise from 1/4 on; not {value:g}."
        )
    return Verdict.wrong(
        f"at F = {value:g} a Werner pair has S = {2 * np.sqrt(2) * (4 * value - 1) / 3:.3f}."
    )


least_fidelity = Exercise(
    name="least_fidelity",
    level="core",
    prompt="Above which fidelity F does a Werner pair have S > 2? Given: `np`.",
    stub="least_fidelity = ...\n",
    solution="least_fidelity = (1 + 3 / np.sqrt(2)) / 4\n",
    explanation=(
        "$S = 2\\sqrt2\\,V > 2$ from $V > 1/\\sqrt2$ on, and $F = (1+3V)/4$. The pair is entangled from $F > "
        "\\tfrac12$ on already: some entangled pairs could be replaced by a list of answers, as far as one measurement "
        "on each half can tell (Werner 1989)."
    ),
    wrong={
        "the visibility": "least_fidelity = 1 / np.sqrt(2)\n",
        "entangled": "least_fidelity = 1 / 2\n",
        "rounded": "least_fidelity = 0.78\n",
        "per cent": "least_fidelity = 78\n",
        "noise of one qubit": "least_fidelity = (1 + 1 / np.sqrt(2)) / 2\n",
        "entangled, as a visibility": "least_fidelity = 1 / 3\n",
    },
    grade=_grade_least_fidelity,
    given={"np": np},
)


def _grade_bob_alone(answer: Any) -> Verdict:
    x, y, a, b = np.indices((2, 2, 2, 2))
    telephone = ((b == x) & (a == 0)) * 0.9 + ((b != x) & (a == y)) * 0.1
    pair = behaviour([0.6, 0, 0, 0.8], direction([0, 1]), direction([0.3, 2]))
    for table in (pair, telephone):
        got, right = np.asarray(answer(table.copy())), table.sum(2)
        if got.shape == (2, 2):
            return Verdict.wrong(
                "your table has no x left. Averaged over her choice, Bob could not see it anyhow: keep x, so that "
                "it can be looked for."
            )
        if got.shape != (2, 2, 2):
            return Verdict.wrong(f"return an array [x, y, b] of shape (2, 2, 2), not {got.shape}.")
        if np.allclose(got, right):
            continue
        if np.allclose(got, table.sum(3)):
            return Verdict.wrong("this is what *Alice* sees. Bob does not know her answer a: sum over it.")
        with np.errstate(invalid="ignore", divide="ignore"):
            told = table[:, :, 0] / table[:, :, 0].sum(-1, keepdims=True)
        if np.allclose(got, told) or np.allclose(got, table[:, :, 0]):
            return Verdict.wrong(
                "that is for her answer 0 only, and nobody has told Bob her answer: sum over both."
            )
        return Verdict.wrong(
            f"for one table you give {got[0, 0].round(3)} at x = y = 0; it is {right[0, 0].round(3)}."
        )
    return Verdict.right(
        "For the pair the two halves of your table, x = 0 and x = 1, are equal; for the telephone they are not."
    )


bob_alone = Exercise(
    name="bob_alone",
    level="stretch",
    prompt=(
        "Write `bob_alone(p)`: from a table `p[x, y, a, b]` of chances, what Bob sees without a word from Alice, "
        "as an array `[x, y, b]`. Then compare the halves for x = 0 and x = 1: for "
        '`behaviour(bell_state("phi+"), ALICE, BOB)`, and for a table of your own in which b = x.'
    ),
    stub="def bob_alone(p):\n    ...\n",
    solution="def bob_alone(p):\n    return p.sum(axis=2)\n",
    explanation=(
        "$p(b|x,y) = \\sum_a p(a,b|x,y)$: whoever does not know a sums over it. For a quantum pair the sum over "
        "Alice's outcomes is the sum of her projectors, and that is the identity, whichever basis x stands for: x "
        "is gone. In the table of a telephone it is still there."
    ),
    wrong={
        "Alice's view": "def bob_alone(p):\n    return p.sum(axis=3)\n",
        "averaged over x": "def bob_alone(p):\n    return p.sum(axis=2).mean(axis=0)\n",
        "given her answer 0": "def bob_alone(p):\n    return p[:, :, 0] / p[:, :, 0].sum(axis=-1, keepdims=True)\n",
        "nothing summed": "def bob_alone(p):\n    return p\n",
        "not a share": "def bob_alone(p):\n    return p.sum(axis=2) / 2\n",
    },
    grade=_grade_bob_alone,
)


def _grade_rounds_needed(answer: Any) -> Verdict:
    # No case lies within rounding of a whole number, save 156, which every way of writing the formula hits exactly.
    for s, k in ((2 * np.sqrt(2), 5), (2.42, 2), (2.13, 6), (2.5, 2)):
        got, right = float(answer(s, k)), k**2 * (16 - s**2) / (s - 2) ** 2
        if got == ceil(right):
            continue
        where = f"for S = {s:.3g} and {k} standard errors"
        if isclose(got, right) or got == ceil(right) - 1:
            return Verdict.wrong(f"{where} you need {right:.1f} rounds, so {ceil(right)}: round up.")
        if abs(got - right / 4) <= 1:
            return Verdict.wrong(
                f"{where}: {got:g} is the number for *each* pair of questions. There are four."
            )
        if abs(got - right / k) <= 1:
            return Verdict.wrong(f"{where}: half the error takes four times the rounds. Square the number.")
        if abs(got - k**2 * 16 / (s - 2) ** 2) <= 1:
            return Verdict.wrong(f"{where}: a mean of signs has variance 1 - E^2, not 1. Here E = S/4.")
        return Verdict.wrong(f"{where} you play {got:g} rounds; {ceil(right)} are needed.")
    return Verdict.right(
        "A perfect pair needs 292 rounds for five standard errors. With 245 rounds and S = 2.42, the first "
        "experiment without loopholes had two."
    )


_ROUNDS_NEEDED = "def rounds_needed(S, k):\n    return {}\n"

rounds_needed = Exercise(
    name="rounds_needed",
    level="stretch",
    prompt=(
        "Write `rounds_needed(S, k)`: how many rounds until an estimated S lies k standard errors above 2? Assume "
        "that all four correlations are of size S/4 and that each pair of questions comes in a quarter of the rounds. "
        "Given: `ceil`."
    ),
    stub="def rounds_needed(S, k):\n    ...\n",
    solution=_ROUNDS_NEEDED.format("ceil(k**2 * (16 - S**2) / (S - 2)**2)"),
    explanation=(
        "Each E is a mean of n/4 signs with variance $1 - S^2/16$; four of them add to $16(1-S^2/16)/n = (16 - "
        "S^2)/n$. Set $k$ roots of that equal to $S - 2$. It is a rule of thumb: a claim about nature should not "
        "assume that the rounds are independent, and there are better tests for that."
    ),
    wrong={
        "each pair of questions": _ROUNDS_NEEDED.format("ceil(k**2 * (16 - S**2) / (S - 2)**2 / 4)"),
        "not squared": _ROUNDS_NEEDED.format("ceil(k * (16 - S**2) / (S - 2)**2)"),
        "variance one": _ROUNDS_NEEDED.format("ceil(k**2 * 16 / (S - 2)**2)"),
        "rounds down": _ROUNDS_NEEDED.format("int(k**2 * (16 - S**2) / (S - 2)**2)"),
        "always one more": _ROUNDS_NEEDED.format("int(k**2 * (16 - S**2) / (S - 2)**2) + 1"),
    },
    grade=_grade_rounds_needed,
    given={"ceil": ceil},
)


def _grade_ghz_game(answer: Any) -> Verdict:
    # 6,000 rounds: a share has sd 0.0065 at most; 0.04 is 6 of them.
    rng = np.random.default_rng(5)
    before = rng.bit_generator.state
    share = float(answer(6000, rng))
    if rng.bit_generator.state == before:
        return Verdict.wrong("you never used `rng`: nobody asked a question, and nobody measured.")
    if share == 1:
        return Verdict.right(
            "All of them. No list of answers wins more than three in four, and here a single lost round would do."
        )
    if abs(share - 0.75) < 0.04:
        return Verdict.wrong(
            f"{share:.3f}: as good as the best list of answers. Measure the state, do not agree."
        )
    if abs(share - 0.25) < 0.04:
        return Verdict.wrong(
            f"{share:.3f}: all three measure X whatever they are asked. For the question 1 it is Y."
        )
    if abs(share - 0.625) < 0.04:
        return Verdict.wrong(
            f"{share:.3f}: three qubits that have nothing to do with each other. Entangle them first."
        )
    if abs(share - 0.5) < 0.04:
        return Verdict.wrong(
            f"{share:.3f}: the parity is a coin. Are all three in the state? Is it X for 0 and Y for 1?"
        )
    return Verdict.wrong(
        f"{share:.3f} of the rounds are won. GHZ: H on one wire, a CNOT to each of the others."
    )


_GHZ_GAME = """
def ghz_game(rounds, rng):
    x, y = rng.integers(0, 2, (2, rounds))
    z = x ^ y
    circuit = Circuit(3, bits=3){state}
    for wire, asked in enumerate((x, y, z)):
        circuit = circuit.{into_y}h(wire).measure(wire, wire)
    a, b, c = circuit.run(rng=rng).bits.T
    return np.mean((a ^ b ^ c) == (x | y | z))
""".lstrip()
_READ_Y = "sdg(wire, where=asked == 1)."
_GHZ = ".h(0).cx(0, 1).cx(0, 2)"

ghz_game = Exercise(
    name="ghz_game",
    level="project",
    prompt=(
        "Three players share a GHZ state. They are asked x, y, z, of which an even number is 1 (000, 011, 101, 110, "
        "equally often), and win if a ⊕ b ⊕ c is 0 for 000 and 1 otherwise. Who is asked 0 measures X, who is asked 1 "
        "measures Y (S dagger, then H, then Z). Write `ghz_game(rounds, rng)` on `Circuit`, with `where=` masks over "
        "the rounds: the share of rounds won. Given: `np`, `Circuit`."
    ),
    stub="def ghz_game(rounds, rng):\n    ...\n",
    solution=_GHZ_GAME.format(state=_GHZ, into_y=_READ_Y),
    explanation=(
        "The GHZ state has $XXX = +1$ and $XYY = YXY = YYX = -1$, all certain. A list of answers would need four signs "
        "whose product is both $-1$ (from the state) and $+1$ (each player's two answers occur twice): it must fail "
        "one question in four. Here no statistics is needed to see it."
    ),
    wrong={
        "always X": _GHZ_GAME.format(state=_GHZ, into_y=""),
        "not entangled": _GHZ_GAME.format(state=".h(0).h(1).h(2)", into_y=_READ_Y),
        "two of them": _GHZ_GAME.format(state=".h(0).cx(0, 1)", into_y=_READ_Y),
        "a formula": "def ghz_game(rounds, rng):\n    return 1.0\n",
        "a list of answers": (
            "def ghz_game(rounds, rng):\n"
            "    x, y = rng.integers(0, 2, (2, rounds))\n"
            "    return np.mean((x | y | (x ^ y)) == 1)\n"
        ),
    },
    grade=_grade_ghz_game,
    given={"np": np, "Circuit": Circuit},
)

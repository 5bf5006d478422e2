"""Exercises of the chapter *Entangled keys: a secret that vouches for itself*."""

from itertools import product
from math import ceil, floor, isclose, log, log10
from typing import Any

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import bb84, binary_entropy, entangled_keys
from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit, bell_state
from qlearn.qubits.entanglement import werner

EKERT = entangled_keys.EKERT

# S of 300 perfect pairs comes out above 2 sqrt 2 about every other time; with this seed it is 3.36.
_LUCKY = 2


def _grade_shares(answer: Any) -> Verdict:
    if not isinstance(answer, dict) or set(answer) != {"key", "test", "unused"}:
        return Verdict.wrong('give a dictionary with the keys "key", "test" and "unused".')
    key, test, unused = (float(answer[name]) for name in ("key", "test", "unused"))

    def says(*shares: float) -> bool:
        return np.allclose((key, test, unused), shares, rtol=0, atol=1e-3)

    if says(2 / 9, 4 / 9, 3 / 9):
        return Verdict.right("2/9 make the key, 4/9 vouch for it, and a third is good for nothing.")
    if says(3 / 9, 4 / 9, 2 / 9):
        return Verdict.wrong("Alice has no 135 degrees and Bob no 0: only two of her angles are also his.")
    if says(4 / 9, 2 / 9, 3 / 9):
        return Verdict.wrong("key and test are exchanged: equal angles make the key.")
    if says(2, 4, 3):
        return Verdict.wrong("these are combinations, of nine. As shares of all rounds, please.")
    if says(1 / 3, 2 / 3, 0):
        return Verdict.wrong("not every other combination is in S: her 45 degrees and his 90 are not in it.")
    if says(0.22, 0.44, 0.33) or np.allclose((key, test, unused), (22, 44, 33), rtol=0, atol=0.5):
        return Verdict.wrong("right, but write them as fractions of all rounds, such as 1/9: they sum to 1.")
    if not isclose(key + test + unused, 1, abs_tol=2e-3):
        return Verdict.wrong(
            f"the three kinds of rounds are all there are, but yours sum to {key + test + unused:g}."
        )
    return Verdict.wrong("draw the 3 x 3 table of combinations and mark equal angles, then those of S.")


shares = Exercise(
    name="shares",
    level="warm-up",
    prompt=(
        "Ekert's angles are 0, 45, 90 degrees for Alice and 45, 90, 135 for Bob, each with 1/3. S is made of "
        "Alice's 0 and 90 with Bob's 45 and 135. Which shares of the rounds make the key, enter the test, and are "
        'of no use? A dictionary with the keys `"key"`, `"test"` and `"unused"`.'
    ),
    stub='shares = ...  # {"key": ..., "test": ..., "unused": ...}\n',
    solution='shares = {"key": 2/9, "test": 4/9, "unused": 3/9}\n',
    explanation=(
        "Nine combinations, equally likely. Equal angles: (45, 45) and (90, 90). In S: two times two. What is "
        "left: (0, 90), (45, 90), (45, 135). The angles of 2007, three and two, waste less, and settings drawn so as to "
        "prefer the key waste hardly anything."
    ),
    wrong={
        "three matches": 'shares = {"key": 3/9, "test": 4/9, "unused": 2/9}\n',
        "exchanged": 'shares = {"key": 4/9, "test": 2/9, "unused": 3/9}\n',
        "counts": 'shares = {"key": 2, "test": 4, "unused": 3}\n',
        "all the rest is test": 'shares = {"key": 1/3, "test": 2/3, "unused": 0}\n',
        "in per cent": 'shares = {"key": 22.2, "test": 44.4, "unused": 33.3}\n',
        "does not sum": 'shares = {"key": 2/9, "test": 4/9, "unused": 1/9}\n',
    },
    grade=_grade_shares,
)


def _chsh_of(parts: Any, product: Any) -> float:
    """Return S as it comes out if `product` is what somebody takes for the product of two answers."""
    x_choices, y_choices, alice, bob = parts
    terms = []
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (x_choices == x) & (y_choices == y)
        terms.append(sign * product(alice[here], bob[here]).mean())
    return float(sum(terms))


def _grade_chsh_value(answer: Any) -> Verdict:
    # Also S below zero, S largest in size at another place of the minus, and S above 2 sqrt 2 by chance.
    sources = [(None, 4_000, 1), (werner(0.7), 4_000, 2), (entangled_keys.intercepted_pairs(0.3), 4_000, 3)]
    others = [(bell_state("psi-"), 4_000, 4), (bell_state("phi-"), 4_000, 5), (None, 300, _LUCKY)]
    for source, n, seed in sources + others:
        rounds = entangled_keys.distribute(n, source=source, settings=EKERT, rng=seed)
        parts = (rounds.alice_choices, rounds.bob_choices, rounds.alice_bits, rounds.bob_bits)
        got = float(answer(*(part.copy() for part in parts)))
        seen = entangled_keys.chsh_from(rounds)
        if isclose(got, seen.value, abs_tol=1e-9):
            continue
        plain = float(seen.correlations.sum())
        agreement = float(((1 + seen.correlations) / 2 * np.array(EKERT.signs)).sum())
        product = (1.0 - 2 * parts[2]) * (1 - 2.0 * parts[3])
        unnormed = sum(
            sign * product[(parts[0] == x) & (parts[1] == y)].sum()
            for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1))
        )
        if isclose(got, plain, abs_tol=1e-9):
            return Verdict.wrong(
                "you add all four. One combination, Alice's 0 with Bob's 135 degrees, enters with a minus: "
                "its answers differ more often than not."
            )
        if isclose(got, abs(seen.value), abs_tol=1e-9):
            return Verdict.wrong(
                f"S of these pairs is {seen.value:.3f}: it has a sign, and lists are bounded on both sides, by -2 and 2."
            )
        if isclose(got, -seen.value, abs_tol=1e-9):
            return Verdict.wrong(
                "the right size with the wrong sign: equal bits count +1, different ones -1."
            )
        if isclose(got, agreement, abs_tol=1e-9):
            return Verdict.wrong(
                "you add shares of equal bits. A correlation is the mean of +1 (equal) and -1 (different), "
                "from -1 to 1."
            )
        if any(isclose(got, unnormed / n, abs_tol=1e-9) for n in (1, len(rounds))):
            return Verdict.wrong(
                "each correlation is a mean over the rounds of *its* combination; divide by their number, not by all."
            )
        if isclose(got, seen.value / 4, abs_tol=1e-9):
            return Verdict.wrong(
                "S is the sum of the four correlations, not their mean: lists reach 2, not 1/2."
            )
        if any(
            isclose(got, plain - 2 * seen.correlations[cell], abs_tol=1e-9)
            for cell in ((0, 0), (1, 0), (1, 1))
        ):
            return Verdict.wrong("one minus, but at another combination: it belongs to settings 0 and 2.")
        if isclose(got, _chsh_of(parts, lambda a, b: a * b), abs_tol=1e-9):
            return Verdict.wrong(
                "you multiply bits 0 and 1. The answers are +1 and -1: a bit b stands for 1 - 2b."
            )
        if isclose(got, _chsh_of(parts, lambda a, b: (1 - 2 * a) * (1 - 2 * b)), abs_tol=1e-6):
            return Verdict.wrong(
                "the bits are uint8, and in uint8 1 - 2 is 255: compare them with ==, or turn them into floats first."
            )
        return Verdict.wrong(f"from the same rounds S is {seen.value:.3f}; you find {got:.3f}.")
    return Verdict.right(
        "And it needed nothing but settings and bits: not the state, not the angles, no trust."
    )


_CHSH = """
def chsh_value(alice_choices, bob_choices, alice_bits, bob_bits):
    total = 0
    for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
        here = (alice_choices == x) & (bob_choices == y)
        equal = np.mean(alice_bits[here] == bob_bits[here])
        total += sign * (2 * equal - 1)
    return total
""".lstrip()

chsh_value = Exercise(
    name="chsh_value",
    level="core",
    prompt=(
        "Write `chsh_value(alice_choices, bob_choices, alice_bits, bob_bits)` for Ekert's angles: choices are the settings "
        "0, 1, 2. $S = E_{00} - E_{02} + E_{20} + E_{22}$, where $E_{xy}$ is the mean of +1 for equal bits and "
        "-1 for different ones over the rounds with settings $x$ and $y$. Given: `np`."
    ),
    stub="def chsh_value(alice_choices, bob_choices, alice_bits, bob_bits):\n    ...\n",
    solution=_CHSH,
    explanation=(
        "Select, compare, average, add with signs. The middle settings (1 on either side) belong to the key. "
        "Each of the four means has its own number of rounds and its own error; the squares of the errors add."
    ),
    wrong={
        "no minus": _CHSH.replace("(0, 2, -1)", "(0, 2, 1)"),
        "wrong sign": _CHSH.replace("alice_bits[here] == bob_bits", "alice_bits[here] != bob_bits"),
        "shares of equal bits": _CHSH.replace("(2 * equal - 1)", "equal"),
        "divides by all rounds": _CHSH.replace(
            "np.mean(alice_bits[here] == bob_bits[here])", "alice_bits[here] == bob_bits[here]"
        ).replace("(2 * equal - 1)", "np.sum(np.where(equal, 1, -1)) / here.size"),
        "another combination": _CHSH.replace("(2, 2, 1)", "(1, 2, 1)"),
        "no sign": _CHSH.replace("return total", "return abs(total)"),
        "a minus elsewhere": _CHSH.replace("(0, 2, -1)", "(0, 2, 1)").replace("(2, 2, 1)", "(2, 2, -1)"),
        "the mean of the four": _CHSH.replace("return total", "return total / 4"),
        "a product of bits": _CHSH.replace(
            "alice_bits[here] == bob_bits[here]", "alice_bits[here] * bob_bits[here]"
        ).replace("(2 * equal - 1)", "equal"),
        "signs in uint8": _CHSH.replace(
            "alice_bits[here] == bob_bits[here]", "(1 - 2 * alice_bits[here]) * (1 - 2 * bob_bits[here])"
        ).replace("(2 * equal - 1)", "equal"),
    },
    grade=_grade_chsh_value,
    given={"np": np},
)


_VISIBILITIES = {
    "entangled": 1 / 3,
    "list": float(np.sqrt(0.5)),
    "bbm92": 1 - 2 * bb84.threshold(),
    "untrusted": 1 - 2 * entangled_keys.critical_qber(),
}


def _grade_visibilities(answer: Any) -> Verdict:
    if not isinstance(answer, dict) or set(answer) != set(_VISIBILITIES):
        return Verdict.wrong('give a dictionary with the keys "entangled", "list", "bbm92" and "untrusted".')
    got = {name: float(answer[name]) for name in _VISIBILITIES}
    for name, right in _VISIBILITIES.items():
        value = got[name]
        if isclose(value, right, abs_tol=2e-4):
            continue
        if isclose(value, (1 + 3 * right) / 4, abs_tol=2e-4):
            return Verdict.wrong(
                f"{name}: {value:.4f} is the fidelity F = (1+3V)/4; the visibility V is asked for."
            )
        if isclose(value, 1 - right, abs_tol=2e-4) or isclose(value, (1 - right) / 2, abs_tol=2e-4):
            return Verdict.wrong(f"{name}: {value:.4f} is a share of errors or of noise. V = 1 - 2 QBER.")
        if name in ("bbm92", "untrusted") and isclose(value, (1 + right) / 2, abs_tol=2e-4):
            return Verdict.wrong(
                f"{name}: you wrote V = 1 - QBER; half of the noise is right by chance: V = 1 - 2 QBER."
            )
        return Verdict.wrong(
            f"{name}: {value:.4f} is not the border; where is the quantity exactly at its limit?"
        )
    return Verdict.right(
        "A third, 71 %, 78 %, 86 %: entangled, a CHSH value that no list has, a key with trusted detectors, a key without "
        "trust, the last two at the rates of this book. Each step asks more of the source."
    )


visibilities = Exercise(
    name="visibilities",
    level="core",
    prompt=(
        "A Werner pair of visibility V has a QBER of (1-V)/2 and $S = 2\\sqrt2\\,V$. From which V on is it entangled "
        '(`"entangled"`: F = (1+3V)/4 above 1/2), does S exceed 2, the most of every list (`"list"`), '
        'is the rate of BBM92 above 0 (`"bbm92"`), and that without trust in any device (`"untrusted"`)? A dictionary, four '
        "decimals. Given: `np`, `threshold()` of BB84, `critical_qber()`."
    ),
    stub='visibilities = ...  # {"entangled": ..., "list": ..., "bbm92": ..., "untrusted": ...}\n',
    solution=(
        "visibilities = {\n"
        '    "entangled": 1/3,\n'
        '    "list": 1 / np.sqrt(2),\n'
        '    "bbm92": 1 - 2 * threshold(),\n'
        '    "untrusted": 1 - 2 * critical_qber(),\n'
        "}\n"
    ),
    explanation=(
        "Solve F = 1/2, S = 2, and QBER = threshold twice. Between 0.7071 and 0.8570 the rounds prove that no list "
        "explains them, and yet this rate without trust is 0: a violation is not yet a key. (0.7071 is the border of CHSH; "
        "tests with more positions see a little further, and noise added on purpose moves the last two borders.) With "
        "trusted detectors the error rate is the stricter judge: at 0.7799, where BBM92 ends, S is still 2.2."
    ),
    wrong={
        "fidelities": (
            'visibilities = {"entangled": 1/2, "list": (1 + 3/np.sqrt(2)) / 4, "bbm92": 1 - 1.5 * threshold(), '
            '"untrusted": 1 - 1.5 * critical_qber()}\n'
        ),
        "error rates": (
            'visibilities = {"entangled": 1/3, "list": 1/np.sqrt(2), "bbm92": threshold(), '
            '"untrusted": critical_qber()}\n'
        ),
        "one minus the errors": (
            'visibilities = {"entangled": 1/3, "list": 1/np.sqrt(2), "bbm92": 1 - threshold(), '
            '"untrusted": 1 - critical_qber()}\n'
        ),
        "S of a perfect pair": (
            'visibilities = {"entangled": 1/3, "list": 1, "bbm92": 1 - 2 * threshold(), '
            '"untrusted": 1 - 2 * critical_qber()}\n'
        ),
    },
    grade=_grade_visibilities,
    given={"np": np, "threshold": bb84.threshold, "critical_qber": entangled_keys.critical_qber},
)


def _list_value(signs: Any) -> float:
    answers = list(product((-1, 1), repeat=2))
    return max(
        sum(signs[x][y] * a[x] * b[y] for x in (0, 1) for y in (0, 1)) for a in answers for b in answers
    )


def _grade_best_list(answer: Any) -> Verdict:
    for signs in (
        ((1, 1), (1, -1)),
        ((1, -1), (1, 1)),
        ((1, 1), (1, 1)),
        ((2, 1), (1, -3)),
        ((1, 0), (0, 1)),
    ):
        got, right = float(answer(np.array(signs))), _list_value(signs)
        if isclose(got, right, abs_tol=1e-9):
            continue
        matrix = np.array(signs)
        lowest = -right
        if isclose(got, np.abs(matrix).sum(), abs_tol=1e-9):
            return Verdict.wrong(
                f"for {signs} you find {got:g}: four answers cannot all be right at once when the signs contradict "
                "each other. Each side answers each position in one way only."
            )
        if isclose(got, 2 * np.sqrt(2), abs_tol=1e-3):
            return Verdict.wrong(
                "2 sqrt 2 is for pairs. A list has an answer of +1 or -1 ready for every position."
            )
        if isclose(got, lowest, abs_tol=1e-9):
            return Verdict.wrong(f"for {signs} you find the lowest value, {got:g}; the largest is asked for.")
        if isclose(got, abs(matrix.sum()), abs_tol=1e-9):
            return Verdict.wrong(
                f"for {signs} you let both sides always answer +1; there are sixteen lists to try."
            )
        return Verdict.wrong(f"for the signs {signs} the best list reaches {right:g}, not {got:g}.")
    return Verdict.right(
        "Sixteen lists, none above 2; and a mixture of lists lies between the best and the worst."
    )


_LIST = """
def best_list(signs):
    best = -np.inf
    for a0, a1, b0, b1 in product((-1, 1), repeat=4):
        value = signs[0, 0]*a0*b0 + signs[0, 1]*a0*b1 + signs[1, 0]*a1*b0 + signs[1, 1]*a1*b1
        best = max(best, value)
    return best
""".lstrip()

best_list = Exercise(
    name="best_list",
    level="core",
    prompt=(
        "A list holds an answer, +1 or -1, for each of two settings a side. Write `best_list(signs)`: the "
        "largest $\\sum_{xy} s_{xy}\\,a_x b_y$ over all lists, for any 2 x 2 array of numbers `signs` (those of CHSH "
        "have one -1). Given: `np`, `product` of itertools."
    ),
    stub="def best_list(signs):\n    ...\n",
    solution=_LIST,
    explanation=(
        "For CHSH, $a_0(b_0+b_1) + a_1(b_0-b_1)$: one of the brackets is 0 and the other at most 2. A source may mix "
        "lists by lot, depend on the weather or on a random number of Eve's: a mean never exceeds the best of what it "
        "is the mean of. So 2 bounds *every* source that answers each side from what it carries."
    ),
    wrong={
        "all right at once": "def best_list(signs):\n    return np.abs(signs).sum()\n",
        "the quantum bound": "def best_list(signs):\n    return 2 * np.sqrt(2)\n",
        "the lowest": _LIST.replace("-np.inf", "np.inf").replace("max(", "min("),
        "one list": "def best_list(signs):\n    return abs(signs.sum())\n",
        "always two": "def best_list(signs):\n    return 2\n",
    },
    grade=_grade_best_list,
    given={"np": np, "product": product},
)


def _grade_untrusted_threshold(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))  # root finders like to return arrays of one
    right = entangled_keys.critical_qber()
    if isclose(value, right, abs_tol=2e-5):
        return Verdict.right(
            "7.149 %: four points below the 11.0 % of trusted detectors, at rates that add no noise. Trust has its price."
        )
    if isclose(value, 100 * right, abs_tol=2e-3):
        return Verdict.wrong("as a share, please, not in per cent.")
    if isclose(value, bb84.threshold(), abs_tol=2e-4):
        return Verdict.wrong(
            "11.0 % is where trusted detectors stop: there Eve is charged h(Q). Charge her chi(S)."
        )
    if isclose(value, (1 - np.sqrt(0.5)) / 2, abs_tol=2e-4):
        return Verdict.wrong("at 14.6 % S reaches 2, and Eve may know all; but the rate is gone long before.")
    if isclose(value, 0.11002786 * 2, abs_tol=2e-4) or isclose(value, 2 * right, abs_tol=2e-4):
        return Verdict.wrong("1 - V is twice the error rate: S = 2 sqrt2 (1 - 2Q).")
    free = float(
        brentq(lambda q: 1 - entangled_keys.eve_information(2 * np.sqrt(2) * (1 - 2 * q)) - 0.5, 0.001, 0.14)
    )
    if isclose(value, free, abs_tol=2e-4):
        return Verdict.wrong("Eve knows half a bit there; the correction must be paid as well: h(Q).")
    return Verdict.wrong(
        f"at {value:g} the rate is not zero. It is 1 at Q = 0 and falls; where does it cross?"
    )


untrusted_threshold = Exercise(
    name="untrusted_threshold",
    level="stretch",
    prompt=(
        "On a line with $S = 2\\sqrt2\\,(1-2Q)$ a key bit is worth $1 - h(Q) - \\chi(S)$, with "
        "$\\chi(S) = h\\bigl((1+\\sqrt{(S/2)^2-1})/2\\bigr)$, when no device is trusted. At which Q does it reach zero? "
        "Five decimals. Given: `np`, `h`, `brentq` (`brentq(f, a, b)`); mind that $\\chi$ needs S above 2."
    ),
    stub="untrusted_threshold = ...\n",
    solution=(
        "def rate(q):\n"
        "    s = 2 * np.sqrt(2) * (1 - 2*q)\n"
        "    return 1 - h(q) - h((1 + np.sqrt((s/2)**2 - 1)) / 2)\n\n"
        "untrusted_threshold = brentq(rate, 0.001, 0.14)\n"
    ),
    explanation=(
        "Both prices rise steeply: at 7.149 % correction takes 0.37 bits and Eve may have 0.63. With trusted "
        "detectors she is charged $h(Q)$ alone, and the root is 11.0 %: whoever trusts nobody pays nearly twice for Eve."
    ),
    wrong={
        "per cent": "untrusted_threshold = 7.14918\n",
        "with trust": "untrusted_threshold = brentq(lambda q: 1 - 2*h(q), 0.001, 0.4)\n",
        "where S is 2": "untrusted_threshold = (1 - np.sqrt(0.5)) / 2\n",
        "V is 1 - Q": (
            "def rate(v):\n    s = 2 * np.sqrt(2) * (1 - v)\n"
            "    return 1 - h(v / 2) - h((1 + np.sqrt((s/2)**2 - 1)) / 2)\n\n"
            "untrusted_threshold = brentq(rate, 0.001, 0.29)\n"
        ),
        "forgets the correction": (
            "def rate(q):\n    s = 2 * np.sqrt(2) * (1 - 2*q)\n"
            "    return 0.5 - h((1 + np.sqrt((s/2)**2 - 1)) / 2)\n\n"
            "untrusted_threshold = brentq(rate, 0.001, 0.14)\n"
        ),
    },
    grade=_grade_untrusted_threshold,
    given={"np": np, "h": binary_entropy, "brentq": brentq},
)


def _grade_rounds_needed(answer: Any) -> Verdict:
    for value, failure in ((2 * np.sqrt(2), 1e-10), (2.4, 1e-6), (2.1, 1e-3)):
        got = float(answer(value, failure))
        right = 72 * log(1 / failure) / (value - 2) ** 2
        # The least whole n above; where `right` is whole up to rounding, that number or the next.
        if got in {ceil(right * (1 - 1e-12)), floor(right * (1 + 1e-12)) + 1}:
            continue
        where = f"for S = {value:.3g} and failure {failure:g}"
        if abs(got - right) < 1:
            return Verdict.wrong(
                f"{where} the bound after {got:g} rounds is not above 2 yet: the least whole n is rounded up."
            )
        if isclose(got, right / 9, rel_tol=2e-2):
            return Verdict.wrong(
                f"{where} you need {got:.0f} rounds in each combination; only one round in nine is."
            )
        if isclose(got, right * 4 / 9, rel_tol=2e-2):
            return Verdict.wrong(f"{where} you count rounds of the test; they are four in nine of all.")
        if isclose(got, 72 * log(1 / failure) / (value - 2), rel_tol=2e-2):
            return Verdict.wrong(
                f"{where}: solve for n with the square: half the violation takes four times the rounds."
            )
        if isclose(got, right / 4, rel_tol=2e-2) or isclose(got, right / 16, rel_tol=2e-2):
            return Verdict.wrong(
                f"{where}: four correlations, each with n/9 rounds: the sum of 1/n_xy is 36/n."
            )
        if isclose(got, 72 * log10(1 / failure) / (value - 2) ** 2, rel_tol=2e-2):
            return Verdict.wrong(
                f"{where}: ln is the natural logarithm, `log(1 / failure)`, not that to base 10."
            )
        if isclose(got, 72 * log(1 / failure) / value**2, rel_tol=2e-2):
            return Verdict.wrong(
                f"{where}: S has to stay above 2, not above 0: it is S - 2 that the bound may cost."
            )
        return Verdict.wrong(f"{where} it takes {ceil(right)} rounds, not {got:.0f}.")
    return Verdict.right(
        "2,416 rounds for a perfect pair, 50,000 at S = 2.1 though only once in a thousand. A violation is cheap; a "
        "rate near that of endless keys is not."
    )


rounds_needed = Exercise(
    name="rounds_needed",
    level="stretch",
    prompt=(
        "With $n$ rounds at Ekert's angles each combination of the test has about $n/9$. Lists are excluded where "
        "$S - \\sqrt{2\\ln(1/\\varepsilon)\\sum_{xy} 1/n_{xy}} > 2$. Write `rounds_needed(value, failure)`: the least "
        "whole n for an observed S and a failure probability $\\varepsilon$. Given: `log`, `ceil`."
    ),
    stub="def rounds_needed(value, failure):\n    ...\n",
    solution=(
        "def rounds_needed(value, failure):\n"
        "    per_cell = 9 * 4                      # sum of 1/n_xy is 36/n\n"
        "    return ceil(2 * log(1 / failure) * per_cell / (value - 2) ** 2)\n"
    ),
    explanation=(
        "Four terms of $9/n$ make $36/n$; square the inequality and solve: $n > 72\\ln(1/\\varepsilon)/(S-2)^2$. Half "
        "the violation takes four times the rounds, and a hundredfold smaller risk only adds to a logarithm."
    ),
    wrong={
        "rounds of one combination": (
            "def rounds_needed(value, failure):\n    return ceil(8 * log(1 / failure) / (value - 2) ** 2)\n"
        ),
        "rounds of the test": (
            "def rounds_needed(value, failure):\n    return ceil(32 * log(1 / failure) / (value - 2) ** 2)\n"
        ),
        "without the square": (
            "def rounds_needed(value, failure):\n    return ceil(72 * log(1 / failure) / (value - 2))\n"
        ),
        "the decadic logarithm": (
            "def rounds_needed(value, failure):\n    return ceil(72 * log(1 / failure) / log(10) / (value - 2) ** 2)\n"
        ),
        "above zero": "def rounds_needed(value, failure):\n    return ceil(72 * log(1 / failure) / value ** 2)\n",
        "rounded down": (
            "def rounds_needed(value, failure):\n    return int(72 * log(1 / failure) / (value - 2) ** 2)\n"
        ),
        "one correlation": (
            "def rounds_needed(value, failure):\n    return ceil(18 * log(1 / failure) / (value - 2) ** 2)\n"
        ),
    },
    grade=_grade_rounds_needed,
    given={"log": log, "ceil": ceil},
)


def _grade_meeting(answer: Any) -> Verdict:
    # 40,000 rounds of each kind: sigma at most 0.0025, 6 sigma 0.015
    rounds, p = 40_000, 0.1
    got = answer(rounds, p, np.random.default_rng(5))
    if not isinstance(got, tuple | list | np.ndarray) or len(got) != 2:
        return Verdict.wrong("return two numbers: the error rate in Z, and the share of odd rounds in X.")
    few = {tuple(map(float, answer(60, p, np.random.default_rng(seed)))) for seed in (1, 2, 3, 4)}
    qber, phase = (float(value) for value in got)
    odd = (1 - (1 - 2 * p) ** 3) / 2
    if len(few) == 1 and phase > 0.01:
        return Verdict.wrong(f"{phase:.3f} whatever the rounds: that is a formula. Run a circuit and count.")
    if qber < 0.001 and abs(phase - odd) < 0.015:
        for more in (0.3, 0.5):
            qber_there, there = (float(value) for value in answer(rounds, more, np.random.default_rng(6)))
            due = (1 - (1 - 2 * more) ** 3) / 2
            if qber_there > 0.001 or abs(there - due) > 0.015:
                return Verdict.wrong(
                    f"right at p = 0.1, but at p = {more:g} ({qber_there:.3f}, {there:.3f}) instead of (0, {due:.3f})."
                )
        return Verdict.right(
            f"No error in the key, and {phase:.3f} in X: (1 - (1-2p)^3)/2. Every party's noise adds to one price, "
            "so conferences need better lines, the larger they are."
        )
    if abs(qber - odd) < 0.015 and phase < 0.001:
        return Verdict.wrong("these are the two numbers, exchanged: the error rate in Z comes first.")
    if qber < 0.001 and abs(phase - (1 - odd)) < 0.015:
        return Verdict.wrong(f"{phase:.3f} of the rounds are *even*; count those with an odd number of ones.")
    if qber > 0.05 and phase > 0.05:
        return Verdict.wrong("errors in both bases: only sign flips are wanted, a Z on each qubit and no X.")
    if qber > 0.05 and phase < 0.01:
        return Verdict.wrong(
            "these are bit flips: Z errors leave the key alone and turn up in X. Use z, not x."
        )
    if abs(phase - p) < 0.015:
        return Verdict.wrong(
            f"{phase:.3f}: one party's line has noise, or one coin decides for all. Each has noise, by its own coin."
        )
    if abs(phase - (1 - (1 - 2 * p) ** 2) / 2) < 0.015:
        return Verdict.wrong(f"{phase:.3f}: two of three lines have noise, or two of three bits are counted.")
    if abs(phase - 0.5) < 0.02:
        return Verdict.wrong(
            "half of the rounds are odd: the parity of *all three* bits is even, not of one or two."
        )
    if phase < 0.001:
        return Verdict.wrong("no odd round at all: a sign flip shows after the H, so it must come before it.")
    return Verdict.wrong(f"({qber:.3f}, {phase:.3f}): expected no error in Z and {odd:.3f} in X.")


_MEETING = """
def meeting(n_rounds, p, rng):
    flips = rng.random((3, n_rounds)) < p
    state = Circuit(3, bits=3).h(0).cx(0, 1).cx(0, 2)
    for party in range(3):
        state = state.z(party, where=flips[party])

    def read(circuit):
        return circuit.measure(0, 0).measure(1, 1).measure(2, 2).run(rng=rng).bits

    z = read(state)
    x = read(state.h(0).h(1).h(2))
    wrong = z[:, 1] != z[:, 0]
    return wrong.mean(), (x.sum(axis=1) % 2).mean()
""".lstrip()

meeting = Exercise(
    name="meeting",
    level="project",
    prompt=(
        "Three parties share GHZ states; on its way each qubit suffers a Z with probability `p`, by its own coin. Write "
        "`meeting(n_rounds, p, rng)` on `Circuit`: `n_rounds` rounds in which all measure Z, and as many in which all "
        "measure X. Return the error rate of Bob's key against Alice's, and the share of X rounds with an odd number "
        "of ones. `rng` is a NumPy `Generator`. Given: `np`, `Circuit`."
    ),
    stub="def meeting(n_rounds, p, rng):\n    ...\n",
    solution=_MEETING,
    explanation=(
        "A Z on any one qubit turns the plus of the GHZ state into a minus: nothing changes in Z, and the parity in X "
        "turns odd. Two such flips undo each other, so odd rounds have probability $(1-(1-2p)^3)/2$. The key has no "
        "errors, and its rate is nevertheless $1 - h(Q_X)$."
    ),
    wrong={
        "bit flips": _MEETING.replace("state.z(", "state.x("),
        "one noisy line": _MEETING.replace("    for party in range(3):", "    for party in range(1):"),
        "two noisy lines": _MEETING.replace("    for party in range(3):", "    for party in range(2):"),
        "parity of two": _MEETING.replace("x.sum(axis=1)", "x[:, :2].sum(axis=1)"),
        "noise after the H": _MEETING.replace("    for party", "    quiet = state\n    for party").replace(
            "    x = read(state.h(0).h(1).h(2))\n",
            "    turned = quiet.h(0).h(1).h(2)\n"
            "    for party in range(3):\n"
            "        turned = turned.z(party, where=flips[party])\n"
            "    x = read(turned)\n",
        ),
        "exchanged": _MEETING.replace(
            "return wrong.mean(), (x.sum(axis=1) % 2).mean()",
            "return (x.sum(axis=1) % 2).mean(), wrong.mean()",
        ),
        "even rounds": _MEETING.replace("(x.sum(axis=1) % 2).mean()", "(x.sum(axis=1) % 2 == 0).mean()"),
        "both kinds of noise": _MEETING.replace(
            "        state = state.z(party, where=flips[party])\n",
            "        state = state.z(party, where=flips[party]).x(party, where=rng.random(n_rounds) < p)\n",
        ),
        "one noise for all": _MEETING.replace("< p", "< 0.1"),
        "a formula": "def meeting(n_rounds, p, rng):\n    return 0, (1 - (1 - 2*p)**3) / 2\n",
    },
    grade=_grade_meeting,
    given={"np": np, "Circuit": Circuit},
)

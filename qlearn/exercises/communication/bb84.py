"""Exercises of the chapter *BB84: a key that notices it is being watched*."""

from math import ceil, isclose, log
from typing import Any

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import bb84
from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit


def _grade_error_rate(answer: Any) -> Verdict:
    mistakes = {
        0.3: "0.3 is the share she touches. Of those, how many does she read in the wrong basis?",
        0.15: "0.15 counts every pulse she reads in the wrong basis. Bob still throws a coin: half come out right.",
        0.25: "1/4 is the price of touching every pulse. She touches three in ten.",
        0.0375: "0.0375 divides by all pulses. The error rate is a share of the sifted bits, already half of them.",
        7.5: "as a share, please: 1 is all of the bits. A per cent is 0.01.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, 0.075, rel_tol=1e-6):
        return Verdict.right("0.3 x 1/2 (wrong basis) x 1/2 (Bob's coin) = 0.075, in Z as in X.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=1e-6):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. Walk the tree: touched, wrong basis, wrong outcome; multiply."
    )


error_rate = Exercise(
    name="error_rate",
    level="warm-up",
    prompt=(
        "Eve intercepts three pulses in ten, in a random basis, and resends. The line is quiet otherwise. "
        "Which error rate do Alice and Bob find in their sifted bits? By hand, as a share between 0 and 1."
    ),
    stub="error_rate = ...\n",
    solution="error_rate = 0.3 * 1/2 * 1/2\n",
    explanation=(
        "Three branches in a row: touched (0.3), in the wrong basis (1/2), and then Bob's outcome is a coin that "
        "comes out wrong (1/2). Untouched pulses and right bases cost nothing. The product is 0.075."
    ),
    wrong={
        "all that is touched": "error_rate = 0.3\n",
        "forgets Bob's coin": "error_rate = 0.3 / 2\n",
        "every pulse": "error_rate = 1/4\n",
        "share of all pulses": "error_rate = 0.3 / 8\n",
        "per cent": "error_rate = 7.5\n",
    },
    grade=_grade_error_rate,
)


def _grade_sift(answer: Any) -> Verdict:
    sent = bb84.exchange(400, noise=0.1, loss_db=3, rng=3)
    data = [sent.alice_bits, sent.alice_bases, sent.bob_bits, sent.bob_bases, sent.detected]
    got = answer(*(array.copy() for array in data))
    if not isinstance(got, tuple | list | np.ndarray) or len(got) != 2:
        return Verdict.wrong("return two arrays: Alice's key and Bob's key.")
    alice, bob = (np.asarray(key) for key in got)
    if alice.shape != bob.shape or alice.ndim != 1:
        return Verdict.wrong(
            f"the two keys must pair up bit by bit; yours have shapes {alice.shape}, {bob.shape}."
        )
    same, agree = sent.alice_bases == sent.bob_bases, sent.alice_bits == sent.bob_bits
    for mask, verdict in (
        (sent.kept, Verdict.right("Right, and nobody had to name a bit: bases and clicks are all you used.")),
        (
            sent.detected,
            Verdict.wrong(
                "you keep bits that were read in the other basis: half of those are coin throws. Compare the bases."
            ),
        ),
        (
            same,
            Verdict.wrong(
                "you keep pulses that never arrived: Bob's 0 there is no outcome. Keep only what was detected."
            ),
        ),
        (
            sent.kept & agree,
            Verdict.wrong(
                "you threw away the errors, which takes both keys in one hand: then there is no secret, "
                "and no warning of Eve either. Use bases and clicks only."
            ),
        ),
    ):
        if (
            alice.size == mask.sum()
            and (alice == sent.alice_bits[mask]).all()
            and (bob == sent.bob_bits[mask]).all()
        ):
            return verdict
    kept = sent.kept
    if np.array_equal(alice, sent.bob_bits[kept]) and np.array_equal(bob, sent.alice_bits[kept]):
        return Verdict.wrong("the right pulses, but the keys are exchanged: Alice's comes first.")
    if alice.size == kept.sum():
        return Verdict.wrong(
            f"you keep {alice.size} bits, as many as you should, but not these: Alice's bits of the kept pulses, "
            "in their order, and Bob's."
        )
    return Verdict.wrong(
        f"of 400 pulses you keep {alice.size}; {sent.kept.sum()} were detected in equal bases. Mind the brackets: "
        "`&` binds tighter than `==`."
    )


sift = Exercise(
    name="sift",
    level="core",
    prompt=(
        "Write `sift(alice_bits, alice_bases, bob_bits, bob_bases, detected)`: arrays with one entry a pulse go "
        "in, the two sifted keys come out, as a tuple `(alice, bob)`."
    ),
    stub="def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n    ...\n",
    solution=(
        "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
        "    kept = (alice_bases == bob_bases) & detected\n"
        "    return alice_bits[kept], bob_bits[kept]\n"
    ),
    explanation=(
        "What decides is public: where Bob's detector clicked, and where the bases agree. The bits take no part "
        "in the decision. The errors stay in the key, and that is good: they are what Alice and Bob learn from."
    ),
    wrong={
        "keeps unequal bases": (
            "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
            "    return alice_bits[detected], bob_bits[detected]\n"
        ),
        "keeps undetected pulses": (
            "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
            "    kept = alice_bases == bob_bases\n"
            "    return alice_bits[kept], bob_bits[kept]\n"
        ),
        "removes the errors too": (
            "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
            "    kept = (alice_bases == bob_bases) & detected & (alice_bits == bob_bits)\n"
            "    return alice_bits[kept], bob_bits[kept]\n"
        ),
        "exchanged": (
            "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
            "    kept = (alice_bases == bob_bases) & detected\n"
            "    return bob_bits[kept], alice_bits[kept]\n"
        ),
        "without brackets": (
            "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
            "    kept = alice_bases == bob_bases & detected\n"
            "    return alice_bits[kept], bob_bits[kept]\n"
        ),
        "returns one key": (
            "def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):\n"
            "    kept = (alice_bases == bob_bases) & detected\n"
            "    return alice_bits[kept]\n"
        ),
    },
    grade=_grade_sift,
)


def _grade_expected_bits(answer: Any) -> Verdict:
    for n, p_x in ((10_000, 0.5), (10_000, 0.1), (4_000, 0.8)):
        got = answer(n, p_x)
        if not isinstance(got, tuple | list | np.ndarray) or len(got) != 2:
            return Verdict.wrong("return two numbers: how many sifted bits in Z, and how many in X.")
        z, x = (float(value) for value in got)
        right = (n * (1 - p_x) ** 2, n * p_x**2)
        if np.allclose((z, x), right, rtol=0, atol=0.51):  # rounding is no mistake
            continue
        if np.allclose((x, z), right):
            return Verdict.wrong("Z and X are exchanged: p_x is the chance of X, and Z comes first.")
        if np.allclose((z, x), (n * (1 - p_x), n * p_x)):
            return Verdict.wrong(
                "you count Alice's choice only. A bit is kept when Bob chose the same, by himself."
            )
        if np.allclose((z * n, x * n), right):
            return Verdict.wrong("these are shares; how many bits is that of n_pulses?")
        return Verdict.wrong(
            f"for {n} pulses and p_x = {p_x} expect {right[0]:g} and {right[1]:g}, not {z:g}, {x:g}."
        )
    return Verdict.right(
        "With p_x = 0.1, 10,000 pulses leave 8,100 bits in Z and 100 in X: 82 % are kept, but too few are left "
        "in X to say anything about Eve. Biased bases pay off in long runs only."
    )


expected_bits = Exercise(
    name="expected_bits",
    level="core",
    prompt=(
        "Both sides choose X with probability `p_x`. Write `expected_bits(n_pulses, p_x)`: the expected numbers of "
        "sifted bits in Z and in X, as a tuple. Then look at `expected_bits(10_000, 0.1)`: are there enough bits "
        "in X to estimate the errors there?"
    ),
    stub="def expected_bits(n_pulses, p_x):\n    ...\n",
    solution=(
        "def expected_bits(n_pulses, p_x):\n    return n_pulses * (1 - p_x) ** 2, n_pulses * p_x ** 2\n"
    ),
    explanation=(
        "The two choices are independent, so both are X with probability $p_x^2$. For $p_x = 0.1$ that is one pulse "
        "in a hundred: of 10,000 only 100 bits are left to watch X, and 198 without a single error would be the "
        "least that rules out a line above the threshold (failure $10^{-10}$)."
    ),
    wrong={
        "one side only": "def expected_bits(n_pulses, p_x):\n    return n_pulses * (1 - p_x), n_pulses * p_x\n",
        "exchanged": "def expected_bits(n_pulses, p_x):\n    return n_pulses * p_x**2, n_pulses * (1 - p_x)**2\n",
        "shares": "def expected_bits(n_pulses, p_x):\n    return (1 - p_x)**2, p_x**2\n",
        "half of all": "def expected_bits(n_pulses, p_x):\n    return n_pulses / 4, n_pulses / 4\n",
    },
    grade=_grade_expected_bits,
)


def _grade_one_basis(answer: Any) -> Verdict:
    if not isinstance(answer, dict) or set(answer) != {"Z", "X", "average"}:
        return Verdict.wrong('give a dictionary with the keys "Z", "X" and "average".')
    z, x, average = (float(answer[key]) for key in ("Z", "X", "average"))

    def says(*rates: float) -> bool:  # a rate computed with sines and cosines is as good as a fraction
        return np.allclose((z, x), rates, atol=1e-9)

    if says(0, 0.5) and isclose(average, 0.25, abs_tol=1e-9):
        return Verdict.right(
            "The average is the 1/4 of the random Eve; only the look at each basis tells them apart."
        )
    if says(0.25, 0.25):
        return Verdict.wrong(
            "1/4 in both is the Eve who chooses at random. This one never disturbs a pulse written in Z."
        )
    if says(0.5, 0):
        return Verdict.wrong(
            "exchanged: what she reads in Z was written in Z without a trace; X pulses become coins."
        )
    if says(0, 1):
        return Verdict.wrong(
            "a wrong basis makes Bob's outcome a coin, not a certain error: half come out right."
        )
    if says(0, 0.5):
        return Verdict.wrong(
            f"each basis is right; their average, half of the bits each, is not {average:g}."
        )
    return Verdict.wrong(
        f"for Z you say {z:g}, for X {x:g}. Follow one pulse of each kind through her hands."
    )


one_basis = Exercise(
    name="one_basis",
    level="core",
    prompt=(
        "Eve reads every pulse in Z and resends. Which error rates do Alice and Bob find in Z, in X, and on "
        'average (both bases equally likely)? A dictionary with the keys `"Z"`, `"X"` and `"average"`.'
    ),
    stub='one_basis = ...  # {"Z": ..., "X": ..., "average": ...}\n',
    solution='one_basis = {"Z": 0, "X": 1/2, "average": 1/4}\n',
    explanation=(
        "A pulse written in Z passes her hands unharmed, and she has read the bit. A pulse written in X leaves them "
        "as $|0\\rangle$ or $|1\\rangle$, from which Bob's X measurement makes a coin. The average, 1/4, is the one "
        "of a random Eve: an average over bases hides who was there, and *how much she knows*."
    ),
    wrong={
        "1/4 in both": 'one_basis = {"Z": 1/4, "X": 1/4, "average": 1/4}\n',
        "exchanged": 'one_basis = {"Z": 1/2, "X": 0, "average": 1/4}\n',
        "wrong basis, always wrong": 'one_basis = {"Z": 0, "X": 1, "average": 1/2}\n',
        "no average": 'one_basis = {"Z": 0, "X": 1/2, "average": 1/2}\n',
    },
    grade=_grade_one_basis,
)


def _bits_needed(fraction: float, miss: float) -> int:
    m, stays = ceil(log(miss) / log(1 - fraction / 4)), 1 - fraction / 4
    return (
        m - (stays ** (m - 1) <= miss) + (stays**m > miss)
    )  # the quotient is rounded, and may miss a whole number


def _grade_bits_to_compare(answer: Any) -> Verdict:
    for fraction, miss in ((1.0, 1e-9), (0.1, 1e-3), (0.01, 1e-6)):
        got = float(answer(fraction, miss))
        right = _bits_needed(fraction, miss)
        if got == right:
            continue
        where = f"for fraction {fraction:g} and miss {miss:g}"
        if got == right - 1:
            return Verdict.wrong(
                f"{where} you compare {got:g}: one too few. Round up: a fraction of a bit compares nothing."
            )
        if isclose(got, log(miss) / log(1 - fraction / 4)):
            return Verdict.wrong(
                f"{where} you compare {got:.3f} bits: a whole number, please, and large enough."
            )
        if fraction < 1 and got == ceil(log(miss) / log(1 - fraction)):
            return Verdict.wrong(f"{where}: a touched pulse is an error only once in four. Use fraction / 4.")
        if abs(got - 4 / fraction) <= 1:
            return Verdict.wrong(
                f"{where}: after {got:g} bits *one error is expected*, yet often none is seen."
            )
        return Verdict.wrong(
            f"{where} you compare {got:g} bits; {right} are needed. Solve (1 - fraction/4)^m <= miss."
        )
    return Verdict.right(
        "73 bits unmask an Eve who touches everything, 5,520 one who touches one pulse in a hundred, and an Eve who "
        "touches ten pulses in a million is all but invisible. She learns little; amplification removes even that."
    )


bits_to_compare = Exercise(
    name="bits_to_compare",
    level="stretch",
    prompt=(
        "On a line without noise Eve intercepts a `fraction` of the pulses in random bases. Write "
        "`bits_to_compare(fraction, miss)`: the least number of sifted bits to compare so that *no* error among "
        "them has a chance of at most `miss`, for `fraction` above 0 and up to 1, `miss` above 0 and below 1. Given: "
        "`log`, `ceil`."
    ),
    stub="def bits_to_compare(fraction, miss):\n    ...\n",
    solution=(
        "def bits_to_compare(fraction, miss):\n"
        "    m = ceil(log(miss) / log(1 - fraction / 4))\n"
        "    return m - 1 if (1 - fraction / 4) ** (m - 1) <= miss else m\n"
    ),
    explanation=(
        "Each compared bit is right with probability $1 - f/4$, independently, so $m$ of them are all right with "
        "$(1 - f/4)^m$. Set that to `miss`, take logarithms, round up. (The last line: where "
        "$m$ comes out whole, the quotient's rounding may have added one.) For small $f$ it grows like $4 \\ln(1/\\text{"
        "miss}) / f$: half the Eve, twice the comparison."
    ),
    wrong={
        "rounds down": "def bits_to_compare(fraction, miss):\n    return int(log(miss) / log(1 - fraction / 4))\n",
        "does not round": "def bits_to_compare(fraction, miss):\n    return log(miss) / log(1 - fraction / 4)\n",
        "every touch an error": (
            "def bits_to_compare(fraction, miss):\n"
            "    return ceil(log(miss) / log(1 - fraction)) if fraction < 1 else 73\n"
        ),
        "one expected error": "def bits_to_compare(fraction, miss):\n    return ceil(4 / fraction)\n",
    },
    grade=_grade_bits_to_compare,
    given={"log": log, "ceil": ceil},
)


def _grade_six_state(answer: Any) -> Verdict:
    # 60,000 pulses leave 6,667 bits a basis: sigma 0.0058; 6 sigma is 0.035.
    quiet, heard = (
        np.asarray(answer(60_000, listens, np.random.default_rng(5))) for listens in (False, True)
    )
    few = {tuple(answer(200, True, np.random.default_rng(seed))) for seed in (1, 2, 3, 4)}

    def near(rates: Any, *due: float) -> bool:
        return np.allclose(rates, due, rtol=0, atol=0.035)

    if quiet.shape != (3,) or heard.shape != (3,):
        return Verdict.wrong(
            f"return three error rates, of the sifted bits in Z, in X and in Y; yours have the shape {heard.shape}."
        )
    said = ", ".join(f"{rate:.3f}" for rate in heard)
    if len(few) == 1 and heard.any():
        return Verdict.wrong(
            f"{said} whatever the pulses: that is a formula. Send them through a circuit and count."
        )
    if not quiet.any() and near(heard, 1 / 3, 1 / 3, 1 / 3):
        return Verdict.right(
            "1/3 in each: with three bases Eve is wrong more often than with two, and pays more for it."
        )
    if not quiet.any() and not heard.any():
        return Verdict.wrong("no errors with Eve: she measures every pulse, in the middle of the circuit.")
    if not quiet.any() and near(heard, 0, 1 / 2, 1 / 2):
        return Verdict.wrong(f"{said}: your Eve reads always in Z. She chooses among the three as well.")
    if near(quiet, 0, 0, 1):
        return Verdict.wrong(
            "without Eve every bit in Y is wrong: S twice is Z, which turns the bit. Out of Y is S dagger, then H. "
            "(With Eve two such turns undo each other: her 1/3 says nothing about it.)"
        )
    if near(quiet, 0, 0, 1 / 2):
        return Verdict.wrong("without Eve the Y bits are coins, as if Y were read in X: S dagger, then H.")
    if near(quiet, 1 / 3, 1 / 3, 1 / 3):
        if near(heard, 1 / 3, 1 / 3, 1 / 3):
            return Verdict.wrong(
                "1/3, but without Eve as well: you keep the pulses of which *her* basis is Alice's. Bob's must be."
            )
        return Verdict.wrong(
            f"{said} counts all pulses. Sift first: keep those that Bob read in Alice's basis."
        )
    return Verdict.wrong(
        f"with Eve {said}, 1/3 in each is due, and without her none. Into Y is H then S, out of it S dagger then H; "
        "sift before you count."
    )


_SIX_STATE = """
def six_state(n_pulses, listens, rng):
    bits = rng.integers(0, 2, n_pulses)
    alice, eve, bob = rng.integers(0, {bases}, (3, n_pulses))

    def into(circuit, basis):
        return circuit.h(0, where=basis > 0).s(0, where=basis == 2)

    def out_of(circuit, basis):
        return circuit{undo}.h(0, where=basis > 0)

    sent = into(Circuit(1, bits=2).x(0, where=bits == 1), alice)
    if {listens}:
        sent = into(out_of(sent, {hers}).measure(0, 0), {hers})
    received = out_of(sent, bob).measure(0, 1).run(rng=rng).bits[:, 1]
    sifted = {sifted}
    return [np.mean((received != bits)[sifted & (alice == basis)]) for basis in range({bases})]
""".lstrip()


def _six_state(
    bases: int = 3,
    undo: str = ".sdg(0, where=basis == 2)",
    sifted: str = "alice == bob",
    hers: str = "eve",
    listens: str = "listens",
) -> str:
    return _SIX_STATE.format(bases=bases, undo=undo, sifted=sifted, hers=hers, listens=listens)


six_state = Exercise(
    name="six_state",
    level="project",
    prompt=(
        "The six-state protocol is BB84 with a third basis, Y. Write `six_state(n_pulses, listens, rng)` on `Circuit`: "
        "all parties choose Z, X or Y with 1/3 each; if `listens`, Eve measures every pulse and resends. Return the "
        "error rates of the sifted bits in Z, in X and in Y, which without her are 0. `rng` is a NumPy `Generator`. "
        "Into Y: H, then S. Given: `np`, `Circuit`."
    ),
    stub="def six_state(n_pulses, listens, rng):\n    ...\n",
    solution=_six_state(),
    explanation=(
        "Eve's basis is wrong two times in three, and then Bob's outcome is a coin: $\\tfrac23 \\cdot \\tfrac12 = "
        "\\tfrac13$. Only a third of the pulses is kept, but each tells more about her: the error rate at which the "
        "plain key rate reaches 0 rises from 11.0 % to 12.6 %."
    ),
    wrong={
        "two bases": _six_state(bases=2),
        "does not sift": _six_state(sifted="np.ones(n_pulses, dtype=bool)"),
        "sifts by Eve's basis": _six_state(sifted="alice == eve"),
        "Y read in X": _six_state(undo=""),
        "S for S dagger": _six_state(undo=".s(0, where=basis == 2)"),
        "Eve always in Z": _six_state(hers="0 * eve"),
        "a formula": "def six_state(n_pulses, listens, rng):\n    return [1/3 * listens] * 3\n",
        "without Eve": _six_state(listens="False"),
    },
    grade=_grade_six_state,
    given={"np": np, "Circuit": Circuit},
)


def _grade_six_state_threshold(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))  # root finders like to return arrays of one
    if isclose(value, 0.126193, abs_tol=2e-4):
        return Verdict.right("12.6 %: a third basis buys the parties one and a half points of noise.")
    if isclose(value, 12.6193, abs_tol=0.02):
        return Verdict.wrong("as a share, please, not in per cent.")
    if isclose(value, bb84.threshold(), abs_tol=2e-4):
        return Verdict.wrong("this is the threshold of BB84. Put the rate of the six-state protocol to zero.")
    if isclose(value, 2 / 3, abs_tol=2e-3) or isclose(value, 0, abs_tol=1e-9):
        return Verdict.wrong(
            "at an end of the interval the logarithm stops, not the key: bracket the root inside."
        )
    if isclose(value, 0.189290, abs_tol=2e-4):
        return Verdict.wrong(
            "you solved for 3e/2, the weight of the three errors together; e is two thirds of it."
        )
    return Verdict.wrong(
        f"at {value:g} the rate is not zero. It is 1 at e = 0 and falls; where does it cross?"
    )


six_state_threshold = Exercise(
    name="six_state_threshold",
    level="stretch",
    prompt=(
        "In the six-state protocol the errors of all three bases are known, and the rate is "
        "$r = 1 + \\tfrac{3e}{2}\\log_2\\tfrac{e}{2} + (1-\\tfrac{3e}{2})\\log_2(1-\\tfrac{3e}{2})$. "
        "At which error rate does it reach zero? Given: `np`, `brentq` (a root finder: `brentq(f, a, b)`)."
    ),
    stub="six_state_threshold = ...\n",
    solution=(
        "def rate(e):\n"
        "    return 1 + 1.5*e * np.log2(e/2) + (1 - 1.5*e) * np.log2(1 - 1.5*e)\n\n"
        "six_state_threshold = brentq(rate, 0.01, 0.3)\n"
    ),
    explanation=(
        "The rate is 1 minus the entropy of the four Bell states with weights $1-\\tfrac{3e}{2}$ and three times "
        "$\\tfrac e2$. BB84 knows two bases only and must fear the worst for the third: $1-2h(e)$ reaches 0 at "
        "11.0 %; here the third is measured, and the root is 12.6 %. Both are roots of this way of paying: structured "
        "codes and added noise go further."
    ),
    wrong={
        "per cent": "six_state_threshold = 12.6193\n",
        "BB84": "six_state_threshold = 0.110028\n",
        "the three errors together": "six_state_threshold = 1.5 * 0.126193\n",
        "an end of the interval": "six_state_threshold = 2 / 3\n",
    },
    grade=_grade_six_state_threshold,
    given={"np": np, "brentq": brentq},
)

"""Exercises of the chapter *Eavesdropping: what Eve can know, and what it costs her*."""

from math import exp, isclose, log, log10
from typing import Any

import numpy as np
from scipy.optimize import brentq

from qlearn.communication import binary_entropy as h
from qlearn.communication.eavesdropping import (
    MemoryAttack,
    cloning_attack,
    collective_information,
    entangling_probe,
    holevo,
    individual_guess,
    individual_information,
    memoryless_guess,
    predict,
)
from qlearn.exercises import Exercise, Verdict
from qlearn.qubits import Circuit


def _grade_guess_rate(answer: Any) -> Verdict:
    right = 0.5 + (0.05 * 0.95) ** 0.5
    mistakes = {
        0.55: "0.55 would be a coin plus the errors. She gains with the *root* of them.",
        (0.05 * 0.95) ** 0.5: "that is her gain over a coin. Add the coin's 1/2.",
        0.95: "0.95 is how often Bob is right. Eve is far behind him at 5 %.",
        0.5 + 0.2 * (np.cos(np.pi / 8) ** 2 - 0.5): (
            "that is the Eve who reads every fifth pulse in the Breidbart basis: 5 % of errors as well, and far less "
            "for them."
        ),
        0.5 + 0.05 * 0.95: "the root is missing: sqrt(D (1 - D)).",
        0.5 + 0.05**0.5: "nearly: under the root stands D (1 - D), and at 5 % the third digit shows it.",
        1 - right: "that is how often she is wrong.",
        100 * right: "as a share, please: 1 is always right.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, right, abs_tol=2e-4):
        return Verdict.right("72 of 100 bits, for 5 errors in 100: the first errors are her best investment.")
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=3e-4):
            return Verdict.wrong(why)
    return Verdict.wrong(f"{value:g} is not it: 1/2 + sqrt(D (1 - D)) with D = 0.05.")


guess_rate = Exercise(
    name="guess_rate",
    level="warm-up",
    prompt=(
        "Alice and Bob find 5 % of errors in both bases. How often does the best Eve who asks each pulse's probe by "
        "itself guess a sifted bit? A share between 0 and 1, to three digits."
    ),
    stub="guess_rate = ...\n",
    solution="guess_rate = 1/2 + (0.05 * 0.95) ** 0.5\n",
    explanation=(
        r"$\tfrac12 + \sqrt{D(1-D)}$ with $D = 0.05$ is 0.718. An Eve who reads a fifth of the pulses outright, in the "
        "basis halfway, makes as many errors and is right with 0.571 only."
    ),
    wrong={
        "coin plus errors": "guess_rate = 0.55\n",
        "the gain": "guess_rate = (0.05 * 0.95) ** 0.5\n",
        "Bob": "guess_rate = 0.95\n",
        "a fifth, outright": "guess_rate = 0.5 + 0.2 * (0.853553 - 0.5)\n",
        "no root": "guess_rate = 0.5 + 0.05 * 0.95\n",
        "D alone under the root": "guess_rate = 0.5 + 0.05 ** 0.5\n",
        "how often she is wrong": "guess_rate = 0.5 - (0.05 * 0.95) ** 0.5\n",
        "per cent": "guess_rate = 71.794\n",
    },
    grade=_grade_guess_rate,
)


def _grade_memory_worth(answer: Any) -> Verdict:
    for d in (0.05, 0.0, 0.1464, 0.3):
        got = float(answer(d))
        patient, hasty = (predict(cloning_attack(d, waits_for_bases=p)) for p in (True, False))
        right = patient.guess["Z"] - hasty.guess["Z"]
        if isclose(got, right, abs_tol=1e-6):
            continue
        where = f"for a disturbance of {d} you find {got:.4f}"
        if isclose(got, -right, abs_tol=1e-6):
            return Verdict.wrong(f"{where}: the sign. What does she gain by waiting?")
        if isclose(got, patient.information["Z"] - hasty.information["Z"], abs_tol=1e-6):
            return Verdict.wrong(f"{where}: that is the gain in bits. Compare the guess rates.")
        if isclose(got, patient.guess["Z"], abs_tol=1e-6):
            return Verdict.wrong(f"{where}: her guess rate with a memory. Subtract the one without.")
        if isclose(got, hasty.guess["Z"], abs_tol=1e-6):
            return Verdict.wrong(f"{where}: her guess rate without a memory. Subtract it from the one with.")
        universal = [
            predict(cloning_attack(d, "universal", waits_for_bases=p)).guess["Z"] for p in (True, False)
        ]
        if isclose(got, universal[0] - universal[1], abs_tol=1e-6):
            return Verdict.wrong(f"{where}: the universal cloner. Hers is made for the circle of BB84.")
        return Verdict.wrong(f"{where}, and {right:.4f} is due: predict both, and compare guess in Z.")
    return Verdict.right(
        "sqrt(D(1-D)) (1 - 1/sqrt2): for this clone, waiting is worth a tenth of all bits at 14.6 %. A clone is made to "
        "be kept: an Eve who knows that she cannot keep it reads halfway, gently, and loses "
        f"{float(individual_guess(0.05) - memoryless_guess(0.05)):.3f} at 5 % instead of "
        f"{(0.05 * 0.95) ** 0.5 * (1 - 0.5**0.5):.3f}."
    )


_WORTH = (
    "def memory_worth(disturbance):\n"
    "    with_memory = predict(cloning_attack(disturbance{machine}))\n"
    "    without = predict(cloning_attack(disturbance{machine}, waits_for_bases=False))\n"
    "    return {result}\n"
)

memory_worth = Exercise(
    name="memory_worth",
    level="core",
    prompt=(
        "Write `memory_worth(disturbance)`: by how much is the guess rate (in Z) of the phase-covariant cloner higher "
        "if Eve keeps her copy until the bases are out than if she must ask it at once? Given: `predict`, "
        "`cloning_attack`."
    ),
    stub="def memory_worth(disturbance):\n    ...\n",
    solution=_WORTH.format(machine="", result='with_memory.guess["Z"] - without.guess["Z"]'),
    explanation=(
        r"With a memory she asks in the right basis and sees the whole arrow of her copy, of length "
        r"$2\sqrt{D(1-D)}$. Without one the best fixed question *to this one qubit* lies halfway, where she sees the "
        r"arrow's shadow at 45 degrees: the gain over a coin shrinks by $1/\sqrt2$. The two coins of the probe, asked "
        r"at once, tell much more: what a memory is worth depends on what was put into it."
    ),
    wrong={
        "sign": _WORTH.format(machine="", result='without.guess["Z"] - with_memory.guess["Z"]'),
        "bits": _WORTH.format(machine="", result='with_memory.information["Z"] - without.information["Z"]'),
        "only with": _WORTH.format(machine="", result='with_memory.guess["Z"]'),
        "only without": _WORTH.format(machine="", result='without.guess["Z"]'),
        "universal": _WORTH.format(
            machine=', "universal"', result='with_memory.guess["Z"] - without.guess["Z"]'
        ),
        "nothing": "def memory_worth(disturbance):\n    return 0.0\n",
    },
    grade=_grade_memory_worth,
    given={"predict": predict, "cloning_attack": cloning_attack},
)


def _grade_information(answer: Any) -> Verdict:
    probe = entangling_probe(0.1).joint[0].sum(axis=1) / 2
    reader = np.array([[0.5, 0.25, 0.25, 0.0], [0.5, 0.25, 0.0, 0.25]]) / 2  # not touched, wrong, right basis
    biased = np.array([[0.7, 0.1], [0.05, 0.15]])
    never = np.array([[0.4, 0.0, 0.1], [0.1, 0.0, 0.4]])
    for table, what in (
        (probe, "a probe"),
        (reader, "a reader"),
        (biased, "a bit that is 0 four times in five"),
        (never, "an outcome that never occurs"),
    ):
        got = float(answer(table.copy()))
        marginal, of_bit = table.sum(axis=0), table.sum(axis=1)
        entropy = float(h(of_bit[0]))
        right = entropy - float(marginal @ h(table[0] / np.where(marginal > 0, marginal, 1)))
        if isclose(got, right, abs_tol=1e-9):
            continue
        where = f"for {what} you find {got:.4f} bits, {right:.4f} are right"
        if np.isnan(got):
            return Verdict.wrong(f"for {what} you find nan: 0 log 0 is 0. Leave the empty entries out.")
        if isclose(got, right * log(2), abs_tol=1e-9):
            return Verdict.wrong(f"{where}: those are nats. Take the logarithm to base 2.")
        if isclose(got, 1 - float(h(table.max(axis=0).sum())), abs_tol=1e-9):
            return Verdict.wrong(f"{where}: you use her guess only. Her outcome also says how sure she is.")
        if isclose(got, float(table.max(axis=0).sum()), abs_tol=1e-9):
            return Verdict.wrong(
                f"{where}: that is how often her best guess is right, and no number of bits."
            )
        filled = table[table > 0]
        if isclose(got, -float(filled @ np.log2(filled)), abs_tol=1e-9):
            return Verdict.wrong(
                f"{where}: that is the entropy of the table. The bit's entropy and the outcome's, less it, is theirs in common."
            )
        if isclose(got, entropy - right, abs_tol=1e-9):
            return Verdict.wrong(f"{where}: that is what she does not know, H(bit | outcome).")
        if isclose(got, 1 - (entropy - right), abs_tol=1e-9):
            return Verdict.wrong(f"{where}: a biased bit holds less than 1 bit to begin with.")
        return Verdict.wrong(f"{where}: sum p log2(p / (p_bit p_outcome)) over the table.")
    return Verdict.right(
        "Mutual information: what two entropies count twice. It needs the table, not only the guess."
    )


information = Exercise(
    name="information",
    level="core",
    prompt=(
        "Write `information(table)`: Eve's mutual information with Alice's bit, in bits. `table[a, k]` is the "
        "probability that Alice's bit is `a` and Eve's outcome is `k`; it sums to 1, may hold zeros, and the bit may "
        "be biased. Given: `np`."
    ),
    stub="def information(table):\n    ...\n",
    solution=(
        "def information(table):\n"
        "    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)\n"
        "    some = table > 0\n"
        "    return np.sum(table[some] * np.log2(table[some] / independent[some]))\n"
    ),
    explanation=(
        r"$I = \sum p_{ak} \log_2 \frac{p_{ak}}{p_a p_k}$, over the entries that are not zero. It is the entropy of the "
        r"bit minus what is left of it when the outcome is known. A single guess rate forgets which outcomes are sure."
    ),
    wrong={
        "nats": (
            "def information(table):\n"
            "    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)\n"
            "    some = table > 0\n"
            "    return np.sum(table[some] * np.log(table[some] / independent[some]))\n"
        ),
        "nan": (
            "def information(table):\n"
            "    independent = table.sum(axis=1, keepdims=True) * table.sum(axis=0)\n"
            "    with np.errstate(all='ignore'):\n"
            "        return np.sum(table * np.log2(table / independent))\n"
        ),
        "her guess only": (
            "def information(table):\n"
            "    p = table.max(axis=0).sum()\n"
            "    return 1 + p * np.log2(p) + (1 - p) * np.log2(1 - p)\n"
        ),
        "the guess rate": "def information(table):\n    return table.max(axis=0).sum()\n",
        "the entropy of the table": (
            "def information(table):\n    p = table[table > 0]\n    return -np.sum(p * np.log2(p))\n"
        ),
        "what she lacks": (
            "def information(table):\n"
            "    some = table > 0\n"
            "    given = np.broadcast_to(table.sum(axis=0), table.shape)[some]\n"
            "    return -np.sum(table[some] * np.log2(table[some] / given))\n"
        ),
        "a fair bit": (
            "def information(table):\n"
            "    some = table > 0\n"
            "    given = np.broadcast_to(table.sum(axis=0), table.shape)[some]\n"
            "    return 1 + np.sum(table[some] * np.log2(table[some] / given))\n"
        ),
    },
    grade=_grade_information,
    given={"np": np},
)


def _root(f: Any) -> float:
    return float(brentq(f, 1e-9, 0.4999, xtol=1e-12))


def _grade_hopeless(answer: Any) -> Verdict:
    cases = {
        "the best single probes": individual_information,
        "all probes together": collective_information,
        "reading a share in Z or X": lambda e: 2 * e,
    }
    for name, known in cases.items():
        got, right = float(answer(known)), _root(lambda e, known=known: 1 - float(h(e)) - float(known(e)))
        if isclose(got, right, abs_tol=1e-5):
            continue
        where = f"against {name} you stop at {got:.4f}, and {right:.4f} is due"
        if isclose(got, 100 * right, abs_tol=1e-3):
            return Verdict.wrong(f"{where}: as a share, please, not in per cent.")
        if isclose(got, 0.4999, abs_tol=1e-3) or isclose(got, 0.5, abs_tol=1e-3):
            return Verdict.wrong(
                f"{where}: Bob knows only 1 - h(e) himself. Eve needs not know all, just as much."
            )
        if isclose(got, _root(lambda e, known=known: 0.5 - float(known(e))), abs_tol=1e-4):
            return Verdict.wrong(f"{where}: half of a bit known is no end by itself. Bob must know less.")
        return Verdict.wrong(f"{where}: where 1 - h(e) equals known(e).")
    return Verdict.right(
        "14.6 % against single probes, 11.0 % against all together: what one believes of Eve's memory decides."
    )


hopeless_from = Exercise(
    name="hopeless_from",
    level="core",
    prompt=(
        "Write `hopeless_from(known)`: the error rate from which $I_{AB} - I_{AE}$ is 0, when `known(e)` is "
        "Eve's information at an error rate `e` (a function that grows from 0). Bob knows `1 - h(e)`. Given: `h`, "
        "`brentq` (a root finder: `brentq(f, a, b)`)."
    ),
    stub="def hopeless_from(known):\n    ...\n",
    solution="def hopeless_from(known):\n    return brentq(lambda e: 1 - h(e) - known(e), 1e-9, 0.4999)\n",
    explanation=(
        r"Csiszar and Koerner: $r = I_{AB} - I_{AE}$. Bob's curve falls, Eve's rises; his lead ends where they cross "
        r"(structured codes and added noise go further). At an error rate of $(1-1/\sqrt2)/2$ "
        r"the best clone is as good as Bob's, hence 14.6 %."
    ),
    wrong={
        "a coin": "def hopeless_from(known):\n    return 0.5\n",
        "half known": "def hopeless_from(known):\n    return brentq(lambda e: 0.5 - known(e), 1e-9, 0.4999)\n",
        "per cent": (
            "def hopeless_from(known):\n    return 100 * brentq(lambda e: 1 - h(e) - known(e), 1e-9, 0.4999)\n"
        ),
        "of BB84": "def hopeless_from(known):\n    return 0.110028\n",
    },
    grade=_grade_hopeless,
    given={"h": h, "brentq": brentq},
)


def _photons_worth(bits: float) -> float:
    """Return the mu at which chi is so many bits."""
    return -log(1 - 2 * brentq(lambda x: float(h(x)) - bits, 0, 0.5, xtol=1e-18)) / 2


def _grade_isolation(answer: Any) -> Verdict:
    for photons, bits in ((1e9, 1e-6), (1e6, 0.01), (100.0, 0.5), (1e-3, 0.5)):
        got = float(answer(photons, bits))
        right = max(0.0, 10 * log10(photons / _photons_worth(bits)))
        if isclose(got, right, abs_tol=1e-3):
            continue
        where = f"for {photons:g} photons and {bits:g} bits you ask for {got:.2f} dB, {right:.2f} are needed"
        if right == 0:
            return Verdict.wrong(f"{where}: light that is faint enough as it is needs no attenuation, 0 dB.")
        if isclose(got, -right, abs_tol=1e-3):
            return Verdict.wrong(f"{where}: attenuation is a positive number of dB here.")
        if isclose(got, 2 * right, abs_tol=1e-3):
            return Verdict.wrong(f"{where}: 20 log10 is for amplitudes. Photons are an energy: 10 log10.")
        one_by_one = brentq(
            lambda mu, bits=bits: 1 - float(h(0.5 + 0.5 * (1 - exp(-4 * mu)) ** 0.5)) - bits, 0, 5, xtol=1e-18
        )
        if isclose(got, 10 * log10(photons / one_by_one), abs_tol=1e-3):
            return Verdict.wrong(
                f"{where}: that bounds what she learns when she asks pulse by pulse. She may keep the light of all "
                "pulses and ask it together: charge chi."
            )
        if isclose(got, right - 10 * log10(2), abs_tol=1e-3):
            return Verdict.wrong(f"{where}: the 2 in the exponent is missing.")
        if isclose(got, 10 * log(10 ** (right / 10)), abs_tol=1e-3):
            return Verdict.wrong(f"{where}: a decibel is made with log10, not with the natural logarithm.")
        if isclose(got, right / 2, abs_tol=1e-3):
            return Verdict.wrong(
                f"{where}: that is each way, if both count the same. Asked is both ways together."
            )
        if isclose(got, 10 * log10(photons / bits), abs_tol=1e-3):
            return Verdict.wrong(
                f"{where}: mu photons are worth more than mu bits: h(x) rises steeply from 0. Solve for x, then for mu."
            )
        if isclose(got, right / 10, abs_tol=1e-3):
            return Verdict.wrong(f"{where}: that is in bel; a decibel is a tenth.")
        return Verdict.wrong(
            f"{where}. First solve chi = bits for mu, then compare it with what she sends in."
        )
    return Verdict.right(
        f"To leave her a millionth of a bit of 10^9 photons a pulse takes {10 * log10(1e9 / _photons_worth(1e-6)):.0f} "
        "dB: two ways through isolators and filters. That is a specification, and it can be bought."
    )


_ISOLATION = """
def isolation_db(photons_in, bits):
    x = brentq(lambda x: h(x) - bits, 0, 0.5, xtol=1e-18)
    mu = {mu}
    return {result}
""".lstrip()
_MU = "-np.log1p(-2 * x) / 2"

isolation_db = Exercise(
    name="isolation_db",
    level="stretch",
    prompt=(
        "Eve shines `photons_in` photons a pulse into Alice's box. Write `isolation_db(photons_in, bits)`: by how many "
        r"dB (at least 0) must the light be attenuated on its way in and out, so that "
        r"$\chi = h\bigl(\tfrac12(1-e^{-2\mu})\bigr)$, what all reflections together tell of a key bit, is at most `bits`? "
        r"$\mu$ photons come out. Given: `np`, `h`, `brentq` (pass it `xtol=1e-18`: the root is small)."
    ),
    stub="def isolation_db(photons_in, bits):\n    ...\n",
    solution=_ISOLATION.format(mu=_MU, result="max(0, 10 * np.log10(photons_in / mu))"),
    explanation=(
        r"Solve $h(x) = \text{bits}$ for $x$ below 1/2, then $x = \tfrac12(1-e^{-2\mu})$ for "
        r"$\mu = -\tfrac12\ln(1-2x)$, and compare: $10\log_{10}(\text{photons in}/\mu)$. `log1p` keeps its digits where "
        r"$2x$ is far below 1. Her guess rate would ask for less: she need not ask pulse by pulse."
    ),
    wrong={
        "below zero": _ISOLATION.format(mu=_MU, result="10 * np.log10(photons_in / mu)"),
        "negative": _ISOLATION.format(mu=_MU, result="10 * np.log10(mu / photons_in)"),
        "amplitudes": _ISOLATION.format(mu=_MU, result="20 * np.log10(photons_in / mu)"),
        "pulse by pulse": (
            "def isolation_db(photons_in, bits):\n"
            "    def excess(mu):\n"
            "        return 1 - h(0.5 + 0.5 * np.sqrt(-np.expm1(-4 * mu))) - bits\n\n"
            "    mu = brentq(excess, 0, 5, xtol=1e-18)\n"
            "    return 10 * np.log10(photons_in / mu)\n"
        ),
        "two forgotten": _ISOLATION.format(mu="-np.log1p(-2 * x)", result="10 * np.log10(photons_in / mu)"),
        "natural logarithm": _ISOLATION.format(mu=_MU, result="10 * np.log(photons_in / mu)"),
        "one way": _ISOLATION.format(mu=_MU, result="5 * np.log10(photons_in / mu)"),
        "bits for photons": _ISOLATION.format(mu="bits", result="10 * np.log10(photons_in / mu)"),
        "bel": _ISOLATION.format(mu=_MU, result="np.log10(photons_in / mu)"),
    },
    grade=_grade_isolation,
    given={"np": np, "h": h, "brentq": brentq},
)


def _grade_uneven_probe(answer: Any) -> Verdict:
    for d_z, d_x in ((0.02, 0.2), (0.15, 0.0), (0.1, 0.1)):
        attack = answer(d_z, d_x)
        if not isinstance(attack, MemoryAttack):
            return Verdict.wrong("return a MemoryAttack: MemoryAttack(Circuit(3).ry(...)...)")
        seen = predict(attack)
        z, x = seen.qber["Z"], seen.qber["X"]
        where = f"for d_z = {d_z} and d_x = {d_x} you cause {z:.3f} in Z and {x:.3f} in X"
        if not np.allclose((z, x), (d_z, d_x), atol=1e-6):
            if np.allclose((z, x), (d_x, d_z), atol=1e-6):
                return Verdict.wrong(f"{where}: exchanged. A controlled X flips what is written in Z.")
            if isclose(z, np.sin(d_z / 2) ** 2, abs_tol=1e-6):
                return Verdict.wrong(f"{where}: RY takes an angle: 2 arcsin(sqrt(d)) for a chance d.")
            if isclose(z, x, abs_tol=1e-6):
                return Verdict.wrong(f"{where}: equal, but the two coins need angles of their own.")
            if x < 1e-9 < d_x:
                return Verdict.wrong(f"{where}: a controlled Z, from a coin of its own, is missing.")
            return Verdict.wrong(
                f"{where}. The coins control and the pulse is hit: cx(1, 0) for the flips in Z, cz(2, 0) for those in X."
            )
        best = (float(individual_guess(d_x)), float(individual_guess(d_z)))
        if not np.allclose((seen.guess["Z"], seen.guess["X"]), best, atol=1e-6):
            return Verdict.wrong(
                f"{where}, as asked, but she guesses with {seen.guess['Z']:.3f} in Z only: {best[0]:.3f} is to be had. "
                "Does she hold both coins, and wait for the bases before she asks them?"
            )
        held, most = holevo(attack), (float(h(d_x)), float(h(d_z)))
        if not np.allclose((held["Z"], held["X"]), most, atol=1e-6):
            return Verdict.wrong(
                f"{where}, and asked one by one her memories know as much as they can; asked together they hold "
                f"{held['Z']:.3f} bits in Z, and {most[0]:.3f} are to be had. That is the clone: make the probe."
            )
    return Verdict.right(
        "What she learns of Z depends on d_x alone, and the other way round: with d_x = 0 every error in Z was made "
        "for nothing, as far as the bits in Z go. That is why the key rate charges the *other* basis."
    )


_UNEVEN = """
def uneven_probe(d_z, d_x):
    def angle(d):
        return {angle}

    return MemoryAttack({circuit})
""".lstrip()
_ANGLE = "2 * np.arcsin(np.sqrt(d))"

uneven_probe = Exercise(
    name="uneven_probe",
    level="project",
    prompt=(
        "Nobody says that Eve must disturb both bases alike. Write `uneven_probe(d_z, d_x)`: a `MemoryAttack` that "
        "causes the error rate `d_z` in Z and `d_x` in X, and lets her know as much as possible, her memories asked "
        "one by one or all together. Then `predict` "
        "`uneven_probe(0.1, 0)` and `uneven_probe(0, 0.1)`: which of them knows the bits in Z? Given: `np`, "
        "`Circuit`, `MemoryAttack`."
    ),
    stub="def uneven_probe(d_z, d_x):\n    ...\n",
    solution=_UNEVEN.format(
        angle=_ANGLE, circuit="Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0)"
    ),
    explanation=(
        "The probe of the chapter with two different coins: the first decides about an X, which flips bits in Z, the "
        r"second about a Z, which flips bits in X. She guesses bits in Z with $\tfrac12+\sqrt{d_x(1-d_x)}$, out of the "
        r"phase that they leave on the second coin."
    ),
    wrong={
        "exchanged": _UNEVEN.format(
            angle=_ANGLE, circuit="Circuit(3).ry(angle(d_x), 1).ry(angle(d_z), 2).cx(1, 0).cz(2, 0)"
        ),
        "an angle for a chance": _UNEVEN.format(
            angle="d", circuit="Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0)"
        ),
        "the pulse controls": _UNEVEN.format(
            angle=_ANGLE, circuit="Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(0, 1).cz(2, 0)"
        ),
        "one strength": _UNEVEN.format(
            angle=_ANGLE, circuit="Circuit(3).ry(angle(d_z), 1).ry(angle(d_z), 2).cx(1, 0).cz(2, 0)"
        ),
        "no Z": _UNEVEN.format(angle=_ANGLE, circuit="Circuit(2).ry(angle(d_z), 1).cx(1, 0)"),
        "the clone where it will do": (
            "from qlearn.communication.eavesdropping import cloning_attack\n\n\n"
            + _UNEVEN.format(
                angle=_ANGLE, circuit="Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0)"
            ).replace(
                "    return Mem", "    if d_z == d_x:\n        return cloning_attack(d_z)\n    return Mem"
            )
        ),
        "in a hurry": _UNEVEN.format(
            angle=_ANGLE,
            circuit="Circuit(3).ry(angle(d_z), 1).ry(angle(d_x), 2).cx(1, 0).cz(2, 0), waits_for_bases=False",
        ),
    },
    grade=_grade_uneven_probe,
    given={"np": np, "Circuit": Circuit, "MemoryAttack": MemoryAttack},
)

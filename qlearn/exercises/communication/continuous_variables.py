"""Exercises of the chapter *Continuous variables: a key from laser light*."""

from math import isclose
from typing import Any

import numpy as np

from qlearn.communication import continuous_variables as cv
from qlearn.communication.continuous_variables import mode_entropy
from qlearn.exercises import Exercise, Verdict


def _grade_bob_variance(answer: Any) -> Verdict:
    mistakes = {
        1.28: "without light Bob's detector is not silent: vacuum alone has variance 1.",
        3.1: "the detector sees 60 % of what arrives: put eta beside T.",
        2.35: "the excess noise is counted where the line begins: it is dimmed on the way like the signal.",
        2.58: "4 is the variance of Alice's centres. The vacuum of her coherent states is in the 1 already.",
        2.23: "the electronics of the detector add their 0.05 too.",
        2.31: "the excess noise is counted where the line begins: the line dims it too, not the detector alone.",
    }
    value = float(np.squeeze(answer))
    if isclose(value, 2.28, abs_tol=1e-6):
        return Verdict.right(
            "1 of vacuum, 0.05 of electronics, and 0.3 (4 + 0.1) of what Alice and the line put in."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, abs_tol=1e-6):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. Vacuum, electronics, and what is left of the signal and its noise: add."
    )


bob_variance = Exercise(
    name="bob_variance",
    level="warm-up",
    prompt=(
        "Alice modulates with $V_A = 4$. The line passes $T = 0.5$ and adds $\\xi = 0.1$ (at its input); Bob's "
        "homodyne detector has $\\eta = 0.6$ and $v_\\text{el} = 0.05$. Which variance do his readings have, in "
        "shot-noise units? By hand."
    ),
    stub="bob_variance = ...\n",
    solution="bob_variance = 1 + 0.05 + 0.6 * 0.5 * (4 + 0.1)\n",
    explanation=(
        "However much of the light is lost, vacuum takes its place, so there is always 1 unit of shot noise. Signal "
        "and excess noise go through line and detector together and come out times $\\eta T = 0.3$; the electronics "
        "add theirs at the end: $1 + 0.05 + 0.3 \\cdot 4.1 = 2.28$."
    ),
    wrong={
        "no vacuum": "bob_variance = 0.05 + 0.6 * 0.5 * 4.1\n",
        "perfect detector": "bob_variance = 1.05 + 0.5 * 4.1\n",
        "noise at the output": "bob_variance = 1.05 + 0.3 * 4 + 0.1\n",
        "noise behind the fibre": "bob_variance = 1.05 + 0.3 * 4 + 0.6 * 0.1\n",
        "vacuum twice": "bob_variance = 1.05 + 0.3 * 5.1\n",
        "silent electronics": "bob_variance = 1 + 0.3 * 4.1\n",
    },
    grade=_grade_bob_variance,
)


# The seed of a quiet line of 20,000 pulses whose estimated noise is -0.069, two standard errors below 0.
_BELOW = 26


def _grade_find_line(answer: Any) -> Verdict:
    eta, v = 0.6, 0.08
    t, xi = 10**-0.3, 0.3
    sent = cv.exchange(
        400_000,
        length_km=15,
        modulation_variance=4,
        excess_noise=xi,
        efficiency=eta,
        electronic_noise=v,
        rng=5,
    )
    x, y = sent.pairs
    got = answer(x.copy(), y.copy(), eta, v)
    if not isinstance(got, tuple | list | np.ndarray) or len(got) != 2:
        return Verdict.wrong("return two numbers: the transmittance and the excess noise.")
    seen_t, seen_xi = (float(part) for part in got)
    if isclose(seen_t, eta * t, abs_tol=0.01):
        return Verdict.wrong(
            f"{seen_t:.3f} is what line and detector pass together; the detector's {eta} is known. Divide it out."
        )
    if isclose(seen_t, np.sqrt(t * eta), abs_tol=0.01) or isclose(seen_t, np.sqrt(t), abs_tol=0.01):
        return Verdict.wrong(
            "the slope is the root of a transmittance: amplitudes are what x and y are. Square it."
        )
    if not isclose(seen_t, t, abs_tol=0.02):
        return Verdict.wrong(f"the line passes {t:.3f} of the light; you find {seen_t:.3f}.")
    gain = eta * t
    for value, why in (
        (
            gain * xi,
            "this is the noise at Bob's end. Referred to the input of the line it is larger: divide by eta T.",
        ),
        (xi + v / gain, "the electronics of Bob's detector are in it; they are known, so take them out."),
        (xi + 1 / gain, "the vacuum is in it: 1 unit of shot noise is there without any noise of the line."),
        (xi + (1 + v) / gain, "vacuum and electronics are in it: take 1 + v_el out before you divide."),
        (xi + 4, "Alice's signal is in it: look at what is left of y after the line through the points."),
        (gain * xi / t, "you divided by T alone; the noise went through the detector's eta as well."),
        (
            (np.sqrt(1 + v + gain * xi) - 1 - v) / gain,
            "noises add as variances: you took a standard deviation of what is left of y.",
        ),
    ):
        if isclose(seen_xi, value, abs_tol=0.03) and not isclose(value, xi, abs_tol=0.03):
            return Verdict.wrong(why)
    if isclose(seen_xi, xi, abs_tol=0.05):
        # A quiet line and few pulses: the estimate comes out below 0, by luck, and must.
        quiet = cv.exchange(
            20_000, length_km=15, modulation_variance=4, excess_noise=0, efficiency=eta, rng=_BELOW
        )
        x, y = quiet.pairs
        seen = float(answer(x.copy(), y.copy(), eta, 0.0)[1])
        if not -0.2 < seen < 0:
            return Verdict.wrong(
                f"of a line without noise and few pulses you find {seen:.3f}. By luck the scatter of these is *below* that "
                "of vacuum, so that about -0.07 is due: whoever turns it round or cuts it off finds noise where there is "
                "none."
            )
        # Brighter light, another detector: the same records give the same two numbers.
        other = cv.exchange(
            100_000, length_km=5, modulation_variance=12, excess_noise=0.1, efficiency=0.9, rng=27
        )
        x, y = other.pairs
        slope = (x @ y) / (x @ x)
        due = slope**2 / 0.9, (np.mean((y - slope * x) ** 2) - 1) / slope**2
        found = [float(part) for part in answer(x.copy(), y.copy(), 0.9, 0.0)]
        if not np.allclose(found, due, rtol=0, atol=1e-3):
            return Verdict.wrong(
                f"where Alice modulates more and the detector sees 90 % these records say ({due[0]:.3f}, {due[1]:.3f}); you "
                f"find ({found[0]:.3f}, {found[1]:.3f}). Take from `x` and `y` what you are not told."
            )
        return Verdict.right(
            "A slope and a scatter: that is all that Alice and Bob ever learn of their line."
        )
    return Verdict.wrong(f"the line adds {xi} at its input; you find {seen_xi:.3f}.")


find_line = Exercise(
    name="find_line",
    level="core",
    prompt=(
        "Write `find_line(x, y, efficiency, electronic_noise)`: from Alice's values and Bob's (homodyne) return "
        "transmittance and excess noise at the input, as a tuple. Given: `np`."
    ),
    stub="def find_line(x, y, efficiency, electronic_noise):\n    ...\n",
    solution=(
        "def find_line(x, y, efficiency, electronic_noise):\n"
        "    slope = (x @ y) / (x @ x)\n"
        "    noise = np.mean((y - slope * x) ** 2)\n"
        "    return slope**2 / efficiency, (noise - 1 - electronic_noise) / slope**2\n"
    ),
    explanation=(
        "The slope of the line through the points is $\\sqrt{\\eta T}$. What scatters about it has the variance "
        "$1 + v_\\text{el} + \\eta T \\xi$: the vacuum and the electronics are known, the rest is $\\xi$, dimmed by "
        "$\\eta T$ on its way."
    ),
    wrong={
        "detector left in": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2, (np.mean((y - t * x)**2) - 1 - electronic_noise) / t**2\n"
        ),
        "slope not squared": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t, (np.mean((y - t * x)**2) - 1 - electronic_noise) / t**2\n"
        ),
        "noise at Bob's end": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2 / efficiency, np.mean((y - t * x)**2) - 1 - electronic_noise\n"
        ),
        "electronics left in": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2 / efficiency, (np.mean((y - t * x)**2) - 1) / t**2\n"
        ),
        "vacuum left in": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2 / efficiency, (np.mean((y - t * x)**2) - electronic_noise) / t**2\n"
        ),
        "standard deviation": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2 / efficiency, (np.std(y - t * x) - 1 - electronic_noise) / t**2\n"
        ),
        "a modulation supposed": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = np.mean(x * y) / 4\n"
            "    return t**2 / efficiency, (np.mean((y - t * x)**2) - 1 - electronic_noise) / t**2\n"
        ),
        "never below zero": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2 / efficiency, abs((np.mean((y - t * x)**2) - 1 - electronic_noise) / t**2)\n"
        ),
        "signal left in": (
            "def find_line(x, y, efficiency, electronic_noise):\n    t = (x @ y) / (x @ x)\n"
            "    return t**2 / efficiency, (np.mean(y**2) - 1 - electronic_noise) / t**2\n"
        ),
    },
    grade=_grade_find_line,
    given={"np": np},
)


def _g(nu: float) -> float:
    """Return the entropy, in bits, of thermal light of variance nu."""
    return float(mode_entropy(np.asarray(nu, dtype=float)))


def _grade_eve_knows(answer: Any) -> Verdict:
    for t, variance, xi in ((0.5, 4.0, 0.1), (0.1, 10.0, 0.02), (0.9, 1.0, 0.3)):
        a, b, c = 1 + variance, 1 + t * (variance + xi), np.sqrt(t * variance * (variance + 2))
        right = float(cv.holevo_bound(t, modulation_variance=variance, excess_noise=xi))
        got = float(answer(a, b, c))
        if isclose(got, right, abs_tol=1e-6):
            continue
        total, product = a * a + b * b - 2 * c * c, (a * b - c * c) ** 2
        squares = [(total + sign * np.sqrt(total**2 - 4 * product)) / 2 for sign in (1, -1)]
        before = sum(_g(np.sqrt(square)) for square in squares)
        mistakes = {
            "you say what Eve's state holds before Bob has measured. What is left of it afterwards she does not know.": before,
            "the quadratic equation gives the squares of the eigenvalues: take the roots before g.": sum(
                map(_g, squares)
            )
            - _g(a * (a - c * c / b)),
            "after Bob's measurement only one quadrature is narrowed; this is the state after heterodyne detection.": before
            - _g(a - c * c / (b + 1)),
            "after the measurement the eigenvalue is a root too: the area of the ellipse is the product of its "
            "variances, the eigenvalue the root of that.": before - _g(a * (a - c * c / b)),
            "here Alice's mode is measured and Bob's is left. The key is Bob's reading: measure b and keep a.": before
            - _g(np.sqrt(b * (b - c * c / a))),
        }
        for why, value in mistakes.items():
            if isclose(got, value, abs_tol=1e-6):
                return Verdict.wrong(why)
        return Verdict.wrong(
            f"for a = {a:g}, b = {b:g}, c = {c:.4f} Eve knows {right:.4f} bit; you find {got:.4f}. "
            "S(AB) first, then S(A|b)."
        )
    return Verdict.right(
        "With the roots. Version 0.10.0 of qosst-skr leaves them out for this detector, and finds no key where a third of "
        "the light arrives."
    )


eve_knows = Exercise(
    name="eve_knows",
    level="core",
    prompt=(
        "Alice's twin beam and Bob's light have the covariance matrix "
        "$\\begin{pmatrix} aI & cZ \\\\ cZ & bI \\end{pmatrix}$, and Bob's homodyne detector is perfect. Write "
        "`eve_knows(a, b, c)`: $\\chi_{BE} = S(AB) - S(A|b)$ in bits. The two symplectic eigenvalues of the whole "
        "solve $\\lambda^4 - (a^2 + b^2 - 2c^2)\\lambda^2 + (ab - c^2)^2 = 0$; after Bob has read x, Alice's mode has "
        "the variances $a - c^2/b$ and $a$, and its eigenvalue is the root of their product. Given: `np`, and `g(nu)`, "
        "the entropy of a mode of symplectic eigenvalue `nu`."
    ),
    stub="def eve_knows(a, b, c):\n    ...\n",
    solution=(
        "def eve_knows(a, b, c):\n"
        "    total, product = a**2 + b**2 - 2 * c**2, (a * b - c**2) ** 2\n"
        "    root = np.sqrt(total**2 - 4 * product)\n"
        "    before = g(np.sqrt((total + root) / 2)) + g(np.sqrt((total - root) / 2))\n"
        "    return before - g(np.sqrt(a * (a - c**2 / b)))\n"
    ),
    explanation=(
        "Eve holds what Alice and Bob lack to be pure, so her entropy is theirs, before Bob's measurement and after "
        "it. The difference is what she can learn of his reading (Holevo). Each entropy is the sum of $g$ over the "
        "symplectic eigenvalues, and those are roots of roots."
    ),
    wrong={
        "Alice measures": (
            "def eve_knows(a, b, c):\n    s, p = a**2 + b**2 - 2*c**2, (a*b - c**2)**2\n    r = np.sqrt(s**2 - 4*p)\n"
            "    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2)) - g(np.sqrt(b * (b - c**2 / a)))\n"
        ),
        "before only": (
            "def eve_knows(a, b, c):\n    s, p = a**2 + b**2 - 2*c**2, (a*b - c**2)**2\n    r = np.sqrt(s**2 - 4*p)\n"
            "    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2))\n"
        ),
        "no roots": (
            "def eve_knows(a, b, c):\n    s, p = a**2 + b**2 - 2*c**2, (a*b - c**2)**2\n    r = np.sqrt(s**2 - 4*p)\n"
            "    return g((s + r) / 2) + g((s - r) / 2) - g(a * (a - c**2 / b))\n"
        ),
        "heterodyne": (
            "def eve_knows(a, b, c):\n    s, p = a**2 + b**2 - 2*c**2, (a*b - c**2)**2\n    r = np.sqrt(s**2 - 4*p)\n"
            "    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2)) - g(a - c**2 / (b + 1))\n"
        ),
        "last root": (
            "def eve_knows(a, b, c):\n    s, p = a**2 + b**2 - 2*c**2, (a*b - c**2)**2\n    r = np.sqrt(s**2 - 4*p)\n"
            "    return g(np.sqrt((s + r) / 2)) + g(np.sqrt((s - r) / 2)) - g(a * (a - c**2 / b))\n"
        ),
    },
    grade=_grade_eve_knows,
    given={"np": np, "g": _g},
)

_LINE: dict[str, Any] = {
    "modulation_variance": 18.5,
    "excess_noise": 0.01,
    "efficiency": 0.6,
    "electronic_noise": 0.01,
}


def _grade_least_beta(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))
    known = float(cv.mutual_information(0.1, **_LINE))
    hers, all_hers = (float(cv.holevo_bound(0.1, trusted=trusted, **_LINE)) for trusted in (True, False))
    right = hers / known
    if isclose(value, right, abs_tol=5e-4):
        return Verdict.right(
            f"{right:.3f}: of what Bob's readings tell Alice, Eve may know so large a part. A code that brings in 90 % "
            "earns nothing here; a dimmer laser would need less."
        )
    for wrong, why in (
        (100 * right, "as a share, please, not in per cent."),
        (known / hers, "upside down: beta times I_AB has to reach chi_BE."),
        (all_hers / known, "above 1: with an untrusted detector no code is good enough. Here it is trusted."),
        (known - hers, "this is the rate at beta = 1. Which share of I_AB pays for Eve?"),
        (
            float(cv.holevo_bound(0.1, **{**_LINE, "modulation_variance": 4}))
            / float(cv.mutual_information(0.1, **{**_LINE, "modulation_variance": 4})),
            "this is the answer for V_A = 4; here it is 18.5.",
        ),
    ):
        if isclose(value, wrong, rel_tol=5e-4):
            return Verdict.wrong(why)
    return Verdict.wrong(f"with beta = {value:g} the rate is {value * known - hers:.4f} bit, not 0.")


least_beta = Exercise(
    name="least_beta",
    level="core",
    prompt=(
        "50 km of fibre ($T = 0.1$), $V_A = 18.5$, $\\xi = 0.01$, and a trusted homodyne detector with $\\eta = 0.6$, "
        "$v_\\text{el} = 0.01$. From which reconciliation efficiency $\\beta$ on is there a key? Given: `cv`."
    ),
    stub="least_beta = ...\n",
    solution=(
        "line = {'modulation_variance': 18.5, 'excess_noise': 0.01, 'efficiency': 0.6, 'electronic_noise': 0.01}\n"
        "least_beta = float(cv.holevo_bound(0.1, **line) / cv.mutual_information(0.1, **line))\n"
    ),
    explanation=(
        "$\\beta I_{AB} - \\chi_{BE}$ is zero at $\\beta = \\chi_{BE} / I_{AB}$. Brighter light raises both, and from half "
        "a unit on their quotient too: the nearer it comes to 1, the better the codes must be. This is why the best "
        "modulation depends on $\\beta$."
    ),
    wrong={
        "per cent": (
            "line = {'modulation_variance': 18.5, 'excess_noise': 0.01, 'efficiency': 0.6, 'electronic_noise': 0.01}\n"
            "least_beta = 100 * float(cv.holevo_bound(0.1, **line) / cv.mutual_information(0.1, **line))\n"
        ),
        "upside down": (
            "line = {'modulation_variance': 18.5, 'excess_noise': 0.01, 'efficiency': 0.6, 'electronic_noise': 0.01}\n"
            "least_beta = float(cv.mutual_information(0.1, **line) / cv.holevo_bound(0.1, **line))\n"
        ),
        "untrusted": (
            "line = {'modulation_variance': 18.5, 'excess_noise': 0.01, 'efficiency': 0.6, 'electronic_noise': 0.01}\n"
            "least_beta = float(cv.holevo_bound(0.1, trusted=False, **line) / cv.mutual_information(0.1, **line))\n"
        ),
        "the rate": (
            "line = {'modulation_variance': 18.5, 'excess_noise': 0.01, 'efficiency': 0.6, 'electronic_noise': 0.01}\n"
            "least_beta = float(cv.mutual_information(0.1, **line) - cv.holevo_bound(0.1, **line))\n"
        ),
        "another modulation": (
            "line = {'modulation_variance': 4, 'excess_noise': 0.01, 'efficiency': 0.6, 'electronic_noise': 0.01}\n"
            "least_beta = float(cv.holevo_bound(0.1, **line) / cv.mutual_information(0.1, **line))\n"
        ),
    },
    grade=_grade_least_beta,
    given={"np": np, "cv": cv},
)


def _grade_phase_noise(answer: Any) -> Verdict:
    for variance, sigma in ((4.0, 0.3), (18.5, 0.1), (2.0, 0.0)):
        got, right = float(answer(variance, sigma)), variance * np.expm1(sigma**2)
        if isclose(got, right, rel_tol=1e-6, abs_tol=1e-12):
            continue
        for value, why in (
            (
                variance * -np.expm1(-(sigma**2)),
                "this is the noise where the phase goes wrong. At the input, before the signal has shrunk by "
                "exp(-sigma^2), it counts for more: divide.",
            ),
            (
                variance * sigma**2,
                "right for small angles only: E[cos] is exp(-sigma^2 / 2), without approximation.",
            ),
            (
                variance * sigma,
                "a noise is a variance: the angle comes in by its square. And by an exponential.",
            ),
            (
                variance * np.expm1(sigma**2 / 2),
                "the share of the light that stays in phase is the square of E[cos].",
            ),
            (np.expm1(sigma**2), "a turned signal is noise in proportion to the signal: where is V_A?"),
        ):
            if isclose(got, value, rel_tol=1e-6):
                return Verdict.wrong(why)
        return Verdict.wrong(
            f"for V_A = {variance:g} and sigma = {sigma:g} the noise is {right:.5f}, not {got:.5f}."
        )
    return Verdict.right(
        "Three degrees of jitter and V_A = 18.5 are 0.05 shot-noise units: ten times the noise of the link of 2007. "
        "To know the phase is most of the work in a laboratory."
    )


phase_noise = Exercise(
    name="phase_noise",
    level="stretch",
    prompt=(
        "Bob's detector measures the quadrature $x\\cos\\theta + p\\sin\\theta$, where $\\theta$ jitters: normal, mean "
        "0, standard deviation `sigma` in radians, new for each pulse. Everything else is perfect. Alice and Bob take "
        "the jitter for a line with $T' = (E[\\cos\\theta])^2$ and an excess noise. Write "
        "`phase_noise(modulation_variance, sigma)`: that excess noise at the input. (For a normal angle "
        "$E[\\cos\\theta] = e^{-\\sigma^2/2}$.) Given: `np`."
    ),
    stub="def phase_noise(modulation_variance, sigma):\n    ...\n",
    solution=(
        "def phase_noise(modulation_variance, sigma):\n"
        "    in_phase = np.exp(-sigma**2)\n"
        "    return modulation_variance * (1 - in_phase) / in_phase\n"
    ),
    explanation=(
        "Whatever the angle, the signal that is read has the variance $V_A$. The part that goes along with Alice's x "
        "has $V_A e^{-\\sigma^2}$; the rest, $V_A (1 - e^{-\\sigma^2})$, looks like noise, and Alice and Bob must "
        "ascribe it to Eve. Referred to the input of a line with $T' = e^{-\\sigma^2}$ it is $V_A (e^{\\sigma^2} - 1)$, "
        "for small angles $V_A \\sigma^2$. Brighter light makes it worse."
    ),
    wrong={
        "at the detector": (
            "def phase_noise(modulation_variance, sigma):\n    return modulation_variance * (1 - np.exp(-sigma**2))\n"
        ),
        "small angles": "def phase_noise(modulation_variance, sigma):\n    return modulation_variance * sigma**2\n",
        "not squared": "def phase_noise(modulation_variance, sigma):\n    return modulation_variance * sigma\n",
        "half of the square": (
            "def phase_noise(modulation_variance, sigma):\n"
            "    return modulation_variance * (np.exp(sigma**2 / 2) - 1)\n"
        ),
        "no signal": "def phase_noise(modulation_variance, sigma):\n    return np.exp(sigma**2) - 1\n",
    },
    grade=_grade_phase_noise,
    given={"np": np},
)


def _grade_direct_rate(answer: Any) -> Verdict:
    for t, variance in ((0.8, 4.0), (0.55, 50.0), (0.4, 10.0)):
        got = float(answer(t, variance))
        known, hers = np.log2(1 + t * variance) / 2, 1 + (1 - t) * variance
        right = known - _g(hers) + _g(np.sqrt(hers))
        if isclose(got, right, abs_tol=1e-6):
            continue
        wrong_share = 1 + t * variance
        for value, why in (
            (
                known - _g(hers),
                "when Alice's x is known Eve's p is still uncertain: one variance falls to 1, not both. Subtract what "
                "is left.",
            ),
            (
                known - _g(wrong_share) + _g(np.sqrt(wrong_share)),
                "Eve gets the light that Bob does not: 1 - T of it.",
            ),
            (
                known - np.log2(hers) / 2,
                "this Eve measures each pulse by itself. One who keeps them all and measures together knows up to "
                "Holevo's bound.",
            ),
            (
                max(0.0, right),
                "here the sign is asked for: below which transmittance is the raw difference negative?",
            ),
            (
                known - float(cv.holevo_bound(t, modulation_variance=variance, excess_noise=0)),
                "this is the reverse direction, where Bob's record is the key. Here it is Alice's.",
            ),
        ):
            if isclose(got, value, abs_tol=1e-6):
                return Verdict.wrong(why)
        return Verdict.wrong(
            f"for T = {t:g}, V_A = {variance:g} the difference is {right:.4f} bit, not {got:.4f}."
        )
    return Verdict.right(
        "Below half of the light Eve's copy is the better one, and Alice's record is hers. Bob's is not: that is the "
        "whole point of turning the reconciliation round."
    )


direct_rate = Exercise(
    name="direct_rate",
    level="project",
    prompt=(
        "What if Alice's record is the key and Bob corrects his to it (*direct* reconciliation)? Take a line that only "
        "loses light, a perfect homodyne detector and a perfect code. Write `direct_rate(transmittance, "
        "modulation_variance)`: $I_{AB} - \\chi_{AE}$, negative values included, with $\\chi_{AE} = S(E) - S(E|x)$. Eve "
        "holds one mode, the light that is lost: thermal, both variances $1 + (1-T)V_A$; if Alice's x is known, its x "
        "has variance 1 and its p what it had. Then look for the transmittance where it becomes negative, for "
        "brighter and brighter light. Given: `np`, and `g(nu)` as before."
    ),
    stub="def direct_rate(transmittance, modulation_variance):\n    ...\n",
    solution=(
        "def direct_rate(transmittance, modulation_variance):\n"
        "    known = np.log2(1 + transmittance * modulation_variance) / 2\n"
        "    lost = 1 + (1 - transmittance) * modulation_variance\n"
        "    return known - (g(lost) - g(np.sqrt(1 * lost)))\n"
    ),
    explanation=(
        "Bright light makes $g(\\nu) - g(\\sqrt\\nu)$ approach $\\tfrac12\\log_2 \\nu$, what Eve would know by "
        "measuring, and the two logarithms are equal at $T = 1 - T$: 3 dB, 15 km of fibre. For dimmer light the limit "
        "comes earlier. In the reverse direction there is no such limit, because Eve knows Alice's centre "
        "better than Bob's noise, which he alone has seen."
    ),
    wrong={
        "knows both quadratures": (
            "def direct_rate(transmittance, modulation_variance):\n"
            "    known = np.log2(1 + transmittance * modulation_variance) / 2\n"
            "    return known - g(1 + (1 - transmittance) * modulation_variance)\n"
        ),
        "Bob's share": (
            "def direct_rate(transmittance, modulation_variance):\n"
            "    known = np.log2(1 + transmittance * modulation_variance) / 2\n"
            "    nu = 1 + transmittance * modulation_variance\n"
            "    return known - (g(nu) - g(np.sqrt(nu)))\n"
        ),
        "individual attack": (
            "def direct_rate(transmittance, modulation_variance):\n"
            "    known = np.log2(1 + transmittance * modulation_variance) / 2\n"
            "    return known - np.log2(1 + (1 - transmittance) * modulation_variance) / 2\n"
        ),
        "clipped": (
            "def direct_rate(transmittance, modulation_variance):\n"
            "    known = np.log2(1 + transmittance * modulation_variance) / 2\n"
            "    nu = 1 + (1 - transmittance) * modulation_variance\n"
            "    return max(0, known - (g(nu) - g(np.sqrt(nu))))\n"
        ),
        "reverse": (
            "def direct_rate(transmittance, modulation_variance):\n"
            "    line = {'modulation_variance': modulation_variance, 'excess_noise': 0}\n"
            "    return cv.mutual_information(transmittance, **line) - cv.holevo_bound(transmittance, **line)\n"
        ),
    },
    grade=_grade_direct_rate,
    given={"np": np, "g": _g, "cv": cv},
)

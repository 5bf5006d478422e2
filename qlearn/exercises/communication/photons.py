"""Exercises of the chapter *Photons: a key from the light there is*."""

from dataclasses import replace
from math import exp, isclose
from typing import Any

import numpy as np

from qlearn.communication import photons
from qlearn.exercises import Exercise, Verdict
from qlearn.exercises._number import number

GYS = photons.LINKS["gys"]


def _grade_several(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))
    mu = 0.5
    several, lit = 1 - (1 + mu) * exp(-mu), 1 - exp(-mu)
    mistakes = {
        several: "that is the share of all pulses; most pulses are empty. Of those that hold any photon?",
        mu
        / 2: "half of mu is the first term of the series, good for faint pulses. At 0.5 it is 10 % off: divide the two sums.",
        mu * exp(-mu): "that is the share of pulses with exactly one photon.",
        mu
        * exp(-mu)
        / lit: "that is the share of single photons among the lit pulses. Eve asks for the others.",
        lit: "that is the share of pulses that hold any photon at all.",
        100 * several / lit: "as a share, please: 1 is all of them.",
    }
    if isclose(value, several / lit, abs_tol=5e-4):
        return Verdict.right(
            f"{several:.4f} of all pulses, {lit:.4f} are lit: {several / lit:.4f}. More than every fifth lit pulse has "
            "a photon to spare."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=2e-3):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} is not it. P(0) and P(1) are all you need: what is left, divided by 1 - P(0)."
    )


several = Exercise(
    name="several",
    level="warm-up",
    prompt=(
        "A pulse has 0.5 photons on average. Of the pulses that are not empty, which share holds two photons or "
        "more? To three digits, as a share between 0 and 1."
    ),
    stub="several = ...\n",
    solution="several = (1 - 1.5 * np.exp(-0.5)) / (1 - np.exp(-0.5))\n",
    explanation=(
        "$P(0) = e^{-\\mu}$ and $P(1) = \\mu e^{-\\mu}$, so two or more have $1 - (1+\\mu)e^{-\\mu} = 0.0902$ of all "
        "pulses, and 0.3935 are lit. For faint light the ratio is $\\mu/2$; here it is 0.2293."
    ),
    wrong={
        "of all pulses": "several = 1 - 1.5 * np.exp(-0.5)\n",
        "first term": "several = 0.25\n",
        "exactly one": "several = 0.5 * np.exp(-0.5)\n",
        "the single ones": "several = 0.5 * np.exp(-0.5) / (1 - np.exp(-0.5))\n",
        "the lit ones": "several = 1 - np.exp(-0.5)\n",
        "per cent": "several = 22.93\n",
    },
    grade=_grade_several,
    given={"np": np},
)


def _grade_click_chance(answer: Any) -> Verdict:
    for mu, loss_db, efficiency, background in (
        (0.5, 20, 0.15, 1e-6),
        (0.1, 3, 0.5, 1e-3),
        (2.0, 0, 1.0, 0.01),
    ):
        if (got := number(given := answer(mu, loss_db, efficiency, background))) is None:
            return Verdict.wrong(f"return one real number, not {given!r}.")
        t = 10 ** (-loss_db / 10)
        light = mu * t * efficiency
        right = 1 - (1 - background) * exp(-light)
        if isclose(got, right, rel_tol=1e-6):
            continue
        where = f"for mu = {mu}, {loss_db} dB, efficiency {efficiency}, background {background} you return {got:.6g}; "
        mistakes = {
            background
            + light: "that adds chances that may both come true: bright light would click more than once a pulse.",
            1 - exp(-light): "you forgot the clicks that need no light.",
            1 - (1 - background) * exp(-mu * t): "you forgot the receiver: it misses photons too.",
            1 - (1 - background) * exp(-mu * efficiency): "you forgot the fibre.",
            1 - (1 - background) * exp(-mu * efficiency * 10 ** (-loss_db / 20)): (
                "a loss in dB is 10 log10 of *intensities*: 10 dB leave one photon in ten."
            ),
            (1 - background) * exp(-light): "that is the chance of silence.",
            1 - (1 - background) * (1 - t * efficiency) ** mu: (
                "that is right for mu photons exactly. Their number is random, mu on average: sum over Poisson's law."
            ),
        }
        for wrong, why in mistakes.items():
            if isclose(got, wrong, rel_tol=1e-9):
                return Verdict.wrong(where + why)
        return Verdict.wrong(
            where
            + f"it is {right:.6g}. A click fails to come only if no photon is detected and no background."
        )
    return Verdict.right(
        "Silence needs two things at once: no photon detected, and a quiet detector. The rest is clicks."
    )


click_chance = Exercise(
    name="click_chance",
    level="core",
    prompt=(
        "Write `click_chance(mu, loss_db, efficiency, background)`: the chance that a laser pulse of mean photon "
        "number `mu` makes Bob's receiver click, after a channel of `loss_db` and with detectors that see a photon "
        "with probability `efficiency` and click by themselves with probability `background`."
    ),
    stub="def click_chance(mu, loss_db, efficiency, background):\n    ...\n",
    solution=(
        "def click_chance(mu, loss_db, efficiency, background):\n"
        "    detected = mu * 10 ** (-loss_db / 10) * efficiency\n"
        "    return 1 - (1 - background) * np.exp(-detected)\n"
    ),
    explanation=(
        "Loss thins a Poissonian number of photons to another one: on average $\\mu\\,t\\,\\eta$ are detected, none with "
        "$e^{-\\mu t \\eta}$. Nothing clicks if that happens *and* the detector is quiet."
    ),
    wrong={
        "adds the chances": (
            "def click_chance(mu, loss_db, efficiency, background):\n"
            "    return background + mu * 10 ** (-loss_db / 10) * efficiency\n"
        ),
        "forgets the background": (
            "def click_chance(mu, loss_db, efficiency, background):\n"
            "    return 1 - np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)\n"
        ),
        "forgets the receiver": (
            "def click_chance(mu, loss_db, efficiency, background):\n"
            "    return 1 - (1 - background) * np.exp(-mu * 10 ** (-loss_db / 10))\n"
        ),
        "amplitudes": (
            "def click_chance(mu, loss_db, efficiency, background):\n"
            "    return 1 - (1 - background) * np.exp(-mu * 10 ** (-loss_db / 20) * efficiency)\n"
        ),
        "a fixed number of photons": (
            "def click_chance(mu, loss_db, efficiency, background):\n"
            "    return 1 - (1 - background) * (1 - 10 ** (-loss_db / 10) * efficiency) ** mu\n"
        ),
        "silence": (
            "def click_chance(mu, loss_db, efficiency, background):\n"
            "    return (1 - background) * np.exp(-mu * 10 ** (-loss_db / 10) * efficiency)\n"
        ),
    },
    grade=_grade_click_chance,
    given={"np": np},
)


def _seen(mu: float, nu: float, transmittance: float, link: photons.Link) -> tuple[float, float, float]:
    line: dict[str, Any] = {"transmittance": transmittance, "link": link}
    signal, weak, dark = (float(photons.gain(m, **line)) for m in (mu, nu, 0.0))
    return signal, weak, dark


def _grade_single_yield(answer: Any) -> Verdict:
    for mu, nu, transmittance, background in (
        (0.48, 0.05, 0.1, GYS.background),
        (0.6, 0.2, 1e-3, GYS.background),
        (0.5, 0.1, 0.1, 1e-3),
        (0.5, 0.1, 0.1, 0.0),
    ):
        link = replace(GYS, background=background)
        q_mu, q_nu, y_0 = _seen(mu, nu, transmittance, link)
        if (got := number(given := answer(mu, nu, q_mu, q_nu, y_0))) is None:
            return Verdict.wrong(f"return one real number, not {given!r}.")
        ratio = (nu / mu) ** 2

        def bound(
            a: float, b: float, c: float, ratio: float = ratio, mu: float = mu, nu: float = nu
        ) -> float:
            return mu / (mu * nu - nu**2) * (a - ratio * b - (1 - ratio) * c)

        right = bound(q_nu * exp(nu), q_mu * exp(mu), y_0)
        if isclose(got, right, rel_tol=1e-6):
            continue
        truth = float(photons.photon_yield(1, transmittance, link=link))
        where = f"for mu = {mu}, nu = {nu}, y_0 = {y_0:g} you return {got:.6g}; "
        mistakes = {
            bound(
                q_nu, q_mu, y_0
            ): "the gains are averages over photon numbers with weights e^-mu: undo these weights first.",
            bound(q_nu * exp(nu), q_mu * exp(mu), 0.0): (
                "the clicks of empty pulses are still among them. Alice measures their chance with her vacuum pulses."
            ),
            (q_nu * exp(nu) - y_0) / nu: (
                "here the pulses of two and more photons count as single ones. That is too much, and the wrong way "
                "round for a bound: subtract what the signal shows of them."
            ),
            (q_mu * exp(mu) - y_0) / mu: (
                "this takes all clicks of the signal for single photons'. The weak pulses hold fewer large ones: start "
                "from them, and let the signal tell what to subtract."
            ),
            bound(q_nu * exp(nu), q_mu * exp(mu), y_0)
            / mu
            * (mu * nu - nu**2): "divide: nu times the yield is not the yield.",
        }
        for wrong, why in mistakes.items():
            if isclose(got, wrong, rel_tol=1e-9):
                return Verdict.wrong(where + why)
        return Verdict.wrong(where + f"the bound is {right:.6g}, just below the true {truth:.6g}.")
    return Verdict.right(
        "Two equations, and the unknown pulses of two and more photons are gone: at worst to Alice's disadvantage."
    )


single_yield = Exercise(
    name="single_yield",
    level="core",
    prompt=(
        "Write `single_yield(mu, nu, q_mu, q_nu, y_0)`: the lower bound of the yield of single photons, from the gains "
        "of signal and weak decoy and the clicks of the vacuum."
    ),
    stub="def single_yield(mu, nu, q_mu, q_nu, y_0):\n    ...\n",
    solution=(
        "def single_yield(mu, nu, q_mu, q_nu, y_0):\n"
        "    ratio = (nu / mu) ** 2\n"
        "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0\n"
        "    return mu / (mu * nu - nu**2) * inner\n"
    ),
    explanation=(
        "$Q_\\mu e^\\mu = Y_0 + Y_1\\mu + \\sum_{n\\ge2} Y_n \\mu^n/n!$, and the same for $\\nu$. For $n \\ge 2$ we have "
        "$\\nu^n \\le (\\nu/\\mu)^2 \\mu^n$, so subtracting $(\\nu/\\mu)^2$ times the first from the second leaves at most "
        "$Y_0$ and $Y_1$."
    ),
    wrong={
        "no weights": (
            "def single_yield(mu, nu, q_mu, q_nu, y_0):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    return mu / (mu * nu - nu**2) * (q_nu - ratio * q_mu - (1 - ratio) * y_0)\n"
        ),
        "no vacuum": (
            "def single_yield(mu, nu, q_mu, q_nu, y_0):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    return mu / (mu * nu - nu**2) * (q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu))\n"
        ),
        "trusts the weak pulse": (
            "def single_yield(mu, nu, q_mu, q_nu, y_0):\n    return (q_nu * np.exp(nu) - y_0) / nu\n"
        ),
        "trusts the signal": (
            "def single_yield(mu, nu, q_mu, q_nu, y_0):\n    return (q_mu * np.exp(mu) - y_0) / mu\n"
        ),
        "does not divide": (
            "def single_yield(mu, nu, q_mu, q_nu, y_0):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    return q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * y_0\n"
        ),
    },
    grade=_grade_single_yield,
    given={"np": np},
)


def _grade_longest(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))
    now, then = photons.longest_distance(link=GYS), _longest_with(1.7e-7)
    if abs(value - then) < 0.5:
        return Verdict.right(
            f"{then:.1f} km instead of {now:.1f}: ten times less background is worth 10 dB of fibre, 10/0.21 = 47.6 km, "
            "and nearly all of it arrives."
        )
    if abs(value - now) < 0.5:
        return Verdict.wrong(
            "that is the distance with the background as it is. dataclasses.replace makes a new link."
        )
    if abs(value - _longest_with(1.7e-5)) < 0.5:
        return Verdict.wrong("you made the background ten times larger: the reach shrinks.")
    if abs(value - (then - now)) < 0.5:
        return Verdict.wrong("that is what is gained; the question asks how far the link reaches then.")
    if abs(value - photons.longest_distance(link=GYS, method="none")) < 3:
        return Verdict.wrong("that is the reach without decoys.")
    return Verdict.wrong(
        f"{value:.1f} km is not it. The key ends where the background makes too large a share of the clicks. With a "
        "tenth of the background, how many dB more may the fibre lose?"
    )


def _longest_with(background: float) -> float:
    return photons.longest_distance(link=replace(GYS, background=background))


longest = Exercise(
    name="longest",
    level="core",
    prompt=(
        'Detectors improve: the background of the link `LINKS["gys"]` falls to a tenth. How far does it reach now, '
        "with infinitely many decoys? In km, to half a kilometre. (Guess before you compute.)"
    ),
    stub="longest = ...  # km\n",
    solution=(
        'better = replace(photons.LINKS["gys"], background=1.7e-7)\n'
        "longest = photons.longest_distance(link=better)\n"
    ),
    explanation=(
        "The key ends where the background makes too many of the clicks. Ten times less of it allows ten times fewer "
        "photons: 10 dB, at 0.21 dB/km another 47.6 km."
    ),
    wrong={
        "as it is": "longest = photons.longest_distance(link=photons.LINKS['gys'])\n",
        "the wrong way": (
            "longest = photons.longest_distance(link=replace(photons.LINKS['gys'], background=1.7e-5))\n"
        ),
        "the difference": "longest = 47.6\n",
        "no decoys": "longest = 40.2\n",
        "ten times": "longest = 1422.0\n",
    },
    grade=_grade_longest,
    given={"photons": photons, "replace": replace},
)


def _grade_eve_share(answer: Any) -> Verdict:
    rng = np.random.default_rng(5)
    held = rng.poisson(0.5, 100_000)
    clicked = rng.random(held.size) < 1 - 0.9**held
    right = float((held[clicked] >= 2).mean())
    if (got := number(given := answer(held.copy(), clicked.copy()))) is None:
        return Verdict.wrong(f"return one real number, not {given!r}.")
    if isclose(got, right, rel_tol=1e-9):
        return Verdict.right(
            f"{right:.3f} of the clicks came from pulses with a photon to spare, against {(held >= 2).mean():.3f} of all "
            "pulses: bright pulses click more, even on an honest line."
        )
    mistakes = {
        float((held >= 2).mean()): "that is a share of all pulses. Only those that click become key.",
        float(
            (held[clicked] >= 1).mean()
        ): "one photon is not enough for Eve: she would have none left to send on.",
        float((held[clicked] == 2).mean()): "three photons are as good for her as two.",
        float(((held >= 2) & clicked).mean()): "divide by the number of clicks, not of pulses.",
    }
    for wrong, why in mistakes.items():
        if isclose(got, wrong, rel_tol=1e-9):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"you return {got:g}; of these clicks {right:g} came from pulses of two photons and more."
    )


eve_share = Exercise(
    name="eve_share",
    level="core",
    prompt=(
        "Write `eve_share(held, clicked)`: two arrays, how many photons each pulse held and whether Bob's detector "
        "clicked. Which share of the clicks could Eve know, had she kept a photon wherever she can?"
    ),
    stub="def eve_share(held, clicked):\n    ...\n",
    solution="def eve_share(held, clicked):\n    return np.mean(held[clicked] >= 2)\n",
    explanation=(
        "Only clicks become key bits, so the clicks are the whole. Here the line was honest, and more than a third of them is "
        "what she could have had for nothing. By choosing what passes she makes it all of them."
    ),
    wrong={
        "of all pulses": "def eve_share(held, clicked):\n    return np.mean(held >= 2)\n",
        "single photons too": "def eve_share(held, clicked):\n    return np.mean(held[clicked] >= 1)\n",
        "exactly two": "def eve_share(held, clicked):\n    return np.mean(held[clicked] == 2)\n",
        "divides by pulses": "def eve_share(held, clicked):\n    return np.mean((held >= 2) & clicked)\n",
    },
    grade=_grade_eve_share,
    given={"np": np},
)


def _one_decoy(mu: float, nu: float, q_mu: float, q_nu: float, e_nu: float) -> tuple[float, float]:
    ratio = (nu / mu) ** 2
    dark = 2 * e_nu * q_nu * exp(nu)
    y_1 = mu / (mu * nu - nu**2) * (q_nu * exp(nu) - ratio * q_mu * exp(mu) - (1 - ratio) * dark)
    return y_1, e_nu * q_nu * exp(nu) / (nu * y_1)


# Lines that Eve may make: yields of 0, 1 and 2 photons, and their error rates.
_ADVERSE = {
    "where two photons pass best": ((0.0, 0.001, 1.0), (0.5, 0.05, 0.0)),
    "of dark clicks": ((0.01, 0.02, 0.0), (0.5, 0.01, 0.5)),
    "where single photons alone pass": ((0.0, 1.0, 0.0), (0.5, 0.002, 0.5)),
}


def _adverse(mu: float, yields: tuple[float, ...], rates: tuple[float, ...]) -> tuple[float, float]:
    """Return gain and error rate of such a line."""
    clicks = photons.photon_probabilities(mu, 2) * np.array(yields)
    return float(clicks.sum()), float(clicks @ np.array(rates) / clicks.sum())


def _pair(given: Any) -> tuple[float, float] | None:
    if not isinstance(given, tuple | list | np.ndarray) or len(given) != 2:
        return None
    clicks, errors = (number(value) for value in given)
    return None if clicks is None or errors is None else (clicks, errors)


def _grade_one_decoy(answer: Any) -> Verdict:
    mu, nu = 0.48, 0.1
    for name, (yields, rates) in _ADVERSE.items():
        got = answer(mu, nu, *_adverse(mu, yields, rates), *_adverse(nu, yields, rates))
        if (pair := _pair(got)) is None:
            return Verdict.wrong("return two numbers: the lower bound of Y1 and the upper bound of e1.")
        clicks, errors = pair
        if clicks > yields[1] * (1 + 1e-9) or errors < rates[1] * (1 - 1e-9):
            return Verdict.wrong(
                f"on a line {name}, Y1 = {yields[1]:g} and e1 = {rates[1]:g}, you claim Y1 >= {clicks:.4g} and "
                f"e1 <= {errors:.4g}. A bound holds whatever Eve does: undo the weights e^-mu of both intensities, "
                "and take the background as large as it can be for Y1, as zero for e1."
            )
    clean = replace(GYS, misalignment=0.0)  # where all errors are background, no bound has room for a mistake
    for length, link in ((10.0, GYS), (40.0, GYS), (150.0, clean)):
        line: dict[str, Any] = {"transmittance": float(link.transmittance(length)), "link": link}
        q_mu, q_nu = (float(photons.gain(m, **line)) for m in (mu, nu))
        e_mu, e_nu = (float(photons.error_gain(m, **line)) / q for m, q in ((mu, q_mu), (nu, q_nu)))
        got = answer(mu, nu, q_mu, e_mu, q_nu, e_nu)
        if (pair := _pair(got)) is None:
            return Verdict.wrong("return two numbers: the lower bound of Y1 and the upper bound of e1.")
        clicks, errors = pair
        if not (np.isfinite(clicks) and np.isfinite(errors)):
            return Verdict.wrong(
                f"at {length:g} km you return {clicks:g} and {errors:g}: both must be numbers."
            )
        truth = photons.infinite_decoy(**line)
        if clicks > float(truth.clicks):
            return Verdict.wrong(
                f"at {length:g} km you claim Y1 >= {clicks:.6g}, above the true {float(truth.clicks):.6g}. What you do not "
                "know of the background must count against you: how large can Y0 be at most?"
            )
        if errors < float(truth.errors):
            return Verdict.wrong(
                f"at {length:g} km you claim e1 <= {errors:.4g}, below the true {float(truth.errors):.4g}. For e1 the worst "
                "background is none at all: then every error is a single photon's."
            )
        best = _one_decoy(mu, nu, q_mu, q_nu, e_nu)
        if clicks < 0.98 * best[0]:
            return Verdict.wrong(
                f"safe, but too careful: at {length:g} km Y1 >= {clicks:.6g}, where {best[0]:.6g} can be proven. "
                "Every background click is wrong half of the time: the errors of either intensity bound it, and those "
                "of the weak pulses never worse."
            )
        if errors > 1.02 * best[1]:
            return Verdict.wrong(
                f"safe, but too careful: at {length:g} km e1 <= {errors:.4g}, where {best[1]:.4g} can be proven."
            )
    return Verdict.right(
        "The vacuum pulses are not needed: errors alone bound the background, because a dark count is wrong half of the "
        "time. But the misalignment's errors are charged to the background too, and the bound is looser for it."
    )


one_decoy = Exercise(
    name="one_decoy",
    level="project",
    prompt=(
        "Alice's modulator makes only two intensities: signal and weak decoy, no vacuum. Write "
        "`one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu)` from gains and error rates of both: return a lower bound of "
        "$Y_1$ and an upper bound of $e_1$ that hold whatever the background is. (Hint: a background click is wrong "
        "with probability 1/2. How many background clicks can hide among the errors of the signal, and among those of "
        "the weak pulses?)"
    ),
    stub="def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n    ...\n    # return y_1, e_1\n",
    solution=(
        "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
        "    ratio = (nu / mu) ** 2\n"
        "    wrong = e_nu * q_nu * np.exp(nu)                  # the signal's is never less\n"
        "    most = wrong / 0.5                                # Y0 at most\n"
        "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most\n"
        "    y_1 = mu / (mu * nu - nu**2) * inner\n"
        "    e_1 = e_nu * q_nu * np.exp(nu) / (nu * y_1)       # Y0 at least 0\n"
        "    return y_1, e_1\n"
    ),
    explanation=(
        "$E_\\mu Q_\\mu e^\\mu = e_0 Y_0 + \\dots \\ge Y_0/2$ bounds the background from above, and so do the weak pulses. "
        "Theirs is never the larger bound: every term of the sum over photon numbers grows with the intensity, so light "
        "makes fewer of their errors. (Of *counted* errors chance may make it the other.) The bound on $Y_1$ falls with "
        "it. In $e_1$ the background is subtracted, so there it must be taken as small as it can be: zero. This is a "
        "one-decoy protocol as Ma, Qi, Zhao and Lo (2005) describe it, with a sharper bound of the background."
    ),
    wrong={
        "no background": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    y_1 = (q_nu * np.exp(nu)) / nu\n"
            "    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "subtracts the largest background from the errors": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    most = e_mu * q_mu * np.exp(mu) / 0.5\n"
            "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, max(0.0, (e_nu * q_nu * np.exp(nu) - most / 2) / (nu * y_1))\n"
        ),
        "forgets the background": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    inner = q_nu * np.exp(nu) - (nu / mu) ** 2 * q_mu * np.exp(mu)\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "every background click is wrong": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * e_mu * q_mu * np.exp(mu)\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "the signal's errors alone": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    most = e_mu * q_mu * np.exp(mu) / 0.5\n"
            "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "keeps a weight": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    most = 2 * min(e_mu * q_mu * np.exp(mu), e_nu * q_nu * np.exp(nu))\n"
            "    inner = q_nu * np.exp(nu) - ratio * q_mu - (1 - ratio) * most\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "subtracts too little": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    ratio = (nu / mu) ** 3\n"
            "    most = 2 * min(e_mu * q_mu * np.exp(mu), e_nu * q_nu * np.exp(nu))\n"
            "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, e_nu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "the signal's error rate": (
            "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n"
            "    ratio = (nu / mu) ** 2\n"
            "    most = 2 * min(e_mu * q_mu * np.exp(mu), e_nu * q_nu * np.exp(nu))\n"
            "    inner = q_nu * np.exp(nu) - ratio * q_mu * np.exp(mu) - (1 - ratio) * most\n"
            "    y_1 = mu / (mu * nu - nu**2) * inner\n"
            "    return y_1, e_mu * q_nu * np.exp(nu) / (nu * y_1)\n"
        ),
        "not a number": "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n    return np.nan, np.nan\n",
        "gives up": "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n    return 0.0, 0.5\n",
        "one number": "def one_decoy(mu, nu, q_mu, e_mu, q_nu, e_nu):\n    return q_nu / nu\n",
    },
    grade=_grade_one_decoy,
    given={"np": np},
)

"""Exercises of the chapter *Fibre: the link as it is built*."""

from collections.abc import Callable, Iterable
from math import isclose
from typing import Any, Literal

import numpy as np

from qlearn.communication import fibre, photons
from qlearn.exercises import Exercise, Verdict
from qlearn.exercises._number import number

Formula = Callable[..., float]


def _entropy(p: float) -> float:
    return 0.0 if p <= 0 or p >= 1 else -p * np.log2(p) - (1 - p) * np.log2(1 - p)


def _same(got: float, wanted: float) -> bool:
    return isclose(got, wanted, rel_tol=1e-6, abs_tol=1e-30)


def _graded(
    answer: Any,
    cases: Iterable[tuple[Any, ...]],
    right: Formula,
    mistakes: dict[str, Formula],
    names: tuple[str, ...],
    praise: str,
) -> Verdict:
    """Compare with the right formula in every case; where it differs, look for a mistake that explains all cases."""
    tried = []
    for case in cases:
        given = answer(*case)
        if (value := number(given)) is None:
            return Verdict.wrong(f"return one real number, not {given!r}.")
        tried.append((case, value))
    missed = [(case, got) for case, got in tried if not _same(got, float(right(*case)))]
    if not missed:
        return Verdict.right(praise)
    for why, formula in mistakes.items():
        if all(_same(got, float(formula(*case))) for case, got in tried):
            return Verdict.wrong(why)
    case, got = missed[0]
    setting = ", ".join(f"{name} = {value}" for name, value in zip(names, case, strict=True))
    return Verdict.wrong(f"for {setting} you return {got:.6g}; it is {float(right(*case)):.6g}.")


def _grade_true(answer: Any) -> Verdict:
    if (value := number(answer)) is None:
        return Verdict.wrong(f"that is to be one real number, not {answer!r}.")
    seen, dead = 4e4, 5e-6
    if isclose(value, seen / (1 - seen * dead), rel_tol=1e-3):
        return Verdict.right(
            "50,000: the detector was blind for a fifth of the second, so it saw four fifths."
        )
    mistakes = {
        seen
        / (
            1 + seen * dead
        ): "that applies the dead time a second time. The detector has reported less than came.",
        seen * (1 + seen * dead): (
            "nearly: that adds what came while the *seen* clicks were dead, at the seen rate. In those moments the true "
            "rate goes on."
        ),
        1 / dead: "that is the most it could ever report; it has not come so far.",
        seen * dead: "that is the share of the second in which it was blind.",
        52_000.0: "52,000 is what a *paralysable* detector would need.",
    }
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=5e-3):
            return Verdict.wrong(why)
    return Verdict.wrong(f"{value:g} is not it. For which share of the second was the detector awake?")


true_clicks = Exercise(
    name="true_clicks",
    level="warm-up",
    prompt=(
        "A detector with a dead time of 5 microseconds (it ignores what comes meanwhile) reports 40,000 clicks a second. "
        "How many would it report without dead time? By hand."
    ),
    stub="true_clicks = ...  # per second\n",
    solution="true_clicks = 40_000 / (1 - 40_000 * 5e-6)\n",
    explanation=(
        "It is blind for 40,000 times 5 microseconds, a fifth of each second. In the other four fifths it sees everything: "
        "40,000 = 0.8 r."
    ),
    wrong={
        "the wrong way round": "true_clicks = 40_000 / (1 + 40_000 * 5e-6)\n",
        "first order": "true_clicks = 40_000 * (1 + 40_000 * 5e-6)\n",
        "saturation": "true_clicks = 1 / 5e-6\n",
        "the share": "true_clicks = 40_000 * 5e-6\n",
    },
    grade=_grade_true,
    given={"np": np},
)


def _keep(times: Any, detectors: Any, dead: float) -> list[bool]:
    awake, kept = [0.0, 0.0], []
    for time, which in zip(times, detectors, strict=True):
        clicks = time >= awake[which]
        kept.append(bool(clicks and time >= awake[1 - which]))
        if clicks:
            awake[which] = time + dead
    return kept


def _keep_paralysable(times: Any, detectors: Any, dead: float) -> list[bool]:
    awake, kept = [0.0, 0.0], []
    for time, which in zip(times, detectors, strict=True):
        kept.append(bool(time >= max(awake)))
        awake[which] = time + dead
    return kept


def _keep_alone(times: Any, detectors: Any, dead: float) -> list[bool]:
    awake, kept = [0.0, 0.0], []
    for time, which in zip(times, detectors, strict=True):
        kept.append(bool(time >= awake[which]))
        if kept[-1]:
            awake[which] = time + dead
    return kept


def _keep_shared(times: Any, detectors: Any, dead: float) -> list[bool]:
    awake, kept = 0.0, []
    for time in times:
        kept.append(bool(time >= awake))
        if kept[-1]:
            awake = time + dead
    return kept


def _grade_keep(answer: Any) -> Verdict:
    mistakes = {
        "a photon that meets a resting detector does not click, so it starts no new rest.": _keep_paralysable,
        (
            "each detector alone: but a click while the other one rests differs from the click before, and Eve knows that "
            "from the times: one bit of the pair."
        ): _keep_alone,
        "a click that you throw away *was* a click: its detector rests. You treat it as if nothing had happened.": _keep_shared,
    }
    trains = []
    for seed, dead in ((1, 1.0), (2, 0.3), (3, 4.0), (4, 0.0)):
        rng = np.random.default_rng(seed)
        trains.append((np.cumsum(rng.exponential(1.0, 200)), rng.integers(0, 2, 200), dead))
    trains.append((np.arange(8.0), np.array([0, 0, 1, 1, 0, 1, 1, 0]), 1.0))  # awake again to the moment
    for times, detectors, dead in trains:
        got = np.asarray(answer(times.copy(), detectors.copy(), dead))
        if got.shape != times.shape:
            return Verdict.wrong(
                f"return one truth value for each of the {times.size} photons, not shape {got.shape}."
            )
        if got.dtype.kind not in "biu" or not np.isin(got, (0, 1)).all():
            return Verdict.wrong("return truth values: True where a click is kept, False elsewhere.")
        if np.array_equal(got.astype(bool), _keep(times, detectors, dead)):
            continue
        for why, rule in mistakes.items():
            if np.array_equal(got.astype(bool), rule(times, detectors, dead)):
                return Verdict.wrong(why)
        first = int(np.flatnonzero(got.astype(bool) != np.array(_keep(times, detectors, dead)))[0])
        return Verdict.wrong(
            f"with a rest of {dead:g}, photon {first} (the first you get wrong) is {'not ' if got[first] else ''}to be kept."
        )
    return Verdict.right(
        "Both detectors must be awake before a click says anything new. Bright light keeps one of them asleep nearly always."
    )


keep = Exercise(
    name="keep",
    level="core",
    prompt=(
        "Write `keep(times, detectors, dead)`: photons come at the sorted `times` to detector 0 or 1. A detector that has "
        "clicked ignores photons until `dead` later (from that very moment on it is awake again). Return an array of truth "
        "values: which photons make a click that is *kept*, because the other detector was awake, too? (The others only "
        "say that their bit differs from the one before, which the public times say as well.)"
    ),
    stub="def keep(times, detectors, dead):\n    ...\n",
    solution=(
        "def keep(times, detectors, dead):\n"
        "    awake, kept = [0.0, 0.0], []\n"
        "    for time, which in zip(times, detectors):\n"
        "        clicks = time >= awake[which]\n"
        "        kept.append(clicks and time >= awake[1 - which])\n"
        "        if clicks:\n"
        "            awake[which] = time + dead\n"
        "    return np.array(kept, dtype=bool)\n"
    ),
    explanation=(
        "Two clocks, one for each detector. A click that is thrown away still puts its detector to rest; a photon that is "
        "ignored does not."
    ),
    wrong={
        "ignored photons restart the rest": (
            "def keep(times, detectors, dead):\n"
            "    awake, kept = [0.0, 0.0], []\n"
            "    for time, which in zip(times, detectors):\n"
            "        kept.append(time >= max(awake))\n"
            "        awake[which] = time + dead\n"
            "    return np.array(kept, dtype=bool)\n"
        ),
        "each alone": (
            "def keep(times, detectors, dead):\n"
            "    awake, kept = [0.0, 0.0], []\n"
            "    for time, which in zip(times, detectors):\n"
            "        kept.append(time >= awake[which])\n"
            "        if kept[-1]:\n"
            "            awake[which] = time + dead\n"
            "    return np.array(kept, dtype=bool)\n"
        ),
        "thrown away, forgotten": (
            "def keep(times, detectors, dead):\n"
            "    awake, kept = 0.0, []\n"
            "    for time in times:\n"
            "        kept.append(time >= awake)\n"
            "        if kept[-1]:\n"
            "            awake = time + dead\n"
            "    return np.array(kept, dtype=bool)\n"
        ),
        "the kept times": "def keep(times, detectors, dead):\n    return times[:3]\n",
        "everything": "def keep(times, detectors, dead):\n    return np.ones(len(times), dtype=bool)\n",
    },
    grade=_grade_keep,
    given={"np": np},
)


def _raman(launch_dbm: float, km: float, loss: float, beta: float, nm: float, backward: bool) -> float:
    direction: Literal["forward", "backward"] = "backward" if backward else "forward"
    return float(
        fibre.raman_power(
            fibre.dbm_to_watt(launch_dbm),
            km,
            bandwidth_nm=nm,
            coefficient=beta,
            loss_db_per_km=loss,
            direction=direction,
        )
    )


def _raman_with(
    *,
    per_km: float = np.log(10) / 10,
    watt: Callable[[float], float] = lambda dbm: 10 ** (dbm / 10 - 3),
    way: str = "",
) -> Formula:
    def formula(launch_dbm: float, km: float, loss: float, beta: float, nm: float, backward: bool) -> float:
        a = loss * per_km
        forward = km * np.exp(-a * km)
        back = (1 - np.exp(-2 * a * km)) / (2 * a)
        if way == "swapped":
            forward, back = back, forward
        elif way == "forward":
            back = forward
        elif way == "one way":
            back = (1 - np.exp(-a * km)) / a
        elif way == "no loss":
            forward = km
        return float(
            watt(launch_dbm) * beta * (1.0 if way == "no filter" else nm) * (back if backward else forward)
        )

    return formula


def _grade_raman(answer: Any) -> Verdict:
    mistakes = {
        "decibels per km go into 10^(-x/10); in exp(-a L) the loss a is ln(10)/10 times that.": _raman_with(
            per_km=1.0
        ),
        "0 dBm is a *milli*watt: 10^(dBm/10) is in mW.": _raman_with(watt=lambda dbm: 10 ** (dbm / 10)),
        "dBm are decibels: ten of them are a factor of ten.": _raman_with(watt=lambda dbm: 1e-3 * dbm),
        "the two directions are swapped: forward light shares the whole way with the signal and fades with it.": (
            _raman_with(way="swapped")
        ),
        "backward light, scattered at z, travels z back: data there, light back, twice the loss.": _raman_with(
            way="forward"
        ),
        "the data fade on the way to z, and the scattered light on the way back: exp(-2 a z) under the integral.": (
            _raman_with(way="one way")
        ),
        "forward: wherever it is scattered, the light passes L km in all, as data or as noise. It fades.": (
            _raman_with(way="no loss")
        ),
        "the coefficient is per nm: times the filter's width.": _raman_with(way="no filter"),
    }
    cases = [
        (0.0, 25.0, 0.2, 3e-9, 0.1, False),
        (-10.0, 60.0, 0.25, 2e-9, 0.5, True),
        (3.0, 5.0, 0.35, 1e-9, 1.5, True),
        (-3.0, 100.0, 0.17, 5e-9, 0.045, False),
        (-20.0, 1.0, 0.2, 3e-9, 0.2, True),
    ]
    names = ("launch_dbm", "length_km", "loss_db_per_km", "beta", "width_nm", "backward")
    praise = "Forward noise peaks near 22 km and then fades with the signal; backward noise stays while the signal fades."
    return _graded(answer, cases, _raman, mistakes, names, praise)


raman_w = Exercise(
    name="raman_w",
    level="core",
    prompt=(
        "Write `raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward)`: the Raman power in watt at Bob's "
        "end. `beta` is the share scattered per km and nm; the loss is the same for data and photons and not 0; `backward` "
        "is True if the data are launched at Bob's end."
    ),
    stub="def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n    ...\n",
    solution=(
        "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
        "    a = loss_db_per_km * np.log(10) / 10\n"
        "    if backward:\n"
        "        reach = (1 - np.exp(-2 * a * length_km)) / (2 * a)\n"
        "    else:\n"
        "        reach = length_km * np.exp(-a * length_km)\n"
        "    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach\n"
    ),
    explanation=(
        "Light scattered at z was attenuated over z as data, then over L - z (forward) or z (backward) as noise. Integrate "
        "over z from 0 to L."
    ),
    wrong={
        "decibels as nepers": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km\n"
            "    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)\n"
            "    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach\n"
        ),
        "milliwatt": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)\n"
            "    return 10 ** (launch_dbm / 10) * beta * width_nm * reach\n"
        ),
        "dBm as a power": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)\n"
            "    return launch_dbm * 1e-3 * beta * width_nm * reach\n"
        ),
        "directions swapped": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    reach = length_km * np.exp(-a * length_km) if backward else (1 - np.exp(-2 * a * length_km)) / (2 * a)\n"
            "    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach\n"
        ),
        "forward for both": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * length_km * np.exp(-a * length_km)\n"
        ),
        "loss one way only": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    reach = (1 - np.exp(-a * length_km)) / a if backward else length_km * np.exp(-a * length_km)\n"
            "    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach\n"
        ),
        "forward does not fade": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km\n"
            "    return 10 ** (launch_dbm / 10 - 3) * beta * width_nm * reach\n"
        ),
        "no filter": (
            "def raman_w(launch_dbm, length_km, loss_db_per_km, beta, width_nm, backward):\n"
            "    a = loss_db_per_km * np.log(10) / 10\n"
            "    reach = (1 - np.exp(-2 * a * length_km)) / (2 * a) if backward else length_km * np.exp(-a * length_km)\n"
            "    return 10 ** (launch_dbm / 10 - 3) * beta * reach\n"
        ),
    },
    grade=_grade_raman,
    given={"np": np},
)


def _qber_with(
    *, optics: float = 0.5, stray: float = 0.5, after: float = 0.5, brings: bool = True, seen: bool = True
) -> Formula:
    """Return a QBER in which each cause errs with the given share; `brings`: afterpulses add to the clicks."""

    def formula(signal: float, background: float, visibility: float, afterpulse: float) -> float:
        clicks = signal + background * (1 - signal)
        wrong = optics * (1 - visibility) * signal + stray * background + after * afterpulse * clicks
        total = clicks * (1 + afterpulse if brings else 1)
        return float(wrong / (total if seen else signal))

    return formula


def _grade_errors(answer: Any) -> Verdict:
    def right(signal: float, background: float, visibility: float, afterpulse: float) -> float:
        error = float(fibre.interferometer_error(visibility))
        link = photons.Link("one", 0.2, 1.0, background, error, 1.0, afterpulse=afterpulse)
        mu = -np.log1p(-signal)
        return float(photons.error_gain(mu, 1.0, link=link) / photons.gain(mu, 1.0, link=link))

    mistakes = {
        "a visibility of 0 is no information, a QBER of 1/2: (1 - V)/2.": _qber_with(optics=1.0),
        "a background click guesses, and half of the guesses are right.": _qber_with(stray=1.0),
        "an afterpulse meets a random bit: it errs half of the time.": _qber_with(after=1.0),
        "the afterpulses are missing among the errors.": _qber_with(after=0.0),
        "afterpulses are clicks, too: they belong into the denominator.": _qber_with(brings=False),
        "an error rate is a share of *all* clicks, not of those of the signal.": _qber_with(seen=False),
        "the background is missing among the errors.": _qber_with(stray=0.0),
    }
    cases = [
        (0.01, 1e-4, 0.97, 0.03),
        (1e-3, 5e-4, 0.9, 0.1),
        (0.2, 0.05, 1.0, 0.0),
        (0.05, 0.0, 0.5, 0.2),
        (1e-4, 1e-2, 0.99, 0.0),
    ]
    names = ("signal", "background", "visibility", "afterpulse")
    praise = (
        "Three causes, each with a share of its own: near Alice the optics rule, far away the background."
    )
    return _graded(answer, cases, right, mistakes, names, praise)


qber_of = Exercise(
    name="qber_of",
    level="core",
    prompt=(
        "Write `qber_of(signal, background, visibility, afterpulse)`: the QBER of a link on which a pulse clicks by its light "
        "with chance `signal`, by background with chance `background`, independently, the interferometer has that "
        "visibility, and each such click brings `afterpulse` more on average, whose bits are coins. Errors as in "
        "`photons.error_gain`: those of the light, plus half of the background, plus half of the afterpulses."
    ),
    stub="def qber_of(signal, background, visibility, afterpulse):\n    ...\n",
    solution=(
        "def qber_of(signal, background, visibility, afterpulse):\n"
        "    clicks = signal + background - signal * background\n"
        "    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks\n"
        "    return wrong / (clicks * (1 + afterpulse))\n"
    ),
    explanation="Errors of each cause, added, over all clicks. Afterpulses add clicks, and half of them as errors.",
    wrong={
        "1 - V": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) * signal + background / 2 + afterpulse / 2 * clicks\n"
            "    return wrong / (clicks * (1 + afterpulse))\n"
        ),
        "background always wrong": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) / 2 * signal + background + afterpulse / 2 * clicks\n"
            "    return wrong / (clicks * (1 + afterpulse))\n"
        ),
        "afterpulses always wrong": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse * clicks\n"
            "    return wrong / (clicks * (1 + afterpulse))\n"
        ),
        "afterpulses never wrong": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) / 2 * signal + background / 2\n"
            "    return wrong / (clicks * (1 + afterpulse))\n"
        ),
        "afterpulses no clicks": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks\n"
            "    return wrong / clicks\n"
        ),
        "share of the signal": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) / 2 * signal + background / 2 + afterpulse / 2 * clicks\n"
            "    return wrong / signal\n"
        ),
        "no background": (
            "def qber_of(signal, background, visibility, afterpulse):\n"
            "    clicks = signal + background - signal * background\n"
            "    wrong = (1 - visibility) / 2 * signal + afterpulse / 2 * clicks\n"
            "    return wrong / (clicks * (1 + afterpulse))\n"
        ),
    },
    grade=_grade_errors,
    given={"np": np},
)


def _grade_uneven(answer: Any) -> Verdict:
    def bias(e: float, eta: float) -> float:
        return (1 - 2 * e) * (1 - eta) / (1 + eta)

    mistakes: dict[str, Formula] = {
        "that ignores the mismatch: Eve need not touch anything to know which detector is the likelier.": (
            lambda e, eta: 1 - 2 * _entropy(e)
        ),
        "that is what is left after throwing good clicks away; the question is for all of them.": (
            lambda e, eta: 2 * eta / (1 + eta) * (1 - 2 * _entropy(e))
        ),
        "z is what is seen *with* errors: (1 - 2e) times the bias of the detectors.": (
            lambda e, eta: _entropy(eta / (1 + eta)) - 2 * _entropy(e)
        ),
        "Eve is not alone in costing: the public bits of correction, h(e), are missing.": (
            lambda e, eta: _entropy((1 - bias(e, eta)) / 2) - _entropy(e)
        ),
        "z is a difference of two chances; their entropy is h((1 - z)/2), not h(z).": (
            lambda e, eta: _entropy(bias(e, eta)) - 2 * _entropy(e)
        ),
    }
    cases = [(0.03, 0.5), (0.0, 0.2), (0.08, 0.9), (0.05, 1.0), (0.1, 0.05), (0.0, 0.0), (0.02, 0.7)]
    praise = "It can be negative at a QBER of 3 %: no error rate alone says whether there is a key."
    return _graded(
        answer, cases, lambda e, eta: float(fibre.mismatch_rate(e, ratio=eta)), mistakes, ("e", "eta"), praise
    )


uneven = Exercise(
    name="uneven",
    level="stretch",
    prompt=(
        "Write `uneven(e, eta)`: the secret bits per sifted bit to be expected of a line that turns each bit with chance "
        "`e`, in either basis and before either detector, if the detectors' efficiencies have the ratio `eta`; correction at "
        "Shannon's limit. It may be negative. `h` is the binary entropy. (With a *measured* QBER it is no proof: Eve may lay "
        "the errors of X on the weak detector.)"
    ),
    stub="def uneven(e, eta):\n    ...\n",
    solution=(
        "def uneven(e, eta):\n    z = (1 - 2 * e) * (1 - eta) / (1 + eta)\n    return h((1 - z) / 2) - 2 * h(e)\n"
    ),
    explanation=(
        "On such a line Eve lacks h((1 - z)/2) - h(e) of Alice's bit, where z is how uneven the detected bits are; correction "
        "then discloses h(e). Equal detectors give z = 0 and 1 - 2h(e)."
    ),
    wrong={
        "equal detectors": "def uneven(e, eta):\n    return 1 - 2 * h(e)\n",
        "clicks thrown away": "def uneven(e, eta):\n    return 2 * eta / (1 + eta) * (1 - 2 * h(e))\n",
        "bias without errors": "def uneven(e, eta):\n    return h(eta / (1 + eta)) - 2 * h(e)\n",
        "no correction": (
            "def uneven(e, eta):\n    z = (1 - 2 * e) * (1 - eta) / (1 + eta)\n    return h((1 - z) / 2) - h(e)\n"
        ),
        "entropy of the bias": (
            "def uneven(e, eta):\n    z = (1 - 2 * e) * (1 - eta) / (1 + eta)\n    return h(z) - 2 * h(e)\n"
        ),
        "never negative": (
            "def uneven(e, eta):\n"
            "    z = (1 - 2 * e) * (1 - eta) / (1 + eta)\n"
            "    return max(0.0, h((1 - z) / 2) - 2 * h(e))\n"
        ),
    },
    grade=_grade_uneven,
    given={"np": np, "h": _entropy},
)


def _lead(rate: Formula, km: float, loss: float, modes: float, power: float = 1.0, base: float = 2.0) -> bool:
    t = 10 ** (-loss * km / 10 * power)
    return bool(rate(km) > -modes * np.log1p(-t) / np.log(base))


def _grade_passes(answer: Any) -> Verdict:
    def twin(km: float) -> float:
        return 0.02 * 10 ** (-0.01 * km)

    def steep(km: float) -> float:
        return 0.3 * 10 ** (-0.02 * km)

    def short(km: float) -> float:
        return 0.05 * 10 ** (-0.008 * km) if km < 260 else 0.0

    def late(km: float) -> float:  # above the bound in the very last kilometre
        return -float(np.log2(1 - 10 ** (-0.02 * 599.5 / 10)))

    def later(km: float) -> float:  # and here one kilometre after it
        return -float(np.log2(1 - 10 ** (-0.02 * 600.5 / 10)))

    def early(km: float) -> float:
        return 100.0

    def first(rate: Formula, loss: float, modes: int, **how: float) -> int | None:
        return next((km for km in range(1, 601) if _lead(rate, km, loss, modes, **how)), None)

    def last(rate: Formula, loss: float, modes: int) -> int | None:
        return next((km for km in range(600, 0, -1) if _lead(rate, km, loss, modes)), None)

    mistakes: dict[str, Callable[[Formula, float, int], int | None]] = {
        "PLOB is per mode: a pulse of two modes has twice the bound.": lambda r, a, m: first(r, a, 1),
        "PLOB is per mode: a pulse of four modes has four times the bound.": lambda r, a, m: first(
            r, a, min(m, 2)
        ),
        "the bound is for the whole fibre from Alice to Bob, not for the way to the station.": (
            lambda r, a, m: first(r, a, m, power=0.5)
        ),
        "bits: the logarithm is to base 2.": lambda r, a, m: first(r, a, m, base=float(np.e)),
        "that is the *last* length at which it is ahead; the question is for the first.": last,
    }
    for rate, loss, modes in (
        (twin, 0.2, 1),
        (twin, 0.2, 2),
        (twin, 0.2, 3),
        (twin, 0.2, 4),
        (short, 0.17, 1),
        (steep, 0.2, 1),
        (short, 0.25, 2),
        (late, 0.02, 1),
        (later, 0.02, 1),
        (early, 0.2, 2),
    ):
        got: Any = answer(rate, loss, modes)
        wanted = first(rate, loss, modes)
        if got is wanted or (wanted is not None and got is not None and number(got) == wanted):
            continue
        if wanted is None:
            return Verdict.wrong(f"a rate that is never ahead should give None; you return {got!r}.")
        for why, wrong in mistakes.items():
            value = wrong(rate, loss, modes)
            if value is not None and np.isscalar(got) and got == value:
                return Verdict.wrong(why)
        return Verdict.wrong(f"with {loss:g} dB/km and {modes} mode(s) you return {got!r}; it is {wanted}.")
    return Verdict.right(
        "Half the decibels beat all of them, sooner or later: the slopes differ by a factor of two."
    )


passes = Exercise(
    name="passes",
    level="project",
    prompt=(
        "Write `passes(rate, loss_db_per_km, modes)`: the first whole number of kilometres, 1 to 600, at which "
        "`rate(km)`, bits per pulse between Alice and Bob, is above what a fibre without a station can give to a pulse of "
        "that many `modes`; None if there is none. Then feed it `fibre.twin_field_rate` and `fibre.mdi_rate` (how many "
        "modes has each?)."
    ),
    stub="def passes(rate, loss_db_per_km, modes):\n    ...\n",
    solution=(
        "def passes(rate, loss_db_per_km, modes):\n"
        "    for km in range(1, 601):\n"
        "        bound = -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10))\n"
        "        if rate(km) > bound:\n"
        "            return km\n"
    ),
    explanation=(
        "The bound is $-\\log_2(1 - t)$ for each mode, with the transmittance of the whole fibre. A twin-field pulse is one "
        "mode, a pulse with polarisations or time bins is two; `mdi_rate` is never ahead."
    ),
    wrong={
        "one or two modes": (
            "def passes(rate, loss_db_per_km, modes):\n"
            "    for km in range(1, 601):\n"
            "        if rate(km) > -min(modes, 2) * np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):\n"
            "            return km\n"
        ),
        "one mode always": (
            "def passes(rate, loss_db_per_km, modes):\n"
            "    for km in range(1, 601):\n"
            "        if rate(km) > -np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):\n"
            "            return km\n"
        ),
        "half the fibre": (
            "def passes(rate, loss_db_per_km, modes):\n"
            "    for km in range(1, 601):\n"
            "        if rate(km) > -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 20)):\n"
            "            return km\n"
        ),
        "natural logarithm": (
            "def passes(rate, loss_db_per_km, modes):\n"
            "    for km in range(1, 601):\n"
            "        if rate(km) > -modes * np.log(1 - 10 ** (-loss_db_per_km * km / 10)):\n"
            "            return km\n"
        ),
        "the last": (
            "def passes(rate, loss_db_per_km, modes):\n"
            "    for km in range(600, 0, -1):\n"
            "        if rate(km) > -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):\n"
            "            return km\n"
        ),
        "not None": (
            "def passes(rate, loss_db_per_km, modes):\n"
            "    for km in range(1, 601):\n"
            "        if rate(km) > -modes * np.log2(1 - 10 ** (-loss_db_per_km * km / 10)):\n"
            "            return km\n"
            "    return 601\n"
        ),
    },
    grade=_grade_passes,
    given={"np": np},
)

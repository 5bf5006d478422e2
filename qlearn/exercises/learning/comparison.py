"""Exercises of the chapter *A fair comparison*."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np
from scipy.stats import linregress
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from qlearn.evidence import average
from qlearn.exercises import Exercise, Verdict
from qlearn.learning.comparison import load_dataset, sampled_cosine
from qlearn.learning.qsvm.qsvc import QSVC

_DAYS = 10_000 * 9_999 / 2 * 1000 / 1e4 / 86_400


def _grade_device_days(days: Any) -> Verdict:
    if isinstance(days, bool) or not isinstance(days, int | float | np.number):
        return Verdict.wrong("device_days should be a number of days.")
    if np.isclose(days, 2 * _DAYS, rtol=2e-3):
        return Verdict.wrong(
            "Twice too long: the table is symmetric and its diagonal is known, so count pairs."
        )
    if np.isclose(days, _DAYS / 1000, rtol=2e-3):
        return Verdict.wrong("Each entry needs 1000 shots, not one.")
    if np.isclose(days, 24 * _DAYS, rtol=2e-3):
        return Verdict.wrong("Those are hours: there are 24 in a day.")
    if np.isclose(days, 86_400 * _DAYS, rtol=2e-3):
        return Verdict.wrong("Those are seconds: there are 86,400 in a day.")
    if np.isclose(days, _DAYS * 10_001 / 9_999, rtol=2e-5):
        return Verdict.wrong("That is n (n + 1) / 2, with the diagonal: it is known, so leave it out.")
    if np.isclose(days, _DAYS * 10_000 / 9_999, rtol=2e-5):
        return Verdict.wrong("That is half the square of n: of n rows there are n (n - 1) / 2 pairs.")
    rounded = any(np.isclose(days, round(_DAYS, places), rtol=1e-9) for places in range(4))
    if not rounded and not np.isclose(days, _DAYS, rtol=2e-5):
        return Verdict.wrong(
            f"{days:.4g} is not it: pairs of rows, times 1000 shots, divided by 10,000 shots a second."
        )
    return Verdict.right(
        "Almost two months for one table, of few rows by today's standards. A laptop multiplies the simulated states "
        "of ten qubits in seconds."
    )


device_days = Exercise(
    name="device_days",
    level="warm-up",
    prompt=(
        "A device runs 10,000 shots a second. How many days does it take to count the kernel table of 10,000 rows "
        "with 1000 shots an entry? The table is symmetric and its diagonal is known. Assign `device_days`."
    ),
    stub="device_days = ...\n",
    solution="device_days = 10_000 * 9_999 / 2 * 1000 / 10_000 / (24 * 60 * 60)\n",
    explanation=(
        "There are $n(n-1)/2$ pairs, about 50 million. At 1000 shots each and 10,000 shots a second, ten entries are "
        "ready every second. The square is what hurts: ten times the rows, a hundred times the days."
    ),
    wrong={
        "all entries": "device_days = 10_000 ** 2 * 1000 / 10_000 / (24 * 60 * 60)\n",
        "one shot an entry": "device_days = 10_000 * 9_999 / 2 / 10_000 / (24 * 60 * 60)\n",
        "hours": "device_days = 10_000 * 9_999 / 2 * 1000 / 10_000 / 3600\n",
        "seconds": "device_days = 10_000 * 9_999 / 2 * 1000 / 10_000\n",
        "with the diagonal": "device_days = 10_000 * 10_001 / 2 * 1000 / 10_000 / (24 * 60 * 60)\n",
        "half the square": "device_days = 10_000 ** 2 / 2 * 1000 / 10_000 / (24 * 60 * 60)\n",
        "rows, not pairs": "device_days = 10_000 * 1000 / 10_000 / (24 * 60 * 60)\n",
    },
    grade=_grade_device_days,
)


def _grade_growth_exponent(answer: Any) -> Verdict:
    x, y = np.array([50.0, 100.0, 200.0, 400.0]), np.array([0.011, 0.048, 0.18, 0.75])
    exact = 7 * x**1.5
    if np.ndim(answer(x, exact)):
        return Verdict.wrong(
            "Return one number for all points; np.polyfit(..., 1) returns two, the slope first."
        )
    found, measured = float(answer(x, exact)), float(answer(x, y))
    if np.isclose(found, linregress(x, exact).slope):
        return Verdict.wrong(
            "That is the slope in plain numbers: a power law is straight on logarithms of both axes."
        )
    if np.isclose(found, linregress(x, np.log(exact)).slope):
        return Verdict.wrong(
            "Only y has its logarithm: that is the rate of an exponential. Take that of x too."
        )
    if np.isclose(found, 1 / 1.5):
        return Verdict.wrong("Upside down: you fitted x as a power of y.")
    if not np.isclose(found, 1.5):
        return Verdict.wrong(f"for y = 7 x^1.5 it gives {found:.4g}, not 1.5.")
    if not np.isclose(measured, linregress(np.log(x), np.log(y)).slope):
        return Verdict.wrong(
            "On measured times it is off: use all points (least squares), not the first and the last."
        )
    x, y = np.array([30.0, 70.0, 90.0, 400.0, 1100.0, 1300.0]), np.array([0.4, 0.7, 1.4, 2.9, 9.1, 9.3])
    uneven = float(answer(x, y))
    if np.isclose(uneven, linregress(np.arange(6), np.log2(y)).slope):
        return Verdict.wrong(
            "Right only for sizes that double, one point to the next: put the logarithms of x beside those of y."
        )
    if not np.isclose(uneven, linregress(np.log(x), np.log(y)).slope):
        return Verdict.wrong(
            f"Right for four sizes that double, not for six others: it gives {uneven:.4g} there. Read x."
        )
    return Verdict.right("The exponent of a power law is the slope of a straight line on logarithms.")


growth_exponent = Exercise(
    name="growth_exponent",
    level="core",
    prompt=(
        "Write `growth_exponent(x, y)`: the $b$ of $y = a\\,x^b$ that fits measured costs $y$ at sizes $x$ best, "
        "by least squares on logarithms, all points used."
    ),
    stub="def growth_exponent(x, y):\n    ...\n",
    solution="def growth_exponent(x, y):\n    return np.polyfit(np.log(x), np.log(y), 1)[0]\n",
    explanation=(
        "$\\log y = \\log a + b\\log x$ is a straight line with slope $b$; the base of the logarithm does not "
        "matter, and neither does the unit of $y$, which moves into $a$."
    ),
    wrong={
        "plain numbers": "def growth_exponent(x, y):\n    return np.polyfit(x, y, 1)[0]\n",
        "logarithm of y only": "def growth_exponent(x, y):\n    return np.polyfit(x, np.log(y), 1)[0]\n",
        "upside down": "def growth_exponent(x, y):\n    return np.polyfit(np.log(y), np.log(x), 1)[0]\n",
        "two points": "def growth_exponent(x, y):\n    return np.log(y[-1] / y[0]) / np.log(x[-1] / x[0])\n",
        "sizes that double": (
            "def growth_exponent(x, y):\n    return np.polyfit(np.arange(len(y)), np.log2(y), 1)[0]\n"
        ),
        "a ratio": "def growth_exponent(x, y):\n    return y[1] / y[0]\n",
    },
    grade=_grade_growth_exponent,
    given={"np": np},
)


def _grade_standard_error(answer: Any) -> Verdict:
    rng = np.random.default_rng(4)
    a, b = rng.normal(0.95, 0.02, 5), rng.normal(0.93, 0.02, 5)
    right, d = average(a - b, overlap=1 / 4).error, a - b
    got = float(answer(a, b))
    if np.isclose(got, d.std(ddof=1) / np.sqrt(5)):
        return Verdict.wrong(
            "That takes the five folds for five independent experiments; any two share three quarters of their "
            "training rows. Add 1/(k - 1) to 1/k under the root."
        )
    if np.isclose(got, np.sqrt(9 / 20) * d.std()):
        return Verdict.wrong(
            "The spread is estimated from the same five numbers: divide by k - 1 (ddof=1), not by k."
        )
    if np.isclose(got, np.sqrt(9 / 20 * (a.var(ddof=1) + b.var(ddof=1)))):
        return Verdict.wrong(
            "The two models were judged on the same rows: a hard fold is hard for both. Take the spread of the "
            "differences, not the two spreads."
        )
    if np.isclose(got, 9 / 20 * d.var(ddof=1)):
        return Verdict.wrong("That is the variance: take its root.")
    if np.isclose(got, d.mean() / right):
        return Verdict.wrong("That is t, the difference in units of its error: the error alone is asked for.")
    if np.isclose(got, np.sqrt(1 / 4) * d.std(ddof=1)):
        return Verdict.wrong("That is the correction alone: 1/k stays under the root beside 1/(k - 1).")
    if not np.isclose(got, right):
        return Verdict.wrong(f"got {got:.5f}, expected {right:.5f} for a - b = {np.round(d, 3).tolist()}.")
    a, b = rng.normal(0.95, 0.02, 10), rng.normal(0.93, 0.02, 10)
    if not np.isclose(float(answer(a, b)), average(a - b, overlap=1 / 9).error):
        return Verdict.wrong("Right for five folds, not for ten: take k from the length of the scores.")
    return Verdict.right("For 5 folds it is 1.5 times the error that the ordinary paired test would state.")


standard_error = Exercise(
    name="standard_error",
    level="core",
    prompt=(
        "`a` and `b` are the scores of two models on the same $k$ folds of one cross-validation. Write "
        "`standard_error(a, b)`: the standard error of the mean difference with the correction of Nadeau and Bengio."
    ),
    stub="def standard_error(a, b):\n    ...\n",
    solution=(
        "def standard_error(a, b):\n"
        "    d, k = a - b, len(a)\n"
        "    return np.sqrt((1 / k + 1 / (k - 1)) * d.var(ddof=1))\n"
    ),
    explanation=(
        "The variance of a mean of independent numbers is $s^2/k$. The folds are not independent: their training "
        "sets overlap. The correction adds the ratio of test to training rows, $\\tfrac{1}{k-1}$, to $\\tfrac1k$. For "
        "$k=5$ that is $0.45$ in place of $0.2$."
    ),
    wrong={
        "independent folds": "def standard_error(a, b):\n    return (a - b).std(ddof=1) / np.sqrt(len(a))\n",
        "population spread": "def standard_error(a, b):\n    return np.sqrt(1/5 + 1/4) * (a - b).std()\n",
        "two spreads": (
            "def standard_error(a, b):\n    return np.sqrt((1/5 + 1/4) * (a.var(ddof=1) + b.var(ddof=1)))\n"
        ),
        "a variance": "def standard_error(a, b):\n    return (1/5 + 1/4) * (a - b).var(ddof=1)\n",
        "five folds for ever": (
            "def standard_error(a, b):\n    return np.sqrt((1/5 + 1/4) * (a - b).var(ddof=1))\n"
        ),
        "the correction alone": (
            "def standard_error(a, b):\n    return np.sqrt((a - b).var(ddof=1) / (len(a) - 1))\n"
        ),
        "t": (
            "def standard_error(a, b):\n"
            "    return (a - b).mean() / np.sqrt((1/5 + 1/4) * (a - b).var(ddof=1))\n"
        ),
        "the mean": "def standard_error(a, b):\n    return (a - b).mean()\n",
    },
    grade=_grade_standard_error,
    given={"np": np},
)


def _grade_shots_under_noise(answer: Any) -> Verdict:
    got = np.array([float(answer(shots, p)) for shots, p in ((1000, 0.5), (400, 0.2), (100, 0.0))])
    right = np.array([4000, 625, 100])
    if np.allclose(got, [2000, 500, 100]):
        return Verdict.wrong(
            "The signal shrinks by 1 - p, but a statistical error falls only with the root of the shots."
        )
    if np.allclose(got, [250, 256, 100]):
        return Verdict.wrong("Fewer shots under noise? The factor belongs in the denominator.")
    if np.allclose(got, [4000, 10_000, np.inf]) or np.allclose(got[:2], [4000, 10_000]):
        return Verdict.wrong(
            "p is the chance to lose the state, 1 - p the chance to keep it: the signal keeps 1 - p."
        )
    if not np.allclose(got, right):
        return Verdict.wrong(f"1000 shots at p = 0.5 should become 4000; yours become {got[0]:.4g}.")
    return Verdict.right(
        "Half the runs lost costs four times the shots; at 99 % lost it is ten thousand times."
    )


shots_under_noise = Exercise(
    name="shots_under_noise",
    level="core",
    prompt=(
        "Depolarising noise turns every difference between two kernel entries, $\\Delta$, into $(1-p)\\Delta$. Without "
        "noise, `shots` runs an entry tell the two apart with some confidence. Write `shots_under_noise(shots, p)`: how "
        "many runs tell them apart equally well under noise? Take the spread of one run as unchanged."
    ),
    stub="def shots_under_noise(shots, p):\n    ...\n",
    solution="def shots_under_noise(shots, p):\n    return shots / (1 - p) ** 2\n",
    explanation=(
        "The error of a share is proportional to $1/\\sqrt{\\text{shots}}$. To shrink it by $1-p$, as the difference "
        "shrank, shots must grow by $1/(1-p)^2$. With $p$ near 1, which many gates bring about quickly, this is the "
        "price, if the spread of one run stays as it was; for entries in the middle it falls, near 0 or 1 it rises."
    ),
    wrong={
        "forgot the root": "def shots_under_noise(shots, p):\n    return shots / (1 - p)\n",
        "the wrong way": "def shots_under_noise(shots, p):\n    return shots * (1 - p) ** 2\n",
        "p for 1 - p": "def shots_under_noise(shots, p):\n    return shots / p ** 2 if p else np.inf\n",
        "no price": "def shots_under_noise(shots, p):\n    return shots\n",
    },
    grade=_grade_shots_under_noise,
    given={"np": np},
)


def _grade_cosine(answer: Any) -> Verdict:
    rng = np.random.default_rng(8)
    x = rng.lognormal(0, 0.8, 400)
    y = 2 * np.where(x > 1.5, x, -x) + 0.6 * rng.normal(size=400)  # large entries and small ones disagree
    true = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
    got = np.mean([float(answer(x, y, 400, np.random.default_rng(seed))) for seed in range(60)])
    few = np.std([float(answer(x, y, 5, np.random.default_rng(seed))) for seed in range(60)])
    if few < 1e-9:
        return Verdict.wrong("Five samples give the exact answer every time: you read the whole vectors.")
    big = np.concatenate(
        [[30.0, -20.0], np.full(4998, 0.01)]
    )  # two entries carry the angle, the rest is dust
    off = np.concatenate([[10.0, 40.0], np.full(4998, -0.02)])
    dusty = np.mean([float(answer(big, off, 400, np.random.default_rng(seed))) for seed in range(60)])
    angle = big @ off / np.linalg.norm(big) / np.linalg.norm(off)
    error = np.sqrt((1 - true**2) / 400 / 60)
    close = abs(dusty - angle) < 6 * np.sqrt((1 - angle**2) / 400 / 60)
    if abs(got - true) < 6 * error and not close:
        return Verdict.wrong(
            f"For vectors with two large entries and 4998 tiny ones it gives {dusty:.2f} on average, the cosine is "
            f"{angle:.2f}: a measurement sees the large entries, a uniform draw or an average of x_i / y_i does not."
        )
    if abs(got - true) < 6 * error:
        # One sample of these is 0 or sqrt(2), one as often as the other; 400 repetitions tell a spread to 3.5 %.
        even, half = np.ones(64), np.repeat([1.0, 0.0], 32)
        for samples in (5, 400):
            seen = np.std([float(answer(even, half, samples, np.random.default_rng(k))) for k in range(400)])
            theory = np.sqrt(1 / 2 / samples)
            if seen < 1e-9:
                return Verdict.wrong(
                    "You draw entry i with the weight of y: where y is 0 you never look, and a measurement of x does."
                )
            if not 0.75 < seen / theory < 1.3:
                return Verdict.wrong(
                    f"From {samples} samples your answers scatter by {seen:.2g}, and {samples} draws of a measurement "
                    f"by {theory:.2g} (x is 64 ones, and half of y is 0): read `samples` entries, no more and no fewer."
                )
        expected = np.mean([sampled_cosine(x, y, 400, rng=seed)[0] for seed in range(60)])
        return Verdict.right(
            f"On average {got:.3f}, the exact cosine is {true:.3f} (ours: {expected:.3f}); no dimension anywhere."
        )
    uniform = np.mean((y / np.linalg.norm(y)) / (x / np.linalg.norm(x)))
    if abs(got - uniform) < 0.03:
        return Verdict.wrong(
            "You draw all entries equally often: draw entry i with probability x_i^2 / |x|^2."
        )
    if abs(got - true * np.linalg.norm(y) / np.linalg.norm(x)) < 0.03:
        return Verdict.wrong("The vectors are not normalised: divide each by its length first.")
    if abs(got + 0) < 1e-3 or abs(got) > 1:
        return Verdict.wrong(
            f"On average {got:.3g}; a cosine of {true:.3f} is expected: average y_i / x_i of the unit vectors."
        )
    return Verdict.wrong(f"On average {got:.3f}, the cosine is {true:.3f}: which weight does entry i carry?")


cosine = Exercise(
    name="cosine",
    level="stretch",
    prompt=(
        "Write `cosine(x, y, samples, rng)`: an estimate of the cosine of the angle between `x` and `y` from "
        "`samples` entries only, drawn as a measurement of the amplitude-encoded `x` would draw them. (The lengths "
        "$\\|x\\|$ and $\\|y\\|$ are known.)"
    ),
    stub="def cosine(x, y, samples, rng):\n    ...\n",
    solution=(
        "def cosine(x, y, samples, rng):\n"
        "    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)\n"
        "    seen = rng.choice(len(a), size=samples, p=a**2)\n"
        "    return np.mean(b[seen] / a[seen])\n"
    ),
    explanation=(
        "The average over draws is $\\sum_i a_i^2\\,\\tfrac{b_i}{a_i} = \\sum_i a_i b_i$, the cosine. Its variance for one "
        "sample is $\\sum_i a_i^2\\tfrac{b_i^2}{a_i^2} - \\cos^2 = 1-\\cos^2$, whatever the dimension. The quantum swap "
        "test has the same property, and it needs the same access to the data."
    ),
    wrong={
        "uniform draws": (
            "def cosine(x, y, samples, rng):\n"
            "    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)\n"
            "    seen = rng.integers(len(a), size=samples)\n"
            "    return np.mean(b[seen] / a[seen])\n"
        ),
        "not normalised": (
            "def cosine(x, y, samples, rng):\n"
            "    seen = rng.choice(len(x), size=samples, p=x**2 / (x @ x))\n"
            "    return np.mean(y[seen] / x[seen])\n"
        ),
        "reads everything": (
            "def cosine(x, y, samples, rng):\n    return x @ y / np.linalg.norm(x) / np.linalg.norm(y)\n"
        ),
        "the cosine of a subset": (
            "def cosine(x, y, samples, rng):\n"
            "    x, y = np.stack([x, y])[:, rng.integers(len(x), size=samples)]\n"
            "    return x @ y / np.linalg.norm(x) / np.linalg.norm(y)\n"
        ),
        "upside down": (
            "def cosine(x, y, samples, rng):\n"
            "    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)\n"
            "    seen = rng.choice(len(a), size=samples, p=a**2)\n"
            "    return np.mean(a[seen] / b[seen])\n"
        ),
        "draws by y": (
            "def cosine(x, y, samples, rng):\n"
            "    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)\n"
            "    seen = rng.choice(len(b), size=samples, p=b**2)\n"
            "    return np.mean(a[seen] / b[seen])\n"
        ),
        "more samples": (
            "def cosine(x, y, samples, rng):\n"
            "    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)\n"
            "    seen = rng.choice(len(a), size=10 * samples, p=a**2)\n"
            "    return np.mean(b[seen] / a[seen])\n"
        ),
        "products": (
            "def cosine(x, y, samples, rng):\n"
            "    a, b = x / np.linalg.norm(x), y / np.linalg.norm(y)\n"
            "    seen = rng.choice(len(a), size=samples, p=a**2)\n"
            "    return np.mean(a[seen] * b[seen])\n"
        ),
    },
    grade=_grade_cosine,
    given={"np": np},
)


@contextmanager
def _calls_of_qlearn() -> Iterator[list[str]]:
    """List the functions of this library that are called in the block, however they came there."""
    called: list[str] = []

    def watch(frame: FrameType, event: str, arg: object) -> None:
        module = str(frame.f_globals.get("__name__", ""))
        if event == "call" and module.startswith("qlearn.") and not module.startswith("qlearn.exercises."):
            called.append(f"{module}.{frame.f_code.co_name}")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield called
    finally:
        sys.setprofile(before)


def _grade_rival(rival: Any) -> Verdict:
    if isinstance(rival, type):
        return Verdict.wrong(f"{rival.__name__} is a class: call it, to make one classifier.")
    if not hasattr(rival, "fit") or not hasattr(rival, "get_params"):
        return Verdict.wrong("rival should be a scikit-learn classifier, for example made by make_pipeline.")
    data = load_dataset("synthetic", 120, rng=2)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    with _calls_of_qlearn() as called:
        try:
            score = cross_val_score(clone(rival), data.X, data.y, cv=folds, error_score="raise").mean()
        except Exception:
            if not called:
                raise
    if called:
        return Verdict.wrong(
            f"rival uses a part of qlearn ({called[0]}): the task is to beat it with NumPy and scikit-learn alone."
        )
    if score < 0.75:
        return Verdict.wrong(
            f"{score:.2f}: near guessing. No measure of nearness in the plane follows the fringes of the map: compute the "
            "four amplitudes of its state with NumPy and use their products as features."
        )
    if score < 0.95:
        return Verdict.wrong(
            f"{score:.2f}: well on the way. All 16 numbers of the density matrix are needed, products of amplitudes "
            "and not the amplitudes or their squares alone, and then one straight cut."
        )
    return Verdict.right(
        f"{score:.2f} with a formula of NumPy: with two qubits there is nothing that a laptop cannot follow."
    )


_FEATURES = """def features(X):
    one, two = X[:, 0], X[:, 1]
    both = 2 * (np.pi - one) * (np.pi - two)
    phases = np.stack([0 * one, 2 * two + both, 2 * one + both, 2 * one + 2 * two], axis=1)
    layer = np.exp(1j * phases)
    H = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
    states = layer * ((layer / 2) @ H)
    {made}

rival = make_pipeline(FunctionTransformer(features), SVC(kernel="linear", C=30))
"""

rival = Exercise(
    name="rival",
    level="project",
    prompt=(
        "On the synthetic set the QSVC wins. Beat it without a quantum library: assign to `rival` a scikit-learn "
        "pipeline, made of NumPy and scikit-learn only, that reaches 95 % there. You may know how the data was made."
    ),
    stub="rival = ...\n",
    solution=_FEATURES.format(
        made=(
            "products = states[:, :, None] * states[:, None, :].conj()\n"
            "    flat = products.reshape(len(X), 16)\n"
            "    return np.concatenate([flat.real, flat.imag], axis=1)"
        )
    ),
    explanation=(
        "The map has two qubits, so its state has four amplitudes, each a sum of four phases: a line of NumPy. The labels "
        "are the sign of the mean of an observable, which is *linear* in the products $\\psi_b\\psi_c^*$. With these 16 "
        "products (real and imaginary parts) as features one straight cut is the rule itself. Up to some thirty qubits the "
        "same holds with more memory; the claim of an advantage begins where this program ends."
    ),
    wrong={
        "nearness": "rival = make_pipeline(SVC(C=10, gamma=1.0))\n",
        "probabilities only": _FEATURES.format(made="return np.abs(states) ** 2"),
        "not a classifier": "rival = 0.97\n",
        "the quantum one": "rival = QSVC()\n",
        "the quantum one in disguise": "rival = SVC(kernel=lambda A, B: QSVC().fit(A, B))\n",
        "the quantum kernel, imported inside": (
            "def f(A, B):\n"
            "    from qlearn.learning import FidelityKernel\n"
            "    return FidelityKernel()(A, B)\n\n"
            "rival = SVC(kernel=f)\n"
        ),
        "a class": "rival = SVC\n",
    },
    grade=_grade_rival,
    given={
        "np": np,
        "SVC": SVC,
        "make_pipeline": make_pipeline,
        "FunctionTransformer": FunctionTransformer,
        "QSVC": QSVC,
    },
)

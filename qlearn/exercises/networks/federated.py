"""Exercises of the chapter *Federated learning: the model travels, the data stay*."""

from math import isclose
from typing import Any

import numpy as np

from qlearn.exercises import Exercise, Verdict
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import Client, FedAvg, StrategyError, run


def _number(answer: Any) -> float | None:
    try:
        return float(np.asarray(answer).item())
    except (TypeError, ValueError):
        return None


def _grade_by_hand(answer: Any) -> Verdict:
    value = _number(answer)
    if value is None:
        return Verdict.wrong(f"give one number, not {answer!r}.")
    if isclose(value, 0.5, abs_tol=1e-9):
        return Verdict.right(
            "The large hospital has three of every four patients, so it pulls three times as hard."
        )
    if isclose(value, 0.0, abs_tol=1e-9):
        return Verdict.wrong(
            "0 is the plain mean of 1 and -1: weigh each model by its patients, 300 and 100."
        )
    if isclose(value, 200, abs_tol=1e-6):
        return Verdict.wrong("200 is the weighted sum; divide it by the 400 patients to get a mean.")
    if isclose(value, -0.5, abs_tol=1e-9):
        return Verdict.wrong(
            "-0.5 gives the large weight to the small hospital: 300 patients stand behind +1."
        )
    return Verdict.wrong(f"{value:g} is not it: (300 x 1 + 100 x (-1)) / 400.")


by_hand = Exercise(
    name="by_hand",
    level="warm-up",
    prompt=(
        "A hospital with 300 patients ends its round with the parameter 1, one with 100 patients with -1. "
        "What is the parameter of the global model?"
    ),
    stub="by_hand = ...\n",
    solution="by_hand = (300 * 1 + 100 * (-1)) / (300 + 100)\n",
    explanation=(
        "Federated averaging weighs each model by the samples behind it: $(300\\cdot1-100\\cdot1)/400=1/2$. "
        "That is what makes one step of it equal to a step on the pooled data."
    ),
    wrong={
        "plain mean": "by_hand = (1 - 1) / 2\n",
        "not divided": "by_hand = 300 * 1 + 100 * (-1)\n",
        "weights exchanged": "by_hand = (100 * 1 - 300 * 1) / 400\n",
    },
    grade=_grade_by_hand,
)


def _grade_count_bits(answer: Any) -> Verdict:
    layers, qubits, clients, rounds = 2, 4, 10, 30
    one_way = 64 * clients * rounds * (2 * layers * qubits + qubits + 1)
    got = answer(layers, qubits, clients, rounds)
    if got == 2 * one_way:
        if answer(3, 8, 5, 7) != 2 * 64 * 5 * 7 * (48 + 8 + 1):
            return Verdict.wrong(
                "right for the chapter's federation, wrong for 3 layers on 8 qubits: use all arguments."
            )
        return Verdict.right(
            "No sample count in it: the cost of a round is the size of the model, whatever the data."
        )
    if got == one_way:
        return Verdict.wrong(
            f"{got} counts one direction: the model goes down to each client and comes back up."
        )
    if got == 2 * 64 * clients * rounds * 2 * layers * qubits:
        return Verdict.wrong(
            f"{got} counts the angles only: each qubit has a readout weight, and there is an offset."
        )
    if got == 2 * one_way // 64:
        return Verdict.wrong(f"{got} is how many numbers travel; each of them has 64 bits.")
    return Verdict.wrong(
        f"for 2 layers, 4 qubits, 10 clients and 30 rounds you count {got}; {2 * one_way} bits are sent."
    )


count_bits = Exercise(
    name="count_bits",
    level="core",
    prompt=(
        "Write `count_bits(layers, qubits, clients, rounds)`: how many bits does a whole run send? Two classes, "
        "all clients asked in every round, 64 bits a number, both directions."
    ),
    stub="def count_bits(layers, qubits, clients, rounds):\n    ...\n",
    solution=(
        "def count_bits(layers, qubits, clients, rounds):\n"
        "    angles, weights, offset = 2 * layers * qubits, qubits, 1\n"
        "    return 2 * clients * rounds * 64 * (angles + weights + offset)\n"
    ),
    explanation=(
        "Two angles for each qubit of each layer, one weight for each qubit, one offset; each number travels to "
        "every client and back in every round. How many patients a client has does not matter."
    ),
    wrong={
        "one direction": (
            "def count_bits(layers, qubits, clients, rounds):\n"
            "    return clients * rounds * 64 * (2 * layers * qubits + qubits + 1)\n"
        ),
        "angles only": (
            "def count_bits(layers, qubits, clients, rounds):\n"
            "    return 2 * clients * rounds * 64 * 2 * layers * qubits\n"
        ),
        "numbers, not bits": (
            "def count_bits(layers, qubits, clients, rounds):\n"
            "    return 2 * clients * rounds * (2 * layers * qubits + qubits + 1)\n"
        ),
        "for this federation only": (
            "def count_bits(layers, qubits, clients, rounds):\n    return 2 * 10 * 30 * 64 * 21\n"
        ),
    },
    grade=_grade_count_bits,
)


def _grade_pooled_variance(answer: Any) -> Verdict:
    rng = np.random.default_rng(1)
    parts = [rng.normal(5 * i, 1 + i, n) for i, n in enumerate((5, 20, 100))]
    sums = [(len(x), x.sum(), (x**2).sum()) for x in parts]
    got, pooled = answer(sums), np.concatenate(parts)
    value = _number(got)
    if value is None:
        return Verdict.wrong(f"return one number, the variance; you returned {got!r}.")
    got = value
    variances, sizes = [x.var() for x in parts], [len(x) for x in parts]
    if isclose(got, pooled.var(), rel_tol=1e-9):
        more = [rng.normal(i, 1 + i, n) for i, n in enumerate((7, 3, 40, 1, 12))]
        again = _number(answer([(len(x), x.sum(), (x**2).sum()) for x in more]))
        if again is None or not isclose(again, np.concatenate(more).var(), rel_tol=1e-9):
            return Verdict.wrong(
                f"right for three clients with 125 samples, not for five with 63 (you return {again!r}): take "
                "how many clients and samples there are from the list."
            )
        return Verdict.right(
            "Three sums from each client, and the scale of data that nobody has seen together."
        )
    if isclose(got, float(np.average(variances, weights=sizes)), rel_tol=1e-9):
        return Verdict.wrong(
            "that is the weighted mean of the variances: it leaves out how far the clients' means lie apart."
        )
    if isclose(got, float(np.mean(variances)), rel_tol=1e-9):
        return Verdict.wrong(
            "that is the plain mean of the variances; add the sums of the clients first, then use the formula once."
        )
    if isclose(got, float(pooled.var(ddof=1)), rel_tol=1e-9):
        return Verdict.wrong("that is divided by n - 1; the exercise asks for the variance divided by n.")
    if isclose(got, float(pooled.std()), rel_tol=1e-9):
        return Verdict.wrong("that is the standard deviation; its square is asked.")
    if isclose(got, float((pooled**2).mean()), rel_tol=1e-9):
        return Verdict.wrong("that is the mean square; subtract the square of the mean.")
    return Verdict.wrong(
        f"for three clients you get {got:.4g}, but their pooled variance is {pooled.var():.4g}."
    )


pooled_variance = Exercise(
    name="pooled_variance",
    level="core",
    prompt=(
        "Each client sends $(n, \\sum x, \\sum x^2)$ of one feature. Write `pooled_variance(sums)`: the variance "
        "(divided by n) of all their samples together, from the list of these triples."
    ),
    stub="def pooled_variance(sums):\n    ...\n",
    solution=(
        "def pooled_variance(sums):\n"
        "    n, total, squares = (sum(column) for column in zip(*sums))\n"
        "    return squares / n - (total / n) ** 2\n"
    ),
    explanation=(
        "Sums add: those of the union are the sums of the clients' sums. Only then is "
        "$\\overline{x^2}-\\bar x^2$ taken. Averaging variances instead loses the spread *between* clients, which "
        "is the whole point when they differ."
    ),
    wrong={
        "mean of variances": (
            "def pooled_variance(sums):\n"
            "    total = sum(n for n, _, _ in sums)\n"
            "    return sum(n * (q / n - (s / n) ** 2) for n, s, q in sums) / total\n"
        ),
        "unweighted": (
            "def pooled_variance(sums):\n    return sum(q / n - (s / n) ** 2 for n, s, q in sums) / len(sums)\n"
        ),
        "mean square": (
            "def pooled_variance(sums):\n    return sum(q for _, _, q in sums) / sum(n for n, _, _ in sums)\n"
        ),
        "divided by n - 1": (
            "def pooled_variance(sums):\n"
            "    n, total, squares = (sum(column) for column in zip(*sums))\n"
            "    return (squares - total**2 / n) / (n - 1)\n"
        ),
        "for these clients only": (
            "def pooled_variance(sums):\n"
            "    total, squares = (sum(column) for column in list(zip(*sums))[1:])\n"
            "    return squares / 125 - (total / 125) ** 2\n"
        ),
    },
    grade=_grade_pooled_variance,
)


def _grade_average(answer: Any) -> Verdict:
    rng = np.random.default_rng(2)
    updates = [([rng.normal(size=(2, 3)), rng.normal(size=4)], n) for n in (1, 10, 89)]
    before = [[p.copy() for p in parameters] for parameters, _ in updates]
    got = answer(list(updates))
    expected: list[Any] = [sum(n * p[i] for p, n in updates) / 100 for i in range(2)]
    if not isinstance(got, list | tuple) or not all(isinstance(p, np.ndarray) for p in got):
        return Verdict.wrong(
            f"return a list of arrays, one for each array of a model; you returned {type(got).__name__}."
        )
    if any(
        not np.array_equal(p, q)
        for (ps, _), qs in zip(updates, before, strict=True)
        for p, q in zip(ps, qs, strict=True)
    ):
        return Verdict.wrong(
            "you changed the clients' own arrays on the way: += works in place. Build new ones."
        )
    if [p.shape for p in got] != [p.shape for p in expected]:
        return Verdict.wrong(
            f"your arrays have shapes {[p.shape for p in got]}; a model has {[p.shape for p in expected]}."
        )
    if all(np.allclose(p, q) for p, q in zip(got, expected, strict=True)):
        more = [([rng.normal(size=3), rng.normal(size=(2, 2)), rng.normal(size=1)], n) for n in (4, 25, 9, 2)]
        again = answer(list(more))
        means: list[Any] = [sum(n * p[i] for p, n in more) / 40 for i in range(3)]
        if [np.shape(p) for p in again] != [p.shape for p in means] or not all(
            np.allclose(p, q) for p, q in zip(again, means, strict=True)
        ):
            return Verdict.wrong(
                "right for three clients with two arrays and 100 samples, not for four with three arrays and 40: "
                "take how many there are of each from the list."
            )
        return Verdict.right("This is the whole of the server.")
    plain = [np.mean([p[i] for p, _ in updates], axis=0) for i in range(2)]
    if all(np.allclose(p, q) for p, q in zip(got, plain, strict=True)):
        return Verdict.wrong("each client counts the same here; weigh it by its number of samples.")
    if all(np.allclose(p, q * 100 / 3) for p, q in zip(got, expected, strict=True)):
        return Verdict.wrong("you divide by the number of clients; divide by the number of samples.")
    return Verdict.wrong(
        "for three clients with 1, 10 and 89 samples the mean comes out differently: sum n * array, over 100."
    )


average = Exercise(
    name="average",
    level="core",
    prompt=(
        "Write the server: `average(updates)` takes a list of `(parameters, n)`, where `parameters` is a list of "
        "arrays, and returns the list of their means, weighted by `n`."
    ),
    stub="def average(updates):\n    ...\n",
    solution=(
        "def average(updates):\n"
        "    total = sum(n for _, n in updates)\n"
        "    models = zip(*(parameters for parameters, _ in updates))\n"
        "    return [sum(n * p for p, (_, n) in zip(same, updates)) / total for same in models]\n"
    ),
    explanation=(
        "`zip(*...)` turns a list of models into a list of groups of arrays that belong together; each group is "
        "summed with the weights n and divided once by the total."
    ),
    wrong={
        "plain mean": (
            "def average(updates):\n"
            "    return [sum(same) / len(same) for same in zip(*(parameters for parameters, _ in updates))]\n"
        ),
        "divided by clients": (
            "def average(updates):\n"
            "    models = zip(*(parameters for parameters, _ in updates))\n"
            "    return [sum(n * p for p, (_, n) in zip(same, updates)) / len(updates) for same in models]\n"
        ),
        "first array only": (
            "def average(updates):\n"
            "    return [sum(n * p[0] for p, n in updates) / sum(n for _, n in updates)]\n"
        ),
        "in place": (
            "def average(updates):\n"
            "    total = sum(n for _, n in updates)\n"
            "    first, n = updates[0]\n"
            "    for i in range(len(first)):\n"
            "        first[i] *= n\n"
            "        for parameters, m in updates[1:]:\n"
            "            first[i] += m * parameters[i]\n"
            "        first[i] /= total\n"
            "    return first\n"
        ),
        "for these clients only": (
            "def average(updates):\n"
            "    models = zip(*(parameters for parameters, _ in updates))\n"
            "    return [sum(n * p for p, (_, n) in zip(same, updates)) / 100 for same in models]\n"
        ),
    },
    grade=_grade_average,
)


def _grade_read_update(answer: Any) -> Verdict:
    rng = np.random.default_rng(3)
    for label in (1, 0):
        x, weights, offset, rate = rng.normal(size=4), rng.normal(size=4), float(rng.normal()), 0.3
        error = 1 / (1 + np.exp(-(weights @ x + offset))) - label
        got = answer((weights, offset), (weights - rate * error * x, offset - rate * error), rate)
        if not isinstance(got, tuple | list) or len(got) != 2:
            return Verdict.wrong("return a pair: the features, an array, and the label, 0 or 1.")
        features, named = np.asarray(got[0], float), _number(got[1])
        if features.shape != x.shape:
            return Verdict.wrong(f"the features should have shape {x.shape}, not {features.shape}.")
        if np.allclose(features, error * x):
            return Verdict.wrong(
                "that is (p - y) x, the gradient of the weights: the offset's gradient is p - y. Divide."
            )
        if np.allclose(features, -x):
            return Verdict.wrong(
                "the features have the wrong sign: both gradients are (before - after) / rate."
            )
        if not np.allclose(features, x):
            return Verdict.wrong(
                "these are not the features. Write down both gradients; what is their ratio?"
            )
        if named != label:
            return Verdict.wrong(
                f"the features are right, the label is not: for y = {label} the offset's gradient p - y is "
                f"{'negative' if label else 'positive'}."
            )
    return Verdict.right("One division and one sign: an update of one sample is the sample.")


read_update = Exercise(
    name="read_update",
    level="stretch",
    prompt=(
        "A client of a federated *logistic regression* has a single patient and makes one step of plain gradient "
        "descent. Write `read_update(before, after, rate)`, where `before` and `after` are `(weights, offset)`: "
        "return `(features, label)` of that patient, exactly."
    ),
    stub="def read_update(before, after, rate):\n    ...\n",
    solution=(
        "def read_update(before, after, rate):\n"
        "    for_weights = (before[0] - after[0]) / rate   # (p - y) x\n"
        "    for_offset = (before[1] - after[1]) / rate    # p - y\n"
        "    return for_weights / for_offset, int(for_offset < 0)\n"
    ),
    explanation=(
        "The gradients are $(p-y)\\,x$ and $p-y$, with $0<p<1$. Their ratio is $x$; the sign of $p-y$ tells $y$. "
        "The quantum network has the same two in its readout, with $z(x)$ for $x$: the chapter inverts that too."
    ),
    wrong={
        "not divided": (
            "def read_update(before, after, rate):\n"
            "    return (before[0] - after[0]) / rate, int(before[1] < after[1])\n"
        ),
        "wrong sign": (
            "def read_update(before, after, rate):\n"
            "    g = before[1] - after[1]\n"
            "    return (after[0] - before[0]) / g, int(g < 0)\n"
        ),
        "label exchanged": (
            "def read_update(before, after, rate):\n"
            "    g = before[1] - after[1]\n"
            "    return (before[0] - after[0]) / g, int(g > 0)\n"
        ),
    },
    grade=_grade_read_update,
)


def _updates(n_clients: int, n_liars: int, seed: int) -> list[tuple[list[np.ndarray], int]]:
    rng = np.random.default_rng(seed)
    honest = [
        ([rng.normal(size=(2, 2)), rng.normal(size=1)], 10 * (i + 1)) for i in range(n_clients - n_liars)
    ]
    return honest + [([np.full((2, 2), 1e6), np.array([1e6])], 1000)] * n_liars


def _grade_median_strategy(answer: Any) -> Verdict:
    strategy = answer if hasattr(answer, "aggregate") and not callable(answer) else answer()
    for needed in ("start", "choose", "config", "aggregate"):
        if not callable(getattr(strategy, needed, None)):
            return Verdict.wrong(f"`run` asks a strategy for {needed}(...): inherit it from FedAvg.")
    for n_clients, n_liars in ((10, 3), (9, 3), (10, 0), (12, 5), (25, 7)):
        updates = _updates(n_clients, n_liars, seed=n_clients)
        rng = np.random.default_rng(n_clients)
        current = [rng.normal(size=(2, 2)), rng.normal(size=1)]  # a median does not ask where the model was
        merged = strategy.aggregate(updates, current, strategy.start(current))
        if not isinstance(merged, tuple) or len(merged) != 2:
            return Verdict.wrong(
                "aggregate must return two things, (model, state): a median keeps nothing, so hand the state on."
            )
        got = merged[0]
        if not isinstance(got, list | tuple) or [np.shape(p) for p in got] != [(2, 2), (1,)]:
            return Verdict.wrong(
                "aggregate's model must be a list of arrays with the models' shapes: take the median over clients only (axis=0)."
            )
        flat = np.concatenate([np.ravel(p) for p in got])
        if not np.isfinite(flat).all() or np.abs(flat).max() > 10:
            return Verdict.wrong(
                f"{n_liars} liars of {n_clients} still move your model far away. Use the median of each parameter, "
                "and give each client one voice: the mean, and a sample count that a liar writes down, obey liars."
            )
        ranked = np.sort([np.concatenate([np.ravel(p) for p in model]) for model, _ in updates], axis=0)
        # Of an even number of values anything between the two middle ones is a median.
        low, high = ranked[(n_clients - 1) // 2] - 1e-9, ranked[n_clients // 2] + 1e-9
        if not ((low <= flat) & (flat <= high)).all():
            return Verdict.wrong(
                f"for {n_clients} models your values are not the middle ones: sort each parameter by itself over the "
                "clients, whatever their sample counts, and take the middle."
            )
    clients = [Client(SoftmaxClassifier(), [[-1.0], [1.0 + i]], [0, 1]) for i in range(10)]
    try:
        history = run(clients, strategy, rounds=2, rng=0)
    except StrategyError as error:
        return Verdict.wrong(
            f"the median is right, but a run with your strategy stops. {error} Inherit choose and config from FedAvg."
        )
    fewest = min(len(r.answered) for r in history.rounds)
    if fewest < 7:
        return Verdict.wrong(
            f"a round of yours asks {fewest} of 10 clients: three liars may be half of them or more. Ask everybody, "
            "or at least seven."
        )
    return Verdict.right(
        "Fewer than half of the clients may lie, and the median stays among the honest. What it costs: try it on "
        "the skewed split."
    )


median_strategy = Exercise(
    name="median_strategy",
    level="project",
    prompt=(
        "Three of ten clients may send anything. Write `median_strategy()`, which returns a strategy for "
        "`federated.run` that takes the *median* over the clients, parameter by parameter: a "
        "`FedAvg` with an `aggregate(self, updates, current, state)` of its own, which returns `(model, state)`. Then try it: "
        "`learnt(poisoned(3), median_strategy()).score(new_states, new_excited)`. And on the skewed hospitals: "
        "what does it cost there?"
    ),
    stub="def median_strategy():\n    ...\n",
    solution=(
        "class Median(FedAvg):\n"
        "    def aggregate(self, updates, current, state):\n"
        "        models = zip(*(parameters for parameters, _ in updates))\n"
        "        return [np.median(np.array(same), axis=0) for same in models], state\n\n"
        "def median_strategy():\n"
        "    return Median(local_epochs=5)\n"
    ),
    explanation=(
        "A strategy is four methods; only `aggregate` changes. The median of each parameter cannot be dragged "
        "away by fewer than half of the clients (Yin et al. 2018, arXiv:1803.01498). On the skewed split honest "
        "clients disagree so much that the middle forgets the rare ones: robustness is paid for there."
    ),
    wrong={
        "the mean": "def median_strategy():\n    return FedAvg(local_epochs=5)\n",
        "trimmed mean": (
            "class Trimmed(FedAvg):\n"
            "    def aggregate(self, updates, current, state):\n"
            "        models = zip(*(parameters for parameters, _ in updates))\n"
            "        return [np.sort(np.array(same), axis=0)[3:-3].mean(axis=0) for same in models], state\n\n"
            "def median_strategy():\n    return Trimmed()\n"
        ),
        "median of everything": (
            "class Median(FedAvg):\n"
            "    def aggregate(self, updates, current, state):\n"
            "        models = zip(*(parameters for parameters, _ in updates))\n"
            "        return [np.median(np.array(same)) for same in models], state\n\n"
            "def median_strategy():\n    return Median()\n"
        ),
        "aggregate only": (
            "class Median:\n"
            "    def aggregate(self, updates, current, state):\n"
            "        models = zip(*(parameters for parameters, _ in updates))\n"
            "        return [np.median(np.array(same), axis=0) for same in models], state\n\n"
            "def median_strategy():\n    return Median()\n"
        ),
        "a few clients a round": (
            "class Median(FedAvg):\n"
            "    def aggregate(self, updates, current, state):\n"
            "        models = zip(*(parameters for parameters, _ in updates))\n"
            "        return [np.median(np.array(same), axis=0) for same in models], state\n\n"
            "def median_strategy():\n    return Median(local_epochs=5, fraction=0.3)\n"
        ),
    },
    grade=_grade_median_strategy,
    given={"np": np, "FedAvg": FedAvg},
)

"""What a model from elsewhere is worth, measured fairly."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="and where the other node's data are unlike these, the number is negative: transfer can harm.",
    because=r"""
        Put $w=\text{source}+u$: the transferred weights are the source and a ridge regression of what it leaves over,
        $u=(X^\top X+s)^{-1}X^\top(y-X\,\text{source})$. With the source 0 this is learning from scratch: one function does both.
        A small s trusts the labels, a large one the source (or zero); each way needs its own, and both are chosen on rows that
        neither judge nor train. One s for both would favour the way that it suits; one chosen on the judging rows would flatter
        both. As a rule the gain shrinks as labels come in; where the source is further from the truth than zero is, transfer
        tends to harm.
    """,
)
def transfer_gain(source, train, settle, judge, strengths):
    r"""A node learns a linear model $y\approx Xw$ from few labels, and has the weights `source` that another node has learnt.
    From *scratch* it minimises $|Xw-y|^2+s|w|^2$, with *transfer* $|Xw-y|^2+s|w-\text{source}|^2$, on the rows `train`. For each
    of the two it chooses, from the list `strengths` of numbers above 0, the s whose weights have the least mean squared
    error on the rows `settle`. Return the *gain*: the mean squared error on the rows `judge` of the model from scratch minus that
    of the transferred one. Each set of rows is a tuple `(X, y)`.
    """

    def error(w, rows):
        X, y = rows
        return np.mean((X @ w - y) ** 2)

    def chosen(start):
        X, y = train
        square = X.T @ X
        fits = [
            start + np.linalg.solve(square + s * np.eye(len(start)), X.T @ (y - X @ start)) for s in strengths
        ]
        return min(fits, key=lambda w: error(w, settle))

    return error(chosen(0 * source), judge) - error(chosen(source), judge)


def _rows(rng, truth, n, noise):
    X = rng.normal(size=(n, len(truth)))
    return X, X @ truth + noise * rng.normal(size=n)


@transfer_gain.cases
def nodes(rng):
    """A source near the truth, far off, and against it; more labels than parameters and fewer; strengths in any order, three to
    six, of which the two ways choose others."""
    for d, n, off in (
        (3, 2, 0.2),
        (5, 4, 0.3),
        (4, 30, 0.5),
        (6, 10, 2.0),
        (2, 3, 3.0),
        (8, 5, 0.1),
        (5, 12, 1.0),
        (1, 4, 0.5),
    ):
        truth = rng.normal(size=d)
        source = truth + off * rng.normal(size=d)
        strengths = [float(s) for s in rng.permutation(10.0 ** np.arange(-2, int(rng.integers(1, 4))))]
        noise = float(rng.uniform(0.3, 1.5))
        train, settle, judge = (
            _rows(rng, truth, k, noise) for k in (n, int(rng.integers(5, 15)), int(rng.integers(8, 20)))
        )
        yield source, train, settle, judge, strengths


def _fit(start, train, s):
    X, y = train
    return start + np.linalg.solve(X.T @ X + s * np.eye(len(start)), X.T @ (y - X @ start))


def _error(w, rows, power=2):
    return np.mean(np.abs(rows[0] @ w - rows[1]) ** power)


def _best(start, train, rows, strengths):
    return min(strengths, key=lambda s: _error(_fit(start, train, s), rows))


def _gain(source, train, judge, for_scratch, for_transfer):
    return _error(_fit(0 * source, train, for_scratch), judge) - _error(
        _fit(source, train, for_transfer), judge
    )


@transfer_gain.mistake("the sign is wrong: where transfer pays, the gain is above 0.")
def sign_exchanged(source, train, settle, judge, strengths):
    return -transfer_gain.solution(source, train, settle, judge, strengths)


@transfer_gain.mistake(
    "you choose the strengths on the rows that judge: those must not be seen before the end."
)
def chosen_by_the_judge(source, train, settle, judge, strengths):
    return transfer_gain.solution(source, train, judge, judge, strengths)


@transfer_gain.mistake(
    "you choose the strengths on the rows that train: there the weakest always looks best. Use `settle`."
)
def chosen_on_training_rows(source, train, settle, judge, strengths):
    return transfer_gain.solution(source, train, train, judge, strengths)


@transfer_gain.mistake(
    "the errors are to be those on the rows `judge`: on `settle` both are flattered by the choice."
)
def judged_where_settled(source, train, settle, judge, strengths):
    return transfer_gain.solution(source, train, settle, settle, strengths)


@transfer_gain.mistake(
    "you choose one strength, for scratch, and use it for both: transfer is to have its own."
)
def tuned_for_scratch(source, train, settle, judge, strengths):
    s = _best(0 * source, train, settle, strengths)
    return _gain(source, train, judge, s, s)


@transfer_gain.mistake(
    "you choose one strength, for transfer, and use it for both: the rival is to be tuned as hard."
)
def tuned_for_transfer(source, train, settle, judge, strengths):
    s = _best(source, train, settle, strengths)
    return _gain(source, train, judge, s, s)


@transfer_gain.mistake("the strengths are not chosen at all: you take the first of the list.")
def the_first_strength(source, train, settle, judge, strengths):
    return _gain(source, train, judge, strengths[0], strengths[0])


@transfer_gain.mistake(
    "the transferred model pulls towards zero with you, and only starts at the source: the penalty is |w - source|²."
)
def penalty_about_zero(source, train, settle, judge, strengths):
    return 0.0


@transfer_gain.mistake("you use the source as it came: it is to learn from the new labels, too.")
def the_source_itself(source, train, settle, judge, strengths):
    s = _best(0 * source, train, settle, strengths)
    return _error(_fit(0 * source, train, s), judge) - _error(source, judge)


@transfer_gain.mistake("the errors are to be *mean* squared: yours are sums over the rows.")
def sums(source, train, settle, judge, strengths):
    return len(judge[1]) * transfer_gain.solution(source, train, settle, judge, strengths)


@transfer_gain.mistake("you compare the roots of the errors: the mean squared errors are asked for.")
def roots(source, train, settle, judge, strengths):
    models = [_fit(start, train, _best(start, train, settle, strengths)) for start in (0 * source, source)]
    return np.sqrt(_error(models[0], judge)) - np.sqrt(_error(models[1], judge))


@transfer_gain.mistake("you compare absolute errors: squared ones are asked for.")
def absolute_errors(source, train, settle, judge, strengths):
    models = [_fit(start, train, _best(start, train, settle, strengths)) for start in (0 * source, source)]
    return _error(models[0], judge, 1) - _error(models[1], judge, 1)


@transfer_gain.mistake("the penalty is s|w|², and in its derivative s is not squared.")
def strength_squared(source, train, settle, judge, strengths):
    return transfer_gain.solution(source, train, settle, judge, [s**2 for s in strengths])


@transfer_gain.mistake(
    "you average the squares over the training rows before the penalty is added: they are summed."
)
def a_mean_for_the_fit(source, train, settle, judge, strengths):
    return transfer_gain.solution(source, train, settle, judge, [len(train[1]) * s for s in strengths])


@transfer_gain.mistake(
    "that is the gain as a share of the error from scratch; the difference itself is asked for."
)
def a_share(source, train, settle, judge, strengths):
    s = _best(0 * source, train, settle, strengths)
    scratch = _error(_fit(0 * source, train, s), judge)
    return transfer_gain.solution(source, train, settle, judge, strengths) / scratch

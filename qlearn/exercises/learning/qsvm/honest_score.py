"""A score that nothing has flattered."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV, ParameterGrid, train_test_split

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers


class Diary:
    """What a model did, in order; copies of the model write in the same one."""

    def __init__(self):
        self.fitted = set()
        self.tried = set()
        self.asked = []  # threshold, rows asked about, rows fitted to before

    def __deepcopy__(self, memo):
        return self


class Watched(ClassifierMixin, BaseEstimator):
    """A threshold on the second column; the first numbers the rows. The threshold None learns by heart."""

    def __init__(self, threshold=0.0, diary=None):
        self.threshold = threshold
        self.diary = diary

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        self.known_ = dict(zip(_rows(X), np.asarray(y).tolist(), strict=True))
        self.diary.fitted |= set(self.known_)
        self.diary.tried.add(self.threshold)
        return self

    def predict(self, X):
        rows = _rows(X)
        self.diary.asked.append((self.threshold, frozenset(rows), frozenset(self.known_)))
        if self.threshold is None:
            return np.array([self.known_.get(row, 0) for row in rows])
        return (np.asarray(X)[:, 1] > self.threshold).astype(int)


def _rows(X):
    return [int(row) for row in np.asarray(X)[:, 0]]


@exercise(
    level="core",
    right="Split, search inside, open the envelope once: that is what a benchmark owes its reader.",
    because="""
        The score of the search is the best of many, so it is flattered by luck; the more candidates, the more. A
        row that was fitted to, or that helped to choose, cannot judge.
    """,
)
def honest_score(model, grid, X, y, seed):
    """Hold out 30 % of the rows, choose the parameters by `GridSearchCV` on the rest, and return the
    accuracy on the rows held out, of the candidate that the search prefers. The checker's model keeps a
    diary of every row it sees, in this process: do without `n_jobs`. Given: `GridSearchCV`,
    `train_test_split`.
    """
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


def _task(rng):
    """Return rows, labels that are noisy, and thresholds of which one is the best by far, whatever the folds."""
    n, best = int(rng.integers(90, 121)), float(rng.uniform(-0.3, 0.3))
    x = rng.normal(size=n)
    y = (x > best).astype(int)
    flipped = rng.choice(n, n // 9, replace=False)
    y[flipped] = 1 - y[flipped]
    others = [best - 1.3, best + 1.3, None]
    at = int(rng.integers(1, 3))
    return np.column_stack([np.arange(n), x]), y, [*others[:at], best, *others[at:]], best


@honest_score.grader
def by_its_diary(answer, rng):
    """Read in the diary which rows were fitted to, who was asked about which, and in which run."""
    X, y, thresholds, best = _task(rng)
    one, other = (int(seed) for seed in rng.choice(np.arange(1, 1000), 2, replace=False))
    held_out = []
    for seed in (one, one, other):
        diary = Diary()
        got = as_numbers(
            answer(Watched(diary=diary), {"threshold": list(thresholds)}, X.copy(), y.copy(), seed)
        )
        if isinstance(got, str) or got.size != 1:
            return Verdict.wrong(got + "." if isinstance(got, str) else "return one number, the accuracy.")
        held = frozenset(range(len(y))) - diary.fitted
        if wrong := _unlike_an_envelope(diary, held, thresholds, best):
            return Verdict.wrong(wrong)
        rows = np.array(sorted(held))
        due = np.mean((X[rows, 1] > best) == y[rows])
        if not np.allclose(got, due, rtol=0, atol=1e-9):
            return Verdict.wrong(
                f"you return {got.item():.4g}, which is not the accuracy of the winner on the rows that you held out."
            )
        held_out.append(held)
    if held_out[0] != held_out[1]:
        return Verdict.wrong(
            "the same seed holds out other rows the next time: hand `seed` to the split, or nobody can repeat this."
        )
    if held_out[0] == held_out[2]:
        return Verdict.wrong("another seed holds out the same rows: use the `seed` you are given.")
    return None


def _unlike_an_envelope(diary, held, thresholds, best):
    """Return what a diary says against a run, or nothing."""
    n = len(held | diary.fitted)
    if not diary.asked or diary.tried != set(thresholds):
        return (
            "you did not compare the candidates of the grid: let GridSearchCV try each of them (and without n_jobs: other "
            "processes write in other diaries)."
        )
    if not held:
        return f"each of the {n} rows has been fitted to, so the rows you score test memory: split some off first."
    if abs(len(held) - 0.3 * n) > 1.01:
        return f"you hold out {len(held)} of the {n} rows, which is not 30 %."
    judged = {threshold for threshold, rows, _ in diary.asked if rows & held}
    if not judged:
        return "the winner was never asked about rows it had not seen. best_score_ is the best of many tries: flattered."
    if len(judged) > 1:
        return "the rows of the final score had already helped to choose: split them off first."
    validated = {threshold for threshold, rows, known in diary.asked if not rows & (known | held)}
    if validated != set(thresholds):
        return (
            "you choose by rows that the candidates had been fitted to, and one of them learns by heart. GridSearchCV "
            "judges each by rows that it has not seen."
        )
    if judged != {best}:
        return (
            f"you open the envelope for the candidate {next(iter(judged))}, and the folds prefer another: score the search "
            "itself, or its best_estimator_."
        )
    return ""


@honest_score.mistake()
def searches_on_everything(model, grid, X, y, seed):
    search = GridSearchCV(model, grid, cv=3).fit(X, y)
    return search.score(X, y)


@honest_score.mistake()
def returns_the_best_of_the_search(model, grid, X, y, seed):
    X, _, y, _ = train_test_split(X, y, test_size=0.3, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).best_score_


@honest_score.mistake()
def returns_the_error(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return 1 - GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake()
def chooses_on_the_test_rows(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return max(model.set_params(**one).fit(X, y).score(X_test, y_test) for one in ParameterGrid(grid))


@honest_score.mistake()
def chooses_on_the_training_rows(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    best = max(ParameterGrid(grid), key=lambda one: model.set_params(**one).fit(X, y).score(X, y))
    return model.set_params(**best).fit(X, y).score(X_test, y_test)


@honest_score.mistake()
def ignores_the_search(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    GridSearchCV(model, grid, cv=3).fit(X, y)
    return model.set_params(**ParameterGrid(grid)[0]).fit(X, y).score(X_test, y_test)


@honest_score.mistake()
def forgets_the_seed(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(
        X, y, test_size=0.3, random_state=np.random.default_rng().integers(2**31)
    )
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake()
def a_seed_of_its_own(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake()
def the_other_way_round(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, train_size=0.3, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake()
def does_not_search(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return model.fit(X, y).score(X_test, y_test)

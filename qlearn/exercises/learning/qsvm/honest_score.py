"""Honest score."""

from sklearn.model_selection import GridSearchCV, train_test_split

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="Split, search inside, open the envelope once: that is what a benchmark owes its reader.",
    because="""
        The score of the search is the best of many, so it is flattered by luck; the more candidates, the more. A
        row that was fitted to, or that helped to choose, cannot judge.
    """,
)
def honest_score(model, grid, X, y, seed):
    """Write `honest_score(model, grid, X, y, seed)`: hold out 30 % of the rows, choose the parameters by
    `GridSearchCV` on the rest, and return the accuracy on the rows held out. The checker's model keeps
    a diary of every row it sees, in this process: do without `n_jobs`.
    """
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_honest_score of the old module
    yield ()


@honest_score.mistake("90 of the 90 rows you scored had been fitted to: that tests memory.")
def searches_on_everything(model, grid, X, y, seed):
    search = GridSearchCV(model, grid, cv=3).fit(X, y)
    return search.score(X, y)


@honest_score.mistake(
    "the winner was never asked about rows it had not seen. best_score_ is the best of many tries: flattered."
)
def returns_the_best_of_the_search(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).best_score_


@honest_score.mistake("you return 0.111, which is not the accuracy on the rows that you held out.")
def returns_the_error(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return 1 - GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake("the rows of the final score had already helped to choose: split them off first.")
def chooses_on_the_test_rows(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    tries = [model.set_params(threshold=t).fit(X, y) for t in grid["threshold"]]
    return max(model.score(X_test, y_test) for model in tries)


@honest_score.mistake(
    "the same seed holds out other rows the next time: hand `seed` to the split, or nobody can repeat this."
)
def forgets_the_seed(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake("another seed holds out the same rows: use the `seed` you are given.")
def a_seed_of_its_own(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake("you hold out 63 of the 90 rows; 30 % would be 27.")
def the_other_way_round(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, train_size=0.3, random_state=seed)
    return GridSearchCV(model, grid, cv=3).fit(X, y).score(X_test, y_test)


@honest_score.mistake(
    "you did not compare the candidates of the grid: let GridSearchCV try each of them (and without n_jobs: other"
    " processes write in other diaries)."
)
def does_not_search(model, grid, X, y, seed):
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
    return model.fit(X, y).score(X_test, y_test)

"""Robust aggregation: Flower's numbers and its faults, the definitions by brute force, and liars who search for a way."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import (
    Bulyan,
    Client,
    FedAvg,
    FedMedian,
    FedTrimmedAvg,
    Krum,
    MultiKrum,
    NormClipping,
    OutlierRemoval,
    run,
)
from tests.networks.federated.flower_oracle import SET_A, START, flat, flower, flower_models

ALL = [
    FedMedian(),
    FedTrimmedAvg(0.2),
    Krum(1),
    MultiKrum(1, 3),
    *(Bulyan(1, s) for s in ("iterated", "iterated_fixed", "once")),
]
ids = [repr(strategy) for strategy in ALL]


def updates_of(rows, n=10):
    """Each row one client's model, in two layers."""
    return [([row[:1], row[1:]], n) for row in np.asarray(rows, float)]


def merged(strategy, rows):
    """The merged model of these rows, as one row."""
    model, state = strategy.aggregate(updates_of(rows), [np.zeros(1), np.zeros(len(rows[0]) - 1)], "kept")
    assert state == "kept"
    return np.concatenate(model)


def of_numbers(strategy, *numbers):
    """The merged model of clients who send one number each."""
    (model,), _ = strategy.aggregate([([np.array(float(x))], 10) for x in numbers], [np.array(0.0)])
    return float(model)


def rows_of(seed, n, d, spread=1.0):
    return np.random.default_rng(seed).normal(size=(n, d)) * spread


# Numbers of the reference table, and Flower.


@pytest.mark.parametrize(
    ("strategy", "model"),
    [
        (FedMedian(), [1.05, 2.0, 0.05]),
        (FedTrimmedAvg(0.2), [1.06, 2.0, 0.06]),
        (Krum(1), [1, 2, 0]),
        (MultiKrum(1, 3), [1, 2, 0]),
        (Bulyan(1), [1.05, 2, 0.05]),
        (Bulyan(1, "once"), [1, 2, 0]),
        (Bulyan(1, "iterated_fixed"), [1.05, 2, 0.05]),
    ],
)
def test_the_table(strategy, model):
    np.testing.assert_allclose(np.concatenate(strategy.aggregate(SET_A, START)[0]), model, atol=1e-14)


def test_the_scores_of_the_table():
    scores = [0.075, 0.215, 0.225, 0.1125, 0.1125, 0.485, 90746.4575]
    assert Krum(1).scores(SET_A) == pytest.approx(scores, rel=1e-12)


SAME_AS_FLOWER = [
    (FedMedian(), "FedMedian", {}),
    (FedTrimmedAvg(0.2), "FedTrimmedAvg", {"beta": 0.2}),
    (FedTrimmedAvg(0.4), "FedTrimmedAvg", {"beta": 0.4}),
    (Krum(1), "Krum", {"num_malicious_nodes": 1}),
    (Krum(2), "Krum", {"num_malicious_nodes": 2}),
    (Bulyan(1, "once"), "Bulyan", {"num_malicious_nodes": 1}),
]


@pytest.mark.parametrize(("strategy", "name", "options"), SAME_AS_FLOWER)
def test_is_flowers(strategy, name, options):
    for seed, n in ((1, 7), (2, 8), (3, 11)):
        updates = updates_of(rows_of(seed, n, 5))
        current = [np.zeros(1), np.zeros(4)]
        theirs = flat(flower_models(name, updates, current, **options))
        np.testing.assert_allclose(flat([strategy.aggregate(updates, current)[0]]), theirs, rtol=1e-12)


def test_flowers_multikrum_is_the_weighted_mean_of_the_same_clients():
    strategy, options = MultiKrum(1, 3), {"num_malicious_nodes": 1, "num_nodes_to_select": 3}
    selected = strategy.selected(SET_A)
    assert set(selected) == {0, 3, 4}
    weighted, _ = FedAvg().aggregate([SET_A[i] for i in selected], START)
    theirs = flat(flower_models("MultiKrum", SET_A, START, **options))
    np.testing.assert_allclose(flat([weighted]), theirs, rtol=1e-12)
    np.testing.assert_allclose(theirs, [[0.995, 1.995, -0.005]], rtol=1e-12)


def test_large_weights_close_together_do_not_drown_the_distances():
    # float32 weights near 1000, .001 apart; the last client stands ten times as far off, and must rank last
    rng = np.random.default_rng(0)
    rows = (1000 + rng.normal(size=(10, 50)) * 1e-3).astype(np.float32)
    rows[-1] += np.float32(0.02)
    updates = [([row], 10) for row in rows]
    scores = Krum(2).scores(updates)
    assert scores.argmax() == 9
    assert scores[9] > 10 * scores[:9].max()
    exact = [
        [sum((Fraction(float(a)) - Fraction(float(b))) ** 2 for a, b in zip(x, y, strict=True)) for y in rows]
        for x in rows
    ]
    by_definition = [
        float(sum(sorted(line[:i] + line[i + 1 :])[: 10 - 2 - 2])) for i, line in enumerate(exact)
    ]
    np.testing.assert_allclose(scores, by_definition, rtol=1e-12)
    # Flower's distances of the same models: some below 0, and the outlier not last
    theirs = flower("flwr.serverapp.strategy.multikrum")
    distances = theirs.compute_distances([flower("flwr.app").ArrayRecord([row]) for row in rows])
    assert distances.min() < -1
    assert np.abs(distances - np.array(exact, float)).max() > 1


def test_what_flower_lets_through_is_refused():
    nan = [*SET_A[:6], ([np.array([np.nan, 1.0]), np.array([0.0])], 10)]
    with pytest.raises(ValueError, match="update 6 holds NaN"):
        FedMedian().aggregate(nan, START)
    assert np.isnan(flower_models("FedMedian", nan, START)[0][0][0])
    four = updates_of(rows_of(0, 4, 3))
    with pytest.raises(ValueError, match="at least 9 must answer, not 4"):
        Krum(3).aggregate(four, [])
    with pytest.raises(ValueError, match="beta must be at least 1/4"):
        FedTrimmedAvg(0.1).aggregate(four, [])
    for name, options in (("Krum", {"num_malicious_nodes": 3}), ("FedTrimmedAvg", {"beta": 0.1})):
        assert np.isfinite(flat(flower_models(name, four, [np.zeros(1), np.zeros(2)], **options))).all()


@pytest.mark.parametrize(("n", "f", "eta"), [(10, 1, 4.7958), (10, 2, 6), (10, 3, 9.1104), (50, 0, 10)])
def test_the_constant_of_the_paper(n, f, eta):
    assert Krum(f).eta(n) == pytest.approx(eta, abs=5e-5)
    assert Krum(f).eta(n) >= np.sqrt(2 * n) - 1e-12
    with pytest.raises(ValueError, match="at least 9 must answer, not 8"):
        Krum(3).eta(8)


class Answering(Client):
    """Answers the model that it is sent, moved by the same step each time."""

    def __init__(self, step):
        super().__init__(SoftmaxClassifier(), [[-1.0], [1.0]], [0, 1])
        self.step = step

    def fit(self, parameters, config):
        return [p + self.step for p in parameters], self.n_samples, {}


@pytest.mark.parametrize("liars", range(6))
def test_far_lies_in_a_run_of_ten(liars):
    steps = [*np.linspace(0.9, 1.1, 10 - liars), *[-1e6] * liars]
    clients = [Answering(step) for step in steps]
    start = [np.zeros((1, 1)), np.zeros(1)]

    def holds(strategy):
        moved = run(clients, strategy, rounds=1, initial=start).parameters
        return all((p >= 0.9).all() and (p <= 1.1).all() for p in moved)

    assert holds(FedAvg()) == (liars == 0)
    for strategy in (FedMedian(), FedTrimmedAvg(0.4)):  # that are not told how many lie
        assert holds(strategy) == (liars <= 4)
    if liars <= 3:
        for strategy in (Krum(liars), MultiKrum(liars, 10 - liars), *[Bulyan(liars)] * (liars <= 1)):
            assert holds(strategy)
    assert holds(OutlierRemoval()) == (liars <= 4)
    assert holds(NormClipping(2.0, FedMedian())) == (liars <= 4)


# A claimed number of samples buys nothing.


@pytest.mark.parametrize("strategy", ALL, ids=ids)
def test_numbers_of_samples_do_not_count(strategy):
    rows = rows_of(5, 9, 4)
    honest = strategy.aggregate(updates_of(rows), [])[0]
    claims = [(arrays, 10**9 if i == 3 else -i) for i, (arrays, _) in enumerate(updates_of(rows))]
    assert str(strategy.aggregate(claims, [])[0]) == str(honest)


# The definitions, by brute force.


@given(st.integers(0, 10**6), st.integers(3, 9), st.integers(0, 3))
def test_krum_is_the_best_over_all_sets_of_neighbours(seed, n, f):
    # the smallest sum over any n - f - 2 others is the sum over the nearest: every set is tried
    if 2 * f + 2 >= n:
        return
    rows = rows_of(seed, n, 3)
    scores = [
        min(
            sum(((rows[i] - rows[j]) ** 2).sum() for j in others)
            for others in combinations([j for j in range(n) if j != i], n - f - 2)
        )
        for i in range(n)
    ]
    updates = updates_of(rows)
    np.testing.assert_allclose(Krum(f).scores(updates), scores, rtol=1e-12)
    best = np.argsort(scores, kind="stable")
    if len(np.unique(np.round(scores, 12))) == n:
        assert (merged(Krum(f), rows) == rows[best[0]]).all()
        for m in range(1, n - f + 1):
            assert sorted(MultiKrum(f, m).selected(updates)) == sorted(best[:m])
            np.testing.assert_allclose(merged(MultiKrum(f, m), rows), rows[best[:m]].mean(axis=0), atol=1e-14)


finite = st.floats(-1e6, 1e6)


@given(st.lists(finite, min_size=1, max_size=30), st.integers(1, 49))
def test_median_and_trimmed_mean_by_sorting(numbers, percent):
    ordered, n = sorted(map(Fraction, numbers)), len(numbers)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    assert of_numbers(FedMedian(), *numbers) == pytest.approx(float(middle), rel=1e-12, abs=1e-9)
    k = percent * n // 100
    if k:
        kept = ordered[k : n - k]
        expected = float(sum(kept) / len(kept))
        assert of_numbers(FedTrimmedAvg(percent / 100), *numbers) == pytest.approx(
            expected, rel=1e-12, abs=1e-9
        )


def selected_by_words(rows, f, neighbours):
    """Krum among those that are left, again and again; of equal scores, one more neighbour decides."""
    left, chosen = list(range(len(rows))), []
    while len(chosen) < len(rows) - 2 * f:
        scores = []
        for i in left:
            near = sorted(((rows[i] - rows[j]) ** 2).sum() for j in left if j != i)
            scores.append([sum(near[:k]) for k in range(neighbours(len(left)), len(left))])
        chosen.append(left[scores.index(min(scores))])
        left.remove(chosen[-1])
    return chosen


@given(st.integers(0, 10**6), st.integers(7, 13), st.integers(0, 2))
def test_bulyan_by_its_words(seed, n, f):
    if n < 4 * f + 3:
        return
    rows = rows_of(seed, n, 2)
    rules = {
        "iterated": lambda r: max(1, r - f - 2),
        "iterated_fixed": lambda r: min(n - f - 2, r - 1),
        "once": lambda r: n - f - 2,
    }
    for selection, neighbours in rules.items():
        strategy = Bulyan(f, selection)
        chosen = strategy.selected(updates_of(rows))
        if selection == "once":
            best = np.argsort(Krum(f).scores(updates_of(rows)), kind="stable")
            assert chosen == best[: n - 2 * f].tolist()
        else:
            assert chosen == selected_by_words(rows, f, neighbours)
        expected = []
        for column in rows[chosen].T:
            nearest = sorted(sorted(column), key=lambda x: round(abs(x - np.median(column)), 12))
            expected.append(np.mean(nearest[: len(chosen) - 2 * f]))
        np.testing.assert_allclose(merged(strategy, rows), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("beta", "n", "k"),
    [
        (0.29, 100, 29),  # int(.29 * 100) is 28
        (0.57 / 2, 200, 57),
        (0.1, 30, 3),
        (0.3, 10, 3),
        (1 / 3, 3, 1),
        (1 / 3, 9, 3),
        (Fraction(1, 3), 300, 100),
        (0.49999, 100, 49),
        (np.float32(0.25), 4, 1),
        (0.2, 4, 0),
    ],
)
def test_the_share_that_is_trimmed_is_exact(beta, n, k):
    assert FedTrimmedAvg(beta).trimmed(n) == k


@given(st.integers(1, 499), st.integers(1, 2000))
def test_the_share_in_thousandths_is_exact(thousandths, n):
    assert FedTrimmedAvg(thousandths / 1000).trimmed(n) == thousandths * n // 1000


# Properties.


@pytest.mark.parametrize("strategy", ALL, ids=ids)
@given(seed=st.integers(0, 10**6), n=st.integers(7, 12))
def test_the_order_of_the_clients_does_not_count(strategy, seed, n):
    rows = rows_of(seed, n, 3)
    order = np.random.default_rng(seed).permutation(n)
    np.testing.assert_allclose(merged(strategy, rows[order]), merged(strategy, rows), atol=1e-12)


@pytest.mark.parametrize("strategy", ALL, ids=ids)
@given(seed=st.integers(0, 10**6), shift=st.floats(-100, 100), scale=st.sampled_from([-3.0, 0.5, 10.0]))
def test_moves_and_grows_with_the_clients(strategy, seed, shift, scale):
    rows = rows_of(seed, 8, 3)
    np.testing.assert_allclose(merged(strategy, rows + shift), merged(strategy, rows) + shift, atol=1e-9)
    if not (
        isinstance(strategy, Bulyan) and scale < 0
    ):  # of two values as close to the median it takes the smaller
        np.testing.assert_allclose(merged(strategy, rows * scale), merged(strategy, rows) * scale, atol=1e-9)


@pytest.mark.parametrize("strategy", ALL, ids=ids)
@given(row=st.lists(finite, min_size=2, max_size=4), n=st.integers(7, 12))
@example(row=[0.1, 0.7], n=7)
def test_what_all_send_is_what_comes_out(strategy, row, n):
    assert (merged(strategy, [row] * n) == np.array(row)).all()


# Guarantees, against liars who know everything: hypothesis looks for what breaks them.

anything = st.one_of(
    st.floats(-2, 2), st.floats(-1e308, 1e308), st.sampled_from([0.0, 1.7e308, -1.7e308, 1e-300])
)


@st.composite
def attacked(draw, least, dimension=2):
    """Honest models, what at most f liars send, and f; the liars stand anywhere among the honest."""
    f = draw(st.integers(1, 3))
    n = draw(st.integers(least(f), least(f) + 3))
    liars = draw(st.integers(1, f))
    honest = draw(
        st.lists(
            st.lists(st.floats(-1, 1), min_size=dimension, max_size=dimension),
            min_size=n - liars,
            max_size=n - liars,
        )
    )
    sent = draw(
        st.lists(st.lists(anything, min_size=dimension, max_size=dimension), min_size=liars, max_size=liars)
    )
    return np.array(honest), np.array(sent), f, draw(st.permutations(range(n)))


def all_rows(honest, sent, order):
    return np.concatenate([honest, sent])[list(order)]


@given(attacked(lambda f: 2 * f + 1))
def test_median_and_trimmed_mean_stay_within_the_range_of_the_honest(case):
    honest, sent, f, order = case
    rows = all_rows(honest, sent, order)
    for strategy in (FedMedian(f), FedTrimmedAvg(Fraction(f, len(rows)), f)):
        model = merged(strategy, rows)
        assert (honest.min(axis=0) <= model).all()
        assert (model <= honest.max(axis=0)).all()


def apart(honest):
    return max(np.linalg.norm(a - b) for a in honest for b in honest)


@given(attacked(lambda f: 2 * f + 3))
def test_krum_returns_a_model_that_was_sent_near_an_honest_one(case):
    honest, sent, f, order = case
    rows = all_rows(honest, sent, order)
    model, n = merged(Krum(f), rows), len(rows)
    assert (model == rows).all(axis=1).any()
    with np.errstate(over="ignore"):
        nearest = np.sqrt(((honest - model) ** 2).sum(axis=1).min())
    assert nearest <= apart(honest) * np.sqrt((n - f - 2) / (n - 2 * f - 1)) * (1 + 1e-9) + 1e-100


@given(attacked(lambda f: 2 * f + 3))
def test_multikrum_leaves_out_liars_that_stand_far_off(case):
    honest, sent, f, order = case
    n = len(honest) + len(sent)
    radius = apart(honest) * np.sqrt((n - f - 2) / (n - 2 * f - 1)) + 1e-6
    with np.errstate(over="ignore"):
        far = all((np.linalg.norm(honest - liar, axis=1) > radius).all() for liar in sent)
    if not far:
        return
    chosen = MultiKrum(f, n - f).selected(updates_of(all_rows(honest, sent, order)))
    assert all(order[i] < len(honest) for i in chosen)


@pytest.mark.parametrize("selection", ["iterated", "iterated_fixed", "once"])
@given(case=attacked(lambda f: 4 * f + 3))
def test_bulyan_stays_as_near_as_the_honest_lie_apart(selection, case):
    honest, sent, f, order = case
    model = merged(Bulyan(f, selection), all_rows(honest, sent, order))
    low, high = honest.min(axis=0), honest.max(axis=0)
    assert (low - (high - low) - 1e-9 <= model).all()
    assert (model <= high + (high - low) + 1e-9).all()


def test_the_ends_of_the_iteration_in_the_table():
    # after clients 0, 3 and 4, one neighbour counts: 1 and 5 are each other's, at .11. Then 2 and 5, at .19: a tie that the
    # next neighbour decides; the first of the two would make (1, 2, 0) of the table's models
    assert Bulyan(1).selected(SET_A) == [0, 3, 4, 1, 5]
    assert Bulyan(1, "iterated_fixed").selected(SET_A) == [0, 3, 1, 5, 4]
    assert Bulyan(1, "once").selected(SET_A) == [0, 3, 4, 1, 2]


@pytest.mark.parametrize("far", [1.7e308, 1.2e154, 9e153, 6e153])
@pytest.mark.parametrize("strategy", ALL, ids=ids)
def test_no_lie_is_too_far_off_to_be_added_up(far, strategy):
    # squares that overflow, and squares that do not and sums of them that do
    rows = np.concatenate([rows_of(0, 6, 2), [[far, -far]]])
    honest = rows[:6]
    model = merged(strategy, rows)
    assert (honest.min(axis=0) - np.ptp(honest, axis=0) <= model).all()
    assert (model <= honest.max(axis=0) + np.ptp(honest, axis=0)).all()
    if hasattr(strategy, "selected") and not isinstance(strategy, Bulyan):
        assert 6 not in strategy.selected(updates_of(rows))


@pytest.mark.parametrize("selection", ["iterated", "iterated_fixed", "once"])
def test_bulyan_may_leave_the_range_that_the_median_keeps(selection):
    rng = np.random.default_rng(0)
    beyond = []
    for _ in range(300):
        honest = rng.integers(0, 2, size=(6, 2)).astype(float)
        rows = np.concatenate([honest, [rng.uniform(1, 2, size=2)]])
        beyond.append((merged(Bulyan(1, selection), rows) - honest.max(axis=0)).max())
        assert (merged(FedMedian(1), rows) <= honest.max(axis=0)).all()
    assert 0.1 < max(beyond) <= 1


# Counterexamples: where the bound does not hold, the guarantee does not.


def test_three_of_seven_that_agree_are_what_krum_would_take():
    honest, liars = [0, 1, 2, 3], [10, 10, 10]
    assert of_numbers(FedMedian(3), *honest, *liars) == 3
    assert of_numbers(Krum(2), *honest, *liars) == 1
    assert of_numbers(Krum(1), *honest, *liars) == 3
    with pytest.raises(ValueError, match=r"2 f \+ 2 < n: with n_malicious = 3 at least 9 must answer, not 7"):
        of_numbers(Krum(3), *honest, *liars)
    # by the definition, without the refusal: two neighbours count, and the liars' score is 0
    squared = [
        sorted((a - b) ** 2 for j, b in enumerate(honest + liars) if j != i)[:2]
        for i, a in enumerate(honest + liars)
    ]
    assert (honest + liars)[int(np.argmin([sum(s) for s in squared]))] == 10
    updates = [([np.array([float(x)])], 10) for x in (*honest, *liars)]
    assert flower_models("Krum", updates, [np.zeros(1)], num_malicious_nodes=3)[0][0] == 10


def test_three_of_ten_far_off():
    sent = [*range(7), 100, 100, 100]
    assert of_numbers(Krum(3), *sent) == 2
    assert of_numbers(FedMedian(3), *sent) == 4.5
    assert of_numbers(FedTrimmedAvg(0.3, 3), *sent) == 4.5
    assert of_numbers(FedAvg(), *sent) == pytest.approx(32.1)


def test_a_lie_of_one_standard_deviation_is_what_krum_prefers():
    # 10 clients, f of them at the honest mean less one standard deviation, parameter by parameter: 200 trials each.
    # The reference has 7, 79 and 100 % of its own 200. A difference of two such shares has an sd of at most 5 %, and here
    # the neighbours differ by more than 25 %: 5 sd
    rng = np.random.default_rng(7)
    shares = []
    for f in (1, 2, 3):
        taken = 0
        for _ in range(200):
            honest = rng.normal(1, 1, size=(10 - f, 50))
            lie = honest.mean(axis=0) - honest.std(axis=0)
            taken += Krum(f).selected(updates_of([*honest, *[lie] * f]))[0] >= 10 - f
        shares.append(taken / 200)
    assert shares[0] + 0.25 < shares[2]
    assert shares[2] > 0.9


# Refusals.


@pytest.mark.parametrize(
    ("strategy", "n", "says"),
    [
        (
            FedMedian(3),
            6,
            "FedMedian withstands f liars of n clients only if 2 f < n: with n_malicious = 3 at least 7 must",
        ),
        (
            FedTrimmedAvg(0.2, 2),
            7,
            "leaves out 1 on each side, which withstands 1 liars, not 2: beta must be at least 2/7",
        ),
        (FedTrimmedAvg(0.4, 3), 6, "withstands 2 liars, not 3: more than 6 clients must answer"),
        (FedTrimmedAvg(0.2), 4, "leaves out 0 on each side"),
        (FedTrimmedAvg(0.2), 2, "more than 2 clients must answer"),
        (Krum(1), 4, "at least 5 must answer, not 4"),
        (Krum(0), 2, "at least 3 must answer, not 2"),
        (MultiKrum(2, 1), 6, "MultiKrum withstands f liars"),
        (MultiKrum(1, 7), 7, "n_selected must be at most 6 of 7 clients with n_malicious = 1, not 7"),
        (Bulyan(1), 6, r"Bulyan withstands f liars of n clients only if 4 f \+ 3 <= n"),
        (Bulyan(2), 10, "at least 11 must answer, not 10"),
    ],
)
def test_refuses_where_too_few_answered(strategy, n, says):
    with pytest.raises(ValueError, match=says):
        strategy.aggregate(updates_of(rows_of(0, n, 3)), [])


@pytest.mark.parametrize(
    ("strategy", "n"),
    [
        (FedMedian(3), 7),
        (FedTrimmedAvg(0.3, 2), 7),
        (Krum(1), 5),
        (Krum(0), 3),
        (MultiKrum(2, 5), 7),
        (Bulyan(1), 7),
        (Bulyan(0), 3),
    ],
)
def test_merges_at_the_bound(strategy, n):
    assert np.isfinite(merged(strategy, rows_of(0, n, 3))).all()


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Krum(-1), ValueError, "n_malicious must be at least 0"),
        (lambda: Krum(), TypeError, "n_malicious"),
        (lambda: Bulyan(1.5), TypeError, "n_malicious must be a whole number"),
        (lambda: Bulyan(1, "krum"), ValueError, "selection must be one of iterated, iterated_fixed, once"),
        (lambda: MultiKrum(1, 0), ValueError, "n_selected must be at least 1"),
        (lambda: FedMedian(-1), ValueError, "n_malicious must be at least 0"),
        (lambda: FedTrimmedAvg(0), ValueError, "beta must be above 0 and below 1/2, not 0"),
        (lambda: FedTrimmedAvg(0.5), ValueError, "beta must be above 0 and below 1/2"),
        (lambda: FedTrimmedAvg(0.2, -1), ValueError, "n_malicious must be at least 0"),
        (lambda: Krum(1, fraction=2), ValueError, "fraction must be"),
    ],
)
def test_refuses_options(make, error, says):
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize("strategy", ALL, ids=ids)
def test_refuses_updates(strategy):
    with pytest.raises(ValueError, match="no client answered"):
        strategy.aggregate([], [])
    with pytest.raises(ValueError, match="the same shapes"):
        strategy.aggregate([([np.zeros(2)], 1), ([np.zeros(1)], 1)], [])
    with pytest.raises(ValueError, match="update 1 holds NaN or infinity"):
        strategy.aggregate([([np.zeros(2)], 1), ([np.array([0.0, np.inf])], 1)], [])

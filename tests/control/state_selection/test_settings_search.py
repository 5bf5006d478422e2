"""Settings search: settings in range, counts with the law they claim, a link read right, nobody above the optimiser, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize
from sklearn.kernel_ridge import KernelRidge

from qlearn.communication.photons import LINKS, expected_counts, finite_key, yields_exist
from qlearn.control.state_selection import (
    Search,
    Sessions,
    ask_the_physics,
    bandit_search,
    gaussian_process_surrogate,
    regressor_surrogate,
    search_settings,
    setting,
)
from qlearn.learning.reinforcement import UCB1, Greedy, ThompsonSampling

LIM = LINKS["lim2014"]
SESSIONS = Sessions(LIM, 0.1, 1e9)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
@settings(max_examples=40)
def test_every_setting_is_a_source_in_range(x):
    source = setting(x)
    assert 0.02 - 1e-12 <= source.p_x <= 0.6 + 1e-12
    assert 0.2 <= source.intensities[0] <= 0.8
    assert 0.05 - 1e-12 <= source.probabilities[0] <= 0.9 + 1e-12
    assert sum(source.probabilities) == pytest.approx(1)
    assert source.probabilities[2] == pytest.approx(0.3 * (1 - source.probabilities[0]))


def test_sessions_scatter_as_counts_do():
    # 300 sessions: the mean of each count within 6 standard errors of the expected one (18 numbers: 4e-8), the variance
    # of the largest within 6 of Poisson's (relative error sqrt(2/300))
    source, rng, n = setting([0.7, 0.5, 0.3, 0.5]), np.random.default_rng(2), 300
    drawn = [SESSIONS.run(source, rng) for _ in range(n)]
    mean = expected_counts(1e9, link=LIM, transmittance=0.1, source=source)
    for name in ("clicked", "sifted", "errors"):
        seen, due = np.mean([getattr(one, name) for one in drawn], axis=0), getattr(mean, name)
        assert (abs(seen - due) < 6 * np.sqrt(due / n) + 1e-9).all()
    spread = np.var([one.sifted[0, 0] for one in drawn], ddof=1) / mean.sifted[0, 0]
    assert abs(spread - 1) < 6 * np.sqrt(2 / n)
    assert all(yields_exist(one, source=source) for one in drawn[:5])


def test_keys_are_those_of_the_finite_key_formula():
    rng = np.random.default_rng(8)
    for _ in range(12):
        source = setting(rng.random(4))
        counts = SESSIONS.run(source, rng)
        due = finite_key(counts, source=source, efficiency=LIM.error_correction)
        assert SESSIONS.key(counts, source) == pytest.approx(due.bits / 1e9, rel=1e-12, abs=1e-15)


def test_nobody_is_above_the_optimiser_who_knows_the_link():
    best = SESSIONS.expected_key(SESSIONS.best())
    assert best > 0
    rng = np.random.default_rng(3)
    assert max(SESSIONS.expected_key(setting(rng.random(4))) for _ in range(100)) <= best * (1 + 1e-6)
    for search in (
        search_settings(SESSIONS, budget=10, rng=1),
        search_settings(
            SESSIONS, regressor_surrogate(KernelRidge(kernel="rbf", gamma=3, alpha=1e-3)), budget=12, rng=1
        ),
        search_settings(SESSIONS, gaussian_process_surrogate(), budget=10, rng=1),
        ask_the_physics(SESSIONS, budget=3, rng=1),
    ):
        assert isinstance(search, Search)
        assert search.made >= 0
        assert SESSIONS.expected_key(search.recommended) <= best * (1 + 1e-6)
    assert search.made == pytest.approx(search.keys.clip(0).mean())


@pytest.mark.parametrize(("km", "misalignment"), [(20, 0.03), (70, 0.003)])
def test_one_session_reads_the_link_well_enough(km, misalignment):
    sessions = Sessions(replace(LIM, misalignment=misalignment), float(LIM.transmittance(km)), 1e9)
    found = ask_the_physics(sessions, budget=2, rng=5)
    best = sessions.expected_key(sessions.best())
    assert 0.98 * best < sessions.expected_key(found.recommended) <= best * (1 + 1e-6)


def test_searches_repeat_by_their_seed_and_begin_alike():
    one, two = (search_settings(SESSIONS, budget=9, rng=4) for _ in range(2))
    assert (one.keys == two.keys).all()
    assert one.recommended == two.recommended
    other = search_settings(SESSIONS, gaussian_process_surrogate(), budget=9, rng=4)
    assert (other.keys[:8] == one.keys[:8]).all()


@pytest.mark.parametrize("rule", [Greedy(), UCB1(), ThompsonSampling()])
def test_a_bandit_begins_as_a_search_and_stays_with_its_arms(rule):
    long = replace(SESSIONS, n_pulses=1e12)  # little scatter
    found, searched = bandit_search(long, rule, rng=3), search_settings(long, rng=3)
    np.testing.assert_array_equal(found.keys[:8], searched.keys[:8])
    assert found.keys.size == 20
    # every later key is that of an arm, but for the scatter of counts
    first = found.keys[:8]
    apart = np.abs(found.keys[8:, None] - first).min(axis=1)
    assert (apart < 0.05 * np.abs(first).max()).all()
    best = setting_of_best(first, seed=3)
    assert found.recommended == best


def setting_of_best(keys, seed):
    rng = np.random.default_rng(seed)
    arms = (np.array([rng.permutation(8) for _ in range(4)]).T + rng.random((8, 4))) / 8
    return setting(arms[int(np.argmax(keys))])


@pytest.mark.parametrize(
    ("km", "misalignment", "least"), [(20, 0.003, 0.98), (45, 0.015, 0.98), (70, 0.03, 0.92)]
)
def test_the_range_of_a_search_holds_nearly_the_optimum(km, misalignment, least):
    sessions = Sessions(replace(LIM, misalignment=misalignment), float(LIM.transmittance(km)), 1e9)
    best = sessions.best()
    mu, weak, _ = best.intensities
    share = best.probabilities[0]
    start = [
        np.log(best.p_x / 0.02) / np.log(30),
        (mu - 0.2) / 0.6,
        (share - 0.05) / 0.85,
        (weak / mu - 0.1) / 0.6,
    ]
    found = minimize(
        lambda x: -sessions.expected_key(setting(np.clip(x, 0, 1))),
        np.clip(start, 0, 1),
        method="Nelder-Mead",
        options={"maxfev": 250},
    )
    assert least * sessions.expected_key(best) < -found.fun <= (1 + 2e-3) * sessions.expected_key(best)


def test_expected_improvement_prefers_what_is_unknown_to_what_is_known_worse():
    tried = np.linspace(0.4, 0.6, 6)[:, None] * np.ones(4)
    keys = np.linspace(1, 2, 6)
    low, far = gaussian_process_surrogate()(tried, keys, np.array([[0.4] * 4, [1.0, 0.0, 1.0, 0.0]]))
    assert far > low >= 0


def test_keys_below_zero_count_as_none_for_a_surrogate():
    class Remembers:
        def get_params(self, deep=False):
            return {}

        def fit(self, x, y):
            Remembers.seen = y
            return self

        def predict(self, x):
            return np.zeros(len(x))

    regressor_surrogate(Remembers())(np.eye(4), np.array([-3.0, 0.0, 1.0, 2.0]), np.eye(4))
    assert Remembers.seen == pytest.approx([0, 0, 0.5, 1])
    regressor_surrogate(Remembers())(np.eye(4), np.array([-3.0, -2.0, -1.0, -4.0]), np.eye(4))
    assert Remembers.seen == pytest.approx([1, 2, 3, 0])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: setting([0.5, 0.5]), ValueError, "four numbers"),
        (lambda: setting([0.5, 0.5, 0.5, 1.5]), ValueError, "x must be"),
        (lambda: Sessions(LIM, 0.1, 0), ValueError, "n_pulses must be"),
        (lambda: Sessions("gys", 0.1, 1e9), (TypeError, ValueError), "link"),
        (lambda: Sessions(LIM, 1.1, 1e9), ValueError, "transmittance must be"),
        (lambda: search_settings(SESSIONS, budget=4), ValueError, "budget must be at least 8"),
        (lambda: search_settings(SESSIONS, first=1), ValueError, "first must be at least 2"),
        (lambda: ask_the_physics(SESSIONS, budget=1), ValueError, "budget must be at least 2"),
        (lambda: bandit_search(SESSIONS, Greedy(), budget=4), ValueError, "budget must be at least 8"),
        (lambda: bandit_search("link", Greedy()), TypeError, "sessions must be Sessions"),
        (lambda: bandit_search(SESSIONS, "greedy"), TypeError, "rule must be a bandit rule"),
        (lambda: search_settings("link"), TypeError, "sessions must be Sessions"),
    ],
)
def test_refuses(call, error, says):
    with pytest.raises(error, match=says):
        call()

"""The estimate of S: the closed forms, honest bars, and a bound that fails as rarely as it says.

The rate without trust: the published root, the attack that reaches the bound, the limits.

Lost particles: 82.8 % for the pair that is best without losses, towards 2/3 for one that is hardly entangled.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import brentq, linprog, minimize

from qlearn.communication import bb84
from qlearn.communication.entangled_keys import (
    ACIN,
    BBM92,
    EKERT,
    PairSource,
    Settings,
    chsh_from,
    critical_efficiency,
    critical_qber,
    device_independent_rate,
    distribute,
    eve_information,
    intercepted_pairs,
    lossy_chsh,
)
from qlearn.qubits import bell_state, partial_trace, random_state
from qlearn.qubits.entanglement import chsh, werner
from qlearn.qubits.entropies import binary_entropy as h

N = 400_000


@pytest.mark.parametrize("table", [EKERT, ACIN])
@pytest.mark.parametrize("v", [0.0, 0.5, 1 / np.sqrt(2), 0.9, 1.0])
def test_werner_pairs_have_two_root_two_times_their_visibility(v, table):
    pair = werner((1 + 3 * v) / 4)
    seen = chsh_from(distribute(N, source=pair, settings=table, rng=1))
    assert abs(seen.value - 2 * np.sqrt(2) * v) < 6 * seen.error
    assert 2 * np.sqrt(2) * v == pytest.approx(float(chsh(pair)), abs=1e-12)


def test_it_is_the_sum_by_hand():
    rounds = distribute(2000, source=werner(0.8), settings=EKERT, efficiency=0.9, rng=2)
    for no_click, mask in (("count", np.ones(2000, bool)), ("discard", rounds.coincidences)):
        total = 0.0
        product = (1.0 - 2 * rounds.alice_bits) * (1 - 2.0 * rounds.bob_bits)
        for x, y, sign in ((0, 0, 1), (0, 2, -1), (2, 0, 1), (2, 2, 1)):
            total += sign * product[mask & (rounds.alice_choices == x) & (rounds.bob_choices == y)].mean()
        seen = chsh_from(rounds, no_click=no_click)
        assert seen.value == pytest.approx(total, abs=1e-12)
        assert seen.counts.sum() == (mask & np.isin(rounds.cells, [0, 2, 6, 8])).sum()


def test_bars_are_the_spread_of_many_runs():
    # 800 runs: the spread of their values is known to 2.5 %; 6 sigma is 15 %
    runs = [chsh_from(distribute(900, source=werner(0.85), settings=EKERT, rng=s)) for s in range(800)]
    spread = np.std([run.value for run in runs])
    assert np.mean([run.error for run in runs]) == pytest.approx(spread, rel=0.15)


def test_bars_do_not_vanish_where_all_agree():
    # settings so that each correlation is +1 or -1: no scatter is seen, and yet 50 rounds prove little
    from qlearn.communication.entangled_keys import DetectionLoopholeSource

    seen = chsh_from(
        distribute(450, source=DetectionLoopholeSource(2 / 3, EKERT), settings=EKERT, rng=3),
        no_click="discard",
    )
    assert seen.value == pytest.approx(4)
    assert seen.error > 0.01


def test_the_lower_bound_fails_as_rarely_as_it_says():
    # Hoeffding is generous: at failure 0.05, of 1000 runs at most 50 + 6 * 6.9 may fail
    true = 2 * np.sqrt(2) * 0.8
    runs = [chsh_from(distribute(900, source=werner(0.85), settings=EKERT, rng=s)) for s in range(1000)]
    assert sum(run.at_least(0.05) > true for run in runs) <= 50 + 6 * 6.9
    assert all(run.at_least(1e-10) < run.at_least(0.05) < run.value for run in runs[:10])


def test_the_lower_bound_is_hoeffdings():
    seen = chsh_from(distribute(9000, settings=EKERT, rng=4))
    slack = np.sqrt(2 * np.log(1e6) * (1 / seen.counts).sum())
    assert seen.at_least(1e-6) == pytest.approx(seen.value - slack)


def test_eve_on_the_line_leaves_root_two():
    for angle in (0.0, 0.4, np.pi / 4):
        seen = chsh_from(distribute(N, source=intercepted_pairs(angle), settings=EKERT, rng=5))
        assert abs(seen.value - np.sqrt(2)) < 6 * seen.error


@pytest.mark.parametrize("eta", [0.5, 0.8284, 0.95])
def test_silence_counts_or_is_discarded(eta):
    seen = distribute(N, settings=ACIN, efficiency=eta, rng=6)
    counted, kept = chsh_from(seen), chsh_from(seen, no_click="discard")
    assert abs(counted.value - lossy_chsh(eta)) < 6 * counted.error
    assert abs(kept.value - 2 * np.sqrt(2)) < 6 * kept.error


def test_refuses():
    good = distribute(900, settings=EKERT, rng=7)
    with pytest.raises(TypeError, match="rounds must be Rounds, as distribute returns them, not list"):
        chsh_from([1, 2])
    with pytest.raises(ValueError, match="BBM92 has none"):
        chsh_from(distribute(900, settings=BBM92, rng=7))
    with pytest.raises(ValueError, match='no_click must be "count" or "discard"'):
        chsh_from(good, no_click="drop")
    with pytest.raises(ValueError, match=r"every combination of the test.*Send more pairs"):
        chsh_from(distribute(3, settings=EKERT, source=bell_state("phi+"), rng=7))
    for failure in (0, 1, np.nan):
        with pytest.raises(ValueError, match="failure must"):
            chsh_from(good).at_least(failure)


@pytest.mark.parametrize("no_click", ["count", "discard"])
def test_a_machine_of_32_bits_can_count_the_rounds(no_click, monkeypatch):
    # There bincount takes no number that may be larger than an index: no uint32, which 64 bits would pass.
    real = np.bincount

    def on_32_bits(numbers, *args, **kwargs):
        assert numbers.dtype == np.intp or np.can_cast(numbers.dtype, np.int32), numbers.dtype
        return real(numbers, *args, **kwargs)

    rounds = distribute(10_000, settings=EKERT, rng=1)
    monkeypatch.setattr(np, "bincount", on_32_bits)
    assert chsh_from(rounds, no_click=no_click).counts.sum() > 0


def test_the_published_critical_error_rate():
    assert critical_qber() == pytest.approx(0.0715, abs=1e-4)
    assert critical_qber() == pytest.approx(0.0714918, abs=5e-7)
    assert device_independent_rate(critical_qber() - 1e-9) > 0
    assert not device_independent_rate([critical_qber() + 1e-9, 0.2, 0.5, 0.9, 1.0]).any()


@given(st.floats(0, 0.5))
def test_it_is_the_formula_spelled_out(q):
    s = 2 * np.sqrt(2) * (1 - 2 * q)
    chi = float(h((1 + min(1.0, np.sqrt(s * s / 4 - 1))) / 2)) if s > 2 else 1.0
    assert float(device_independent_rate(q)) == pytest.approx(max(0.0, 1 - float(h(q)) - chi), abs=1e-9)


@given(st.floats(0, 0.5))
def test_trust_never_costs(q):
    assert device_independent_rate(q) <= bb84.asymptotic_rate(q) + 1e-12


def test_limits_and_monotony():
    assert eve_information(2 * np.sqrt(2)) == 0
    assert eve_information([2, 0, -3]).tolist() == [1, 1, 1]
    assert (np.diff(eve_information(np.linspace(2, 2.83, 200))) <= 1e-12).all()
    assert device_independent_rate(0) == 1
    assert device_independent_rate(0.0, chsh=2.0) == 0
    assert eve_information(2.9) == 0  # an estimate may exceed what is possible, but earns no more for it


def entropy(rho):
    p = np.linalg.eigvalsh(rho)
    return -sum(x * np.log2(x) for x in p if x > 1e-15)


@pytest.mark.parametrize("s", [2.05, 2.3, 2.6, 2.8])
def test_there_is_an_eve_who_knows_as_much_as_the_bound_allows(s):
    # She keeps the purification of a mixture of phi+ and phi-; her Holevo quantity about Bob's Z bit, from
    # the definition S(E) - sum_b p_b S(E | b), is the bound.
    c = np.sqrt((s / 2) ** 2 - 1)
    kept = np.sqrt((1 + c) / 2) * np.kron(bell_state("phi+"), [1, 0])
    kept = kept + np.sqrt((1 - c) / 2) * np.kron(bell_state("phi-"), [0, 1])
    pair = partial_trace(kept, [0, 1])
    assert float(chsh(pair)) == pytest.approx(s, abs=1e-12)

    holevo = entropy(partial_trace(kept, 2))
    for bit in (0, 1):
        branch = kept.reshape(2, 2, 2)[:, bit].reshape(4)
        weight = np.linalg.norm(branch) ** 2
        holevo -= weight * entropy(partial_trace(branch / np.sqrt(weight), 1))
    assert holevo == pytest.approx(float(eve_information(s)), abs=1e-9)

    # and with the angles Alice would use, the pair reaches this S while its Z bits never differ
    turn = np.arctan(c)
    p = PairSource(pair).probabilities([turn, -turn], [0.0, np.pi / 2])[0]
    e = np.einsum("xyst,s,t->xy", p, [1, -1], [1, -1])
    assert e[0, 0] + e[0, 1] + e[1, 0] - e[1, 1] == pytest.approx(s, abs=1e-12)
    assert PairSource(pair).probabilities([0.0], [0.0])[0, 0, 0, 0, 1] == pytest.approx(0, abs=1e-12)


def test_the_critical_error_rate_is_that_of_one_formula():
    # Bob flips each key bit with chance p: Ho et al. 2020, arXiv:2005.13015. At p = 0 it is the rate of this module; as
    # p goes to 1/2 the limit rises from 7.15 to 8.08 %.
    def rate(q, p):
        s = 2 * np.sqrt(2) * (1 - 2 * q)
        gained = h((1 + np.sqrt(1 - p * (1 - p) * (8 - s * s))) / 2)
        return float(1 - h((1 + np.sqrt(s * s / 4 - 1)) / 2) + gained - h(p + (1 - 2 * p) * q))

    limits = [brentq(rate, 0.05, 0.1, args=(p,)) for p in (0, 0.1, 0.3, 0.499)]
    assert limits[0] == pytest.approx(critical_qber(), abs=1e-9)
    assert (np.diff(limits) > 0).all()
    assert limits[-1] == pytest.approx(0.0808, abs=1e-4)


def test_s_and_q_may_be_measured_apart():
    # The rubidium atoms of 2022: S = 2.578 at 7.8 % errors is more than a depolarising line would leave.
    assert device_independent_rate(0.078) == 0
    assert device_independent_rate(0.078, chsh=2.578) == pytest.approx(0.157, abs=1e-3)
    assert device_independent_rate(np.zeros((3, 1)), chsh=np.full(2, 2.5)).shape == (3, 2)


@pytest.mark.parametrize(
    ("qber", "chsh", "error", "says"),
    [
        (-0.1, None, ValueError, "qber must be error rates between 0 and 1"),
        (5, None, ValueError, "1 % is 0.01"),
        (np.nan, None, ValueError, "qber must be"),
        ("5%", None, TypeError, "qber must be error rates"),
        (0.1, 4.1, ValueError, "chsh must be finite and between -4 and 4, not 4.1"),
        (0.1, np.nan, ValueError, "chsh must be finite"),
        (0.1, "2.8", TypeError, "chsh must be a number"),
        ([0.1, 0.2], [2.1, 2.2, 2.3], ValueError, r"must broadcast .*qber \(2,\), chsh \(3,\)"),
    ],
)
def test_refuses_device_independent(qber, chsh, error, says):
    with pytest.raises(error, match=says):
        device_independent_rate(qber, chsh)


TEST = ((0, 1), (0, 1))


def test_the_threshold_of_garg_and_mermin():
    assert critical_efficiency() == pytest.approx(2 / (1 + np.sqrt(2)), abs=1e-12)
    assert critical_efficiency(settings=EKERT) == pytest.approx(0.828427, abs=5e-7)
    assert lossy_chsh(1.0) == pytest.approx(2 * np.sqrt(2))
    assert lossy_chsh(0.0) == 2  # nobody clicks, everybody agrees


def turned(x, y):
    return Settings((x, -y), (-x, y), TEST)


def test_eberhard_less_entanglement_needs_less_efficiency_down_to_two_thirds():
    angles, found = np.array([0.39, 1.18]), []
    for theta in (0.78, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05):
        pair = [np.cos(theta), 0, 0, np.sin(theta)]
        best = minimize(
            lambda v, pair=pair: min(2, critical_efficiency(state=pair, settings=turned(*v))),
            angles,
            method="Nelder-Mead",
            options={"xatol": 1e-8, "fatol": 1e-10},
        )
        angles = best.x
        found.append(best.fun)
    assert found[0] == pytest.approx(0.828, abs=1e-3)
    assert (np.diff(found) < 0).all()
    assert 2 / 3 < found[-1] < 0.6745


@given(st.integers(0, 2**32 - 1))
def test_below_two_thirds_no_pair_and_no_angles_prove_anything(seed):
    rng = np.random.default_rng(seed)
    pair = random_state(2, rng=rng) if rng.random() < 0.5 else partial_trace(random_state(4, rng=rng), [0, 1])
    table = Settings(rng.uniform(-7, 7, 2), rng.uniform(-7, 7, 2), TEST)
    assert lossy_chsh(2 / 3, state=pair, settings=table) <= 2 + 1e-12
    threshold = critical_efficiency(state=pair, settings=table)
    assert threshold > 2 / 3
    if threshold <= 1:
        values = lossy_chsh([threshold - 1e-6, threshold, (1 + threshold) / 2], state=pair, settings=table)
        assert values[0] < values[1] == pytest.approx(2, abs=1e-9)
        assert values[2] > 2 or threshold > 1 - 1e-9


def a_list_explains(p, eta):
    """Is there a mixture of answers agreed on beforehand (0, 1 or silence) with these statistics? A linear programme."""
    lossy = np.zeros((2, 2, 3, 3))
    lossy[..., :2, :2] = eta**2 * p
    lossy[..., :2, 2], lossy[..., 2, :2] = eta * (1 - eta) * p.sum(-1), eta * (1 - eta) * p.sum(-2)
    lossy[..., 2, 2] = (1 - eta) ** 2
    one_side = [np.eye(3)[[a, b]] for a, b in product(range(3), repeat=2)]
    lists = [np.einsum("xs,yt->xyst", a, b).ravel() for a in one_side for b in one_side]
    found = linprog(np.zeros(81), A_eq=np.array(lists).T, b_eq=lossy.ravel(), bounds=(0, 1))
    return found.status == 0


@pytest.mark.parametrize("seed", range(12))
def test_at_two_thirds_a_list_imitates_any_pair_at_two_positions_a_side(seed):
    # Massar and Pironio 2003: every statistics, not only S
    rng = np.random.default_rng(seed)
    pair = random_state(2, rng=rng) if seed else [1, 0, 0, 1] / np.sqrt(2)
    angles = rng.uniform(-7, 7, (2, 2)) if seed else np.array([[0, np.pi / 2], [np.pi / 4, -np.pi / 4]])
    p = PairSource(pair).probabilities(*angles)[0]
    assert a_list_explains(p, 2 / 3)
    if not seed:  # and for the pair and the angles of CHSH up to 82.8 %, and no further
        assert a_list_explains(p, 0.828)
        assert not a_list_explains(p, 0.829)


def test_a_pair_without_violation_has_no_threshold():
    assert critical_efficiency(state=[1, 0, 0, 0]) == np.inf


@pytest.mark.parametrize(
    ("function", "keywords", "says"),
    [
        (lossy_chsh, {"efficiency": 1.1}, "efficiency must be probabilities between 0 and 1"),
        (lossy_chsh, {"efficiency": 0.5, "settings": BBM92}, "settings must have a CHSH test"),
        (lossy_chsh, {"efficiency": 0.5, "state": [1, 0]}, "states must be pairs of qubits"),
        (critical_efficiency, {"settings": BBM92}, "settings must have a CHSH test"),
        (
            critical_efficiency,
            {"settings": Settings(ACIN.alice, ACIN.bob, ACIN.test, ((-1, -1), (-1, 1)))},
            "settings must have one sign -1",
        ),
    ],
)
def test_refuses_detection(function, keywords, says):
    with pytest.raises(ValueError, match=says):
        function(**keywords)

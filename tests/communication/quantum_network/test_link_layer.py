"""The link layer: how it serves a request, and what it refuses."""

import numpy as np
import pytest

from qlearn.communication import quantum_network as qn
from qlearn.communication.repeaters import purify

LAB = qn.LinkLayer(detection=1e-3)


def run(rate, n, *, link=LAB, rng=1, **terms):
    return qn.serve(link, qn.poisson_requests(rate, n, rng=rng, **terms), rng=rng + 100)


def test_measuring_at_once_does_not_wait_for_the_answer():
    far = qn.LinkLayer(detection=1e-3, answer_s=1e-4, coherence_s=10.0)
    store, measure = (
        far.plan(qn.LinkRequest(kind=kind, least_fidelity=0.8)) for kind in ("store", "measure")
    )
    assert store.slot_s == pytest.approx(1.1e-4)
    assert measure.slot_s == pytest.approx(1e-5)
    assert store.alpha < measure.alpha  # what is stored decays until the answer is back
    assert store.fidelity == pytest.approx(0.8)
    assert measure.fidelity == pytest.approx(0.8)


def test_purifying_reaches_what_no_raw_pair_does():
    dark = {"detection": 4e-4, "dark": 2e-7}
    wanted = qn.LinkRequest(least_fidelity=0.965)
    with pytest.raises(ValueError, match=r"no alpha reaches fidelity 0.965: this link does 0.95675 at most"):
        qn.LinkLayer(**dark, memories=2).plan(wanted)
    with pytest.raises(ValueError, match="no alpha reaches"):  # needs a second memory
        qn.LinkLayer(**dark, memories=1, purifies=True).plan(wanted)
    link = qn.LinkLayer(**dark, memories=2, purifies=True)
    with pytest.raises(
        ValueError, match=r"fidelity 0.99 cannot be met, not even if two raw pairs are purified once"
    ):
        link.plan(qn.LinkRequest(least_fidelity=0.99))
    plan = link.plan(wanted)
    assert plan.purified
    better, chance = purify(plan.fidelity)
    assert float(better) == pytest.approx(0.965)
    assert plan.pair_s == pytest.approx(2 * plan.slot_s / plan.success / float(chance))
    told = run(1e-4, 1000, link=link, least_fidelity=0.965)
    np.testing.assert_allclose(told.fidelity, 0.965, atol=1e-12)
    # sum of geometrics over a geometric number of rounds: its spread is below its mean
    assert told.latency_s.mean() == pytest.approx(plan.pair_s, rel=5.5 / np.sqrt(1000))


def test_dimmer_is_cheaper_than_purifying_where_both_reach():
    link = qn.LinkLayer(detection=1e-3, memories=2, purifies=True)
    for asked in (0.6, 0.8, 0.9, 0.99):
        assert not link.plan(qn.LinkRequest(least_fidelity=asked)).purified


def test_refusals():
    with pytest.raises(ValueError, match="detection must be above 0"):
        qn.LinkLayer(detection=0.0)
    with pytest.raises(ValueError, match="cycle_s must be above 0"):
        qn.LinkLayer(detection=0.1, cycle_s=0)
    with pytest.raises(ValueError, match="answer_s must be"):
        qn.LinkLayer(detection=0.1, answer_s=-1)
    with pytest.raises(ValueError, match="memories must be at least 1"):
        qn.LinkLayer(detection=0.1, memories=0)
    with pytest.raises(ValueError, match="coherence_s must be above 0"):
        qn.LinkLayer(detection=0.1, coherence_s=-1)
    with pytest.raises(ValueError, match=r"a perfect pair has 0.346"):
        qn.LinkLayer(detection=0.1, answer_s=1.0, coherence_s=0.4867).plan(qn.LinkRequest())
    with pytest.raises(ValueError, match="rate_hz must be above 0"):
        qn.poisson_requests(0, 3)


def test_requests_arrive_as_a_poisson_process():
    # 20,000 gaps, exponential: mean and standard deviation 1/4, six standard errors of each: 4e-9
    gaps = np.diff([0, *(request.arrives_s for request in qn.poisson_requests(4.0, 20_000, pairs=2, rng=1))])
    assert abs(gaps.mean() - 0.25) < 6 * 0.25 / np.sqrt(20_000)
    assert abs(gaps.std() - 0.25) < 6 * 0.25 * np.sqrt(2 / 20_000)
    assert qn.poisson_requests(4.0, 1, pairs=2, rng=1)[0].pairs == 2


def test_a_purified_pair_of_a_forgetful_memory_may_end_below_the_plan():
    link = qn.LinkLayer(detection=4e-4, dark=2e-7, memories=2, purifies=True, coherence_s=0.05)
    told = qn.serve(link, qn.poisson_requests(1e-3, 60, least_fidelity=0.958, rng=1), rng=2)
    assert (told.outcome == "delivered").all()
    assert told.fidelity.max() < 0.958  # the plan is that of pairs that did not wait, and says so


def test_purifying_is_cheaper_just_below_the_most_that_a_raw_pair_reaches():
    plain, purifying = (
        qn.LinkLayer(detection=4e-4, dark=2e-7, memories=2, purifies=purifies) for purifies in (False, True)
    )
    for least, cheaper in ((0.95, False), (0.9567, True)):
        request = qn.LinkRequest(least_fidelity=least)
        plan = purifying.plan(request)
        assert plan.purified == cheaper
        assert (plan.pair_s < plain.plan(request).pair_s) == cheaper


def test_a_link_that_purifies_is_not_told_to():
    for purifies, advice in (
        (True, r"Ask for less$"),
        (False, r"Ask for less; or let it purify, with a memory to spare$"),
    ):
        link = qn.LinkLayer(detection=4e-4, dark=2e-7, memories=2, purifies=purifies)
        with pytest.raises(ValueError, match=advice):
            link.plan(qn.LinkRequest(least_fidelity=0.99))

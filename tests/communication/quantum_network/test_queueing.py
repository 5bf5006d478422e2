"""Queueing: waits against closed forms, shares of a full link, refusals before work, and what an interrupt leaves."""

import numpy as np
import pytest

from qlearn.communication import quantum_network as qn

LAB = qn.LinkLayer(detection=1e-3)


def run(rate, n, *, link=LAB, rng=1, **terms):
    return qn.serve(link, qn.poisson_requests(rate, n, rng=rng, **terms), rng=rng + 100)


def test_a_lone_request_takes_one_over_p_cycles():
    # 10 us a cycle at the published p of the laboratory: 142.53 ms
    assert qn.mean_latency_s(0, 7.015991568e-5, 1e-5) == pytest.approx(0.14253, abs=5e-6)
    plan = LAB.plan(qn.LinkRequest(least_fidelity=0.9))
    # far apart: nobody waits. 4,000 geometric times, mean 1/p and sd 1/p: 5.5 standard errors, 4e-8
    told = run(0.01, 4000, least_fidelity=0.9)
    assert told.latency_s.mean() == pytest.approx(plan.slot_s / plan.success, rel=5.5 / np.sqrt(4000))
    assert told.mean_queue < 1e-3


def test_the_simulation_is_one_server_with_geometric_services():
    # what Pollaczek and Khinchine assume, in two exact parts and one of chance
    told = run(20.0, 1500, least_fidelity=0.9)
    plan = LAB.plan(qn.LinkRequest(least_fidelity=0.9))
    assert 0.5 < 20.0 * plan.pair_s < 1
    arrived = np.array([request.arrives_s for request in told.requests])
    free = np.concatenate([[0.0], told.ended_s[:-1]])
    np.testing.assert_allclose(told.started_s, np.maximum(arrived, free), rtol=0, atol=1e-9)
    slots = (told.ended_s - told.started_s) / plan.slot_s
    np.testing.assert_allclose(slots, np.rint(slots), atol=1e-4)
    # the law of 1,500 independent services: farther than d by chance at most 2 exp(-2 n d^2) (Dvoretzky, Kiefer, Wolfowitz)
    slots = np.sort(np.rint(slots))
    law = 1 - (1 - plan.success) ** slots
    distance = np.abs(law - np.arange(1, 1501) / 1500).max()
    assert distance < np.sqrt(np.log(2 / 1e-7) / (2 * 1500)) + 1 / 1500


@pytest.mark.parametrize(("load", "p"), [(0.3, 0.01), (0.6, 0.01), (0.6, 0.5)])
def test_the_formula_of_pollaczek_and_khinchine(load, p):
    # 4,000 queues side by side by Lindley's recursion, no engine: the mean of requests 200 to 500 of each. 4,000 independent
    # numbers: 5.5 standard errors, 4e-8. What is left of the empty start after 200 requests is below a tenth of an error.
    rng = np.random.default_rng(3)
    waits, total = np.zeros(4000), np.zeros(4000)
    for k in range(500):
        service = rng.geometric(p, 4000) * 1e-5
        if k >= 200:
            total += (waits + service) / 300
        waits = np.maximum(0.0, waits + service - rng.exponential(1e-5 / (p * load), 4000))
    due = qn.mean_latency_s(load * p / 1e-5, p, 1e-5)
    assert abs(total.mean() - due) < 5.5 * total.std() / np.sqrt(4000)


def test_littles_law_holds_in_every_run():
    told = run(9.0, 800, least_fidelity=0.9)
    waits = told.started_s - np.array([request.arrives_s for request in told.requests])
    assert told.mean_queue == pytest.approx(waits.sum() / told.duration_s)
    assert told.throughput_hz == pytest.approx(800 / told.duration_s)


def test_first_come_first_served_and_one_at_a_time():
    told = run(15.0, 300, least_fidelity=0.9)
    assert (np.diff(told.started_s) >= 0).all()
    assert (told.started_s[1:] >= told.ended_s[:-1] - 1e-12).all()


def test_a_stored_pair_ages_until_the_last_is_there():
    link = qn.LinkLayer(detection=1e-3, memories=2, coherence_s=0.05)
    told = run(0.01, 3000, link=link, pairs=2, least_fidelity=0.9)
    plan = link.plan(qn.LinkRequest(pairs=2, least_fidelity=0.9))
    # the first waits for a geometric number of slots: E exp(-k s) = p e^-s / (1 - (1 - p) e^-s)
    e = np.exp(-plan.slot_s / 0.05)
    kept = plan.success * e / (1 - (1 - plan.success) * e)
    due = 0.25 + (0.9 - 0.25) * (1 + kept) / 2
    assert abs(told.fidelity.mean() - due) < 5.5 * told.fidelity.std() / np.sqrt(3000)
    measured = run(0.01, 50, link=link, pairs=2, least_fidelity=0.9, kind="measure")
    np.testing.assert_allclose(measured.fidelity, 0.9)


def test_purified_pairs_are_made_of_aged_ones():
    link = qn.LinkLayer(detection=4e-4, dark=2e-7, memories=2, purifies=True, coherence_s=2.0)
    told = run(1e-3, 200, link=link, least_fidelity=0.958)
    assert told.fidelity.max() < 0.958
    assert told.fidelity.min() > 0.5


def test_weights_share_a_full_link():
    # both queues are never empty: in the first half of the run the work is shared 10 to 1
    asked = [
        qn.LinkRequest(kind=kind, least_fidelity=0.9) for kind in ("store", "measure") for _ in range(1100)
    ]
    told = qn.serve(LAB, asked, weights={"store": 10, "measure": 1}, rng=1)
    first = np.argsort(told.started_s)[:1100]
    assert abs(sum(asked[i].kind == "store" for i in first) - 1000) <= 1
    fifo = qn.serve(LAB, asked, rng=1)
    assert all(asked[i].kind == "store" for i in np.argsort(fifo.started_s)[:1100])
    assert len(told.of("measure").requests) == 1100


def test_a_queue_that_was_silent_saves_nothing_up():
    early = [qn.LinkRequest(least_fidelity=0.9, queue="busy") for _ in range(40)]
    late = [qn.LinkRequest(least_fidelity=0.9, queue="late", arrives_s=1.0) for _ in range(40)]
    told = qn.serve(LAB, early + late, weights={}, rng=1)
    after = np.flatnonzero(told.started_s > 1.0)
    busy = np.sort(told.started_s[[i for i in after if i < 40]])
    # once both wait they alternate: the queue that came late does not take all until it has caught up
    assert busy[0] < told.started_s[[i for i in after if i >= 40][2]]


def test_what_is_given_up_unserved_costs_its_queue_nothing():
    one = LAB.plan(qn.LinkRequest()).pair_s
    given_up = [qn.LinkRequest(queue="A", longest_wait_s=one) for _ in range(300)]
    later = [qn.LinkRequest(queue="A", arrives_s=3 * one) for _ in range(20)]
    busy = [qn.LinkRequest(queue="B") for _ in range(300)]
    told = qn.serve(LAB, given_up + later + busy, weights={}, rng=1)
    first = np.argsort(np.where(np.isnan(told.started_s), np.inf, told.started_s))[:60]
    served = [told.requests[i].queue for i in first if told.started_s[i] > 3 * one]
    assert 19 <= served[:40].count("A") <= 20  # half of what is served, from when both wait


def test_work_done_before_the_link_was_idle_is_not_owed():
    one = LAB.plan(qn.LinkRequest()).pair_s
    alone = [qn.LinkRequest(kind="measure", queue="A", pairs=100)]
    late = [qn.LinkRequest(queue=queue, arrives_s=1000 * one) for queue in "BA" for _ in range(40)]
    told = qn.serve(LAB, alone + late, weights={}, rng=1)
    order = [told.requests[i].queue for i in np.argsort(told.started_s)[1:]]
    assert order[:40].count("A") == 20


def test_weights_move_waiting_and_make_none_go_away():
    # both runs draw the same services in the order of serving, so as many are there at each moment: the sum of all times from
    # asking to delivery is the same, up to rounding
    one = LAB.plan(qn.LinkRequest()).pair_s
    rng = np.random.default_rng(2)
    both = [
        request
        for kind, load in (("measure", 0.4), ("store", 0.3))
        for request in qn.poisson_requests(load / one, int(1000 * load), kind=kind, rng=rng)
    ]
    fifo = qn.serve(LAB, both, rng=3)
    first = qn.serve(LAB, both, weights={"store": 10, "measure": 1}, rng=3)
    assert first.of("store").latency_s.mean() < 0.9 * fifo.of("store").latency_s.mean()
    assert first.of("measure").latency_s.mean() > fifo.of("measure").latency_s.mean()
    assert first.latency_s.sum() == pytest.approx(fifo.latency_s.sum())
    assert first.duration_s == pytest.approx(fifo.duration_s)


def test_a_wait_that_is_too_long_is_given_up():
    told = run(30.0, 400, least_fidelity=0.9, longest_wait_s=0.2)
    assert set(told.outcome) == {"delivered", "expired"}
    given_up = told.outcome == "expired"
    arrived = np.array([request.arrives_s for request in told.requests])
    np.testing.assert_allclose((told.ended_s - arrived)[given_up], 0.2)
    assert told.latency_s.max() <= 0.2 + 1e-12
    assert np.isnan(told.fidelity[given_up]).all()


def test_a_run_that_ends_early_leaves_requests_open():
    asked = qn.poisson_requests(9.0, 500, least_fidelity=0.9, rng=1)
    told = qn.serve(LAB, asked, until_s=20.0, rng=2)
    assert told.duration_s == 20
    assert (told.outcome == "open").any()
    assert told.ended_s[told.outcome == "delivered"].max() <= 20


def test_an_interrupt_keeps_what_is_done(monkeypatch):
    class Ctrl(type(np.random.default_rng(1))):
        calls = 0

        def geometric(self, *args, **kwargs):
            Ctrl.calls += 1
            if Ctrl.calls > 40:
                raise KeyboardInterrupt
            return super().geometric(*args, **kwargs)

    told = qn.serve(
        LAB, qn.poisson_requests(9.0, 500, least_fidelity=0.9, rng=1), rng=Ctrl(np.random.PCG64(3))
    )
    assert told.interrupted
    assert (told.outcome == "delivered").sum() == 40
    assert "interrupted" in repr(told)
    assert told.throughput_hz > 0


def test_the_same_seed_gives_the_same_run():
    a, b = (run(9.0, 100, least_fidelity=0.9) for _ in range(2))
    np.testing.assert_array_equal(a.ended_s, b.ended_s)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (qn.LinkRequest(kind="teleport"), "kind must be one of store, measure"),
        (qn.LinkRequest(pairs=0), "pairs must be at least 1"),
        (qn.LinkRequest(pairs=3), "3 pairs are to be stored and the link has 1 memories"),
        (qn.LinkRequest(least_fidelity=0.4), "least_fidelity must be a finite number between 0.5 and 1"),
        (qn.LinkRequest(least_fidelity=1.0), "no alpha reaches fidelity 1"),
        (qn.LinkRequest(arrives_s=-1.0), "arrives_s must be"),
        (qn.LinkRequest(longest_wait_s=0.0), "longest_wait_s must be above 0"),
    ],
)
def test_what_cannot_be_met_is_refused_before_any_work(request_, says):
    class NoDice:
        def __getattr__(self, name):
            raise AssertionError("work has begun")

    with pytest.raises(ValueError, match=says):
        qn.serve(LAB, [qn.LinkRequest(), request_], rng=1)


def test_refusals_of_what_is_no_request_no_link_and_no_queue():
    with pytest.raises(TypeError, match="requests must be a list of LinkRequest, not one"):
        qn.serve(LAB, qn.LinkRequest())
    with pytest.raises(TypeError, match="link must be a LinkLayer, not str"):
        qn.serve("lab", [qn.LinkRequest()])
    with pytest.raises(TypeError, match="weights must be a mapping of queue to weight, not list"):
        qn.serve(LAB, [qn.LinkRequest()], weights=[1])
    with pytest.raises(
        ValueError, match="weights names the queue 'shop' and no request waits in it; there are store"
    ):
        qn.serve(LAB, [qn.LinkRequest()], weights={"shop": 10})


def test_other_refusals():
    with pytest.raises(ValueError, match="at least one LinkRequest"):
        qn.serve(LAB, [])
    with pytest.raises(TypeError, match="requests must be of LinkRequest, not str"):
        qn.serve(LAB, ["store"])
    with pytest.raises(ValueError, match=r"weights\['store'\] must be above 0"):
        qn.serve(LAB, [qn.LinkRequest()], weights={"store": 0})
    with pytest.raises(ValueError, match="until_s must be above 0"):
        qn.serve(LAB, [qn.LinkRequest()], until_s=0)
    with pytest.raises(ValueError, match="no request waited in queue 'gold'; there are store"):
        qn.serve(LAB, [qn.LinkRequest()], rng=1).of("gold")
    with pytest.raises(ValueError, match="success must be above 0"):
        qn.mean_latency_s(1, 0, 1)
    with pytest.raises(ValueError, match="the load is 2: from 1 on"):
        qn.mean_latency_s(1, 0.5, 1)

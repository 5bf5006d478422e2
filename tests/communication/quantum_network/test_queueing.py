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


@pytest.mark.parametrize("load", [0.3, 0.6])
def test_the_wait_is_that_of_pollaczek_and_khinchine(load):
    # 40 runs of 500 requests each, independent: the mean of 40 means has a standard error that the runs themselves show.
    # Student's t with 39 degrees of freedom: 6.5 standard errors are passed by chance with 1.0e-7. The start with an empty
    # queue lowers a run's mean by about 1 % at these loads, which is within the tolerance.
    plan = LAB.plan(qn.LinkRequest(least_fidelity=0.9))
    rate = load * plan.success / plan.slot_s
    due = qn.mean_latency_s(rate, plan.success, plan.slot_s)
    rng = np.random.default_rng(3)
    means = []
    for _ in range(40):
        arrivals = np.cumsum(rng.exponential(1 / rate, 500))
        told = qn.serve(
            LAB, [qn.LinkRequest(arrives_s=float(at), least_fidelity=0.9) for at in arrivals], rng=rng
        )
        means.append(told.latency_s.mean())
    assert abs(np.mean(means) - due) < 6.5 * np.std(means, ddof=1) / np.sqrt(40)


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

"""Chains: published rates, the law against its closed forms, bounds, and what is refused before any work."""

import numpy as np
import pytest
from scipy.optimize import brentq

from qlearn.communication import repeaters
from qlearn.communication.key_rate import asymptotic_rate
from qlearn.communication.photons import plob
from qlearn.communication.repeaters import Memory, Plan, _laws, chain
from qlearn.communication.repeaters.memories import CHARACTERS


@pytest.mark.parametrize(
    ("length", "links", "rate", "fidelity", "key"),
    [
        (200, 2, 13.3557, 0.960533, 8.6668),
        (200, 4, 197.3031, 0.923143, 82.2235),
        (400, 8, 152.1156, 0.854163, 12.1279),
    ],
)
def test_published_rates(length, links, rate, fidelity, key):
    # They hold for a slot of L0/c, light from both ends to the middle and the answer back; 2 L0/c gives half of them.
    found = chain(length, links=links, fidelity=0.98, heralding="midpoint")
    np.testing.assert_allclose(found.rate, rate, rtol=5e-6)
    assert abs(found.fidelity - fidelity) < 1e-6
    np.testing.assert_allclose(found.key_rate, key, rtol=5e-6)
    assert abs(chain(length, links=links, fidelity=0.98).rate - found.rate / 2) < 1e-9


@pytest.mark.parametrize(
    ("loss", "links", "key"),
    [
        (20, 1, 0.00884444),
        (20, 2, 0.0540678),
        (20, 4, 0.108807),
        (20, 8, 0.110705),
        (40, 1, 8.84444e-5),
        (40, 2, 0.00532084),
        (40, 4, 0.0320974),
        (40, 8, 0.0548383),
        (10, 4, 0.215509),
        (10, 8, 0.170297),
    ],
)
def test_published_keys_a_slot(loss, links, key):
    np.testing.assert_allclose(chain(loss_db=loss, links=links, fidelity=0.99).key_rate, key, rtol=5e-6)


@pytest.mark.parametrize(
    ("loss", "lifetime", "error", "fraction", "key"),
    [
        (20, 100, 0.043259, 0.742962, 0.05041529),
        (40, 1000, 0.045247, 0.734149, 0.00490254),
        (40, 100, 0.249366, 0.189728, None),
    ],
)
def test_dephasing_memories(loss, lifetime, error, fraction, key):
    # both halves of a pair wait: its lifetime is half the T2 of a memory
    found = chain(loss_db=loss, links=2, memory=Memory(t2_s=2 * lifetime))
    assert found.qber[0] == 0
    assert abs(found.qber[1] - error) < 1e-6
    assert abs(found.key_fraction - fraction) < 1e-6
    if key:
        assert abs(found.key_rate - key) < 1e-8


@pytest.mark.parametrize(
    ("links", "efficiency", "loss"), [(2, 1, 6.800179), (8, 1, 5.045723), (2, 0.5, 12.781885)]
)
def test_where_ideal_memories_pass_plob(links, efficiency, loss):
    def ahead(db):
        return chain(loss_db=db, links=links, efficiency=efficiency).rate - float(plob(10 ** (-db / 10)))

    assert abs(brentq(ahead, 3, 30, xtol=1e-9) - loss) < 1e-6


BOUNDS = {
    10: (0.152003093, 0.548412255, 0.900122807, 1.19212193, 1.99938963),
    20: (0.0144995697, 0.152003093, 0.350050691, 0.548412255, 1.19212193),
    30: (0.00144341687, 0.0463589479, 0.152003093, 0.282487751, 0.79010127),
    40: (0.000144276718, 0.0144995697, 0.0685678966, 0.152003093, 0.548412255),
    60: (1.44269576e-6, 0.00144341687, 0.0144995697, 0.0463589479, 0.282487751),
}


@pytest.mark.parametrize(("loss", "bounds"), BOUNDS.items())
def test_repeater_bounds(loss, bounds):
    np.testing.assert_allclose(
        repeaters.repeater_bound(10 ** (-loss / 10), [0, 1, 2, 3, 7]), bounds, rtol=1e-8
    )


def test_repeater_bound_keeps_its_digits():
    np.testing.assert_allclose(repeaters.repeater_bound(1e-10, 0), 1e-10 / np.log(2), rtol=1e-9)
    np.testing.assert_allclose(repeaters.repeater_bound(1e-300, 0), 1e-300 / np.log(2), rtol=1e-12)
    with pytest.raises(ValueError, match="stations"):
        repeaters.repeater_bound(0.1, -1)


@pytest.mark.parametrize("loss", [10, 40, 60])
@pytest.mark.parametrize("links", [1, 2, 8])
def test_no_chain_beats_its_bound(loss, links):
    # one attempt a link and slot is one use: two modes for a qubit in the polarisation of a photon
    found = chain(loss_db=loss, links=links)
    assert found.key_rate <= 2 * repeaters.repeater_bound(10 ** (-loss / 10), links - 1)


@pytest.mark.parametrize(
    "settings",
    [
        {"links": 4, "memory": Memory(t1_s=300, t2_s=200), "swap": 0.9},
        {"links": 4, "memory": Memory(t1_s=300, t2_s=200, cutoff_s=7), "swap": 0.9},
        {"links": 5, "memory": Memory(t2_s=200, cutoff_s=1), "gate": 0.98, "readout": 0.97},
    ],
)
def test_closed_forms_equal_the_law_by_transforms(settings):
    plan = Plan(loss_db=10 * settings["links"], fidelity=0.95, **settings)
    closed = chain(loss_db=10 * settings["links"], fidelity=0.95, **settings)
    start = np.r_[1.0, (plan.pair @ CHARACTERS)[1:]]
    law = _laws.delivered(plan.link_success, start, plan.decay_rates, plan.cutoff_slots, plan.merges)
    np.testing.assert_allclose(closed.mean_slots, law.mean, rtol=1e-11)
    np.testing.assert_allclose(closed.pair, law.characters @ CHARACTERS / 4, atol=1e-12)
    assert law.uncertainty == closed.uncertainty == 0


def brute_force(p, q, t, pairs, purify, cutoff, memory):
    """Mean slots and state of two links that are merged once, by a sum over both of their times."""
    tried = kept = 0.0
    state = np.zeros(4)
    for first in range(1, t):
        for second in range(1, t):
            chance = p**2 * q ** (first + second - 2)
            age = abs(first - second)
            if cutoff is not None and age > cutoff:
                tried += chance * (min(first, second) + cutoff)
                continue
            tried += chance * max(first, second)
            old = repeaters.store_bell(pairs, age, memory)
            made, share = (
                repeaters.purify_bell(old, pairs) if purify else (repeaters.swap_bell(old, pairs), 0.6)
            )
            kept += chance * share
            state += chance * share * made
    return tried / kept, state / kept


@pytest.mark.parametrize("purify", [False, True])
@pytest.mark.parametrize("cutoff", [None, 3])
def test_one_merge_by_brute_force(purify, cutoff):
    pairs, memory = np.array([0.8, 0.02, 0.05, 0.13]), Memory(t1_s=40.0, t2_s=30.0, cutoff_s=cutoff)
    how = {"links": 1, "purification": 1} if purify else {"links": 2, "swap": 0.6, "scheme": "nested"}
    found = chain(loss_db=how["links"] * 10 * np.log10(2), fidelity=pairs, memory=memory, **how)
    slots, state = brute_force(0.5, 0.5, 28, pairs, purify, cutoff, memory)
    np.testing.assert_allclose(found.mean_slots, slots, rtol=1e-6)
    np.testing.assert_allclose(found.pair, state, atol=1e-7)


def test_purification_without_decay_is_the_recurrence():
    found = chain(loss_db=10, fidelity=0.7, purification=3)
    wanted = repeaters.recurrence(repeaters.werner_vector(0.7), 3)
    np.testing.assert_allclose(found.pair, wanted.pairs[-1], atol=1e-12)
    bbpssw = chain(loss_db=10, fidelity=0.7, purification=3, method="bbpssw")
    np.testing.assert_allclose(bbpssw.fidelity, 0.811938, atol=1e-6)


def test_without_decay_the_order_of_swaps_does_not_matter():
    settings = {"loss_db": 40, "links": 8, "fidelity": 0.97}
    series, nested = chain(**settings), chain(scheme="nested", **settings)
    np.testing.assert_allclose(series.pair, nested.pair, atol=1e-12)
    np.testing.assert_allclose(series.mean_slots, nested.mean_slots, rtol=1e-9)
    np.testing.assert_allclose(series.fidelity, repeaters.chain_fidelity(0.97, 8), rtol=1e-12)
    memory = Memory(t2_s=300)  # nested, two pairs become one: fewer memories wait
    assert (
        chain(scheme="nested", memory=memory, **settings).fidelity > chain(memory=memory, **settings).fidelity
    )


@pytest.mark.parametrize("p", [1e-2, 1e-3])
def test_extrapolated_laws(p, monkeypatch):
    settings = {
        "loss_db": -20 * np.log10(p),
        "links": 2,
        "scheme": "nested",
        "fidelity": 0.9,
        "purification": 1,
        "memory": Memory(t2_s=20 / p),
    }
    single = chain(**settings)
    monkeypatch.setattr(_laws, "_MOST_SLOTS", 2**9)
    monkeypatch.setattr(_laws, "_COARSE_SLOTS", (2**14, 2**16))
    coarse = chain(**settings)
    assert single.uncertainty == 0 < coarse.uncertainty < 1e-6
    np.testing.assert_allclose(coarse.mean_slots, single.mean_slots, rtol=1e-7)
    np.testing.assert_allclose(coarse.pair, single.pair, atol=1e-7)


@pytest.mark.parametrize("lifetime", [1e-5, 2e-4])
def test_extrapolation_tells_what_coarse_slots_do_not_see(lifetime):
    # Memories may forget within a coarse slot: all orders of the extrapolation then agree on a state that is wrong.
    plan = Plan(loss_db=220, links=2, memory=Memory(t2_s=lifetime / 1e-11))
    start = plan.pair @ CHARACTERS
    law = _laws.delivered(plan.link_success, start, plan.decay_rates, None, plan.merges)
    left = repeaters.age_decay(2, 1e-11, lifetime / 2e-11)
    assert 0 < abs(law.characters[2] - left) <= 1.01 * law.uncertainty


def test_a_cutoff_counts_in_pairs_of_links_that_come_rarely():
    # 150 slots are long beside a link, which takes 2, and short beside 4 links whose swaps mostly fail. The values are of a
    # simulation of 400,000 pairs; 6 of its standard errors: 2e-9 each
    settings = {
        "loss_db": 0,
        "efficiency": 0.5,
        "links": 8,
        "scheme": "nested",
        "swap": 0.3,
        "fidelity": 0.95,
    }
    found = chain(memory=Memory(t2_s=400, cutoff_s=150), **settings)
    assert abs(found.mean_slots - 210.869) < 6 * 0.31
    assert abs(found.fidelity - 0.612921) < 6 * 5.6e-5
    assert chain(memory=Memory(t2_s=400), **settings).fidelity < 0.6105


def test_memories_that_forget_at_once():
    for settings in ({"links": 3}, {"links": 2, "scheme": "nested"}):
        found = chain(loss_db=20, memory=Memory(t1_s=1e-308, t2_s=1e-308), **settings)
        np.testing.assert_allclose(found.pair.sum(), 1, rtol=1e-12)
        assert found.key_rate == 0


@pytest.mark.parametrize(("links", "modes"), [(1, 100), (2, 100), (4, 10)])
def test_multiplexed_chains_stay_below_the_bound_for_all_their_modes(links, modes):
    # counted by slots, a multiplexed line without a station would be above the bound of one mode; it has used them all
    found = chain(loss_db=20, links=links, multiplexing=modes)
    bound = float(repeaters.repeater_bound(0.01, links - 1))
    assert found.key_rate / modes < bound < found.key_rate


@pytest.mark.parametrize(("links", "loss"), [(2, 12.5772), (8, 8.5101)])
def test_where_ideal_memories_pass_plob_by_photons_of_two_modes(links, loss):
    def ahead(db):
        return chain(loss_db=db, links=links).rate - 2 * float(plob(10 ** (-db / 10)))

    assert abs(brentq(ahead, 3, 30, xtol=1e-9) - loss) < 1e-4


def test_sorted_by_age_pairs_keep_no_less():
    mean = chain(loss_db=20, links=2, memory=Memory(t2_s=100))
    t = np.arange(400)  # ages of the first pair, p = 0.1
    chance = np.where(t > 0, 2.0, 1.0) * 0.01 * 0.9**t / 0.19
    kept = chance @ asymptotic_rate(np.zeros(400), (1 - np.exp(-t / 50)) / 2)
    assert abs(chance.sum() - 1) < 1e-12
    assert kept > mean.key_fraction + 0.04


def test_multiplexing_and_efficiency():
    plan = Plan(loss_db=10, efficiency=0.5, multiplexing=3)
    np.testing.assert_allclose(plan.link_success, 1 - 0.95**3, rtol=1e-14)
    assert Plan(loss_db=0, multiplexing=3).link_success == 1
    np.testing.assert_allclose(Plan(loss_db=200, multiplexing=100).link_success, 1e-18, rtol=1e-12)


def test_a_long_cutoff_is_none():
    settings = {"loss_db": 20, "links": 3, "fidelity": 0.9}
    there = chain(memory=Memory(t2_s=50, cutoff_s=900), **settings)
    np.testing.assert_allclose(there.pair, chain(memory=Memory(t2_s=50), **settings).pair, atol=1e-14)


def test_two_links_with_a_cutoff_are_its_closed_form():
    for cutoff in (1, 5, 10):
        found = chain(loss_db=20, links=2, memory=Memory(cutoff_s=cutoff))
        np.testing.assert_allclose(found.mean_slots, repeaters.cutoff_waiting_time(0.1, cutoff), rtol=1e-13)


def test_best_links_is_the_largest_of_all_tried():
    best = repeaters.best_links(200, most=16, fidelity=0.99)
    keys = [chain(200, links=n, fidelity=0.99).key_rate for n in range(1, 17)]
    assert best.plan.links == int(np.argmax(keys)) + 1 == 11
    assert best.key_rate == max(keys)
    nested = repeaters.best_links(200, most=16, fidelity=0.99, scheme="nested")
    assert nested.plan.links == 8
    assert repeaters.best_links(200, most=4, fidelity=0.7).key_rate == 0


def test_key_is_that_of_the_error_rates():
    found = chain(loss_db=20, links=2, fidelity=[0.9, 0.01, 0.03, 0.06])
    z, x = repeaters.error_rates(repeaters.swap_bell(found.plan.fidelity, found.plan.fidelity))
    np.testing.assert_allclose(found.key_rate, found.rate * asymptotic_rate(z, x), rtol=1e-12)
    assert repr(found).startswith("Chain(links=2, rate=")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"length_km": -1.0}, "length_km must be"),
        ({"loss_db": -1.0}, "loss_db must be"),
        ({}, "give length_km or loss_db, one of the two"),
        ({"length_km": 10, "loss_db": 2}, "one of the two"),
        ({"length_km": 0}, "length_km is 0.*give slot_s"),
        ({"length_km": 10, "slot_s": -1.0}, "slot_s must be above 0"),
        ({"length_km": 10, "links": 0}, "links must be at least 1"),
        ({"length_km": 10, "links": 1001}, "links must be at most 1000"),
        ({"length_km": 10, "efficiency": 0.0}, "success probability of a link is 0.*shorter links"),
        ({"loss_db": 1e4}, "success probability of a link is 0"),
        ({"length_km": 10, "efficiency": 1.1}, "efficiency must be a probability"),
        ({"length_km": 10, "links": 2, "swap": 0.0}, "swap must be above 0"),
        ({"length_km": 10, "multiplexing": 0}, "multiplexing must be at least 1"),
        ({"length_km": 10, "fidelity": 0.2}, "fidelity must be at least 0.25.*below 1/4"),
        ({"length_km": 10, "fidelity": 0.45, "purification": 1}, "fidelity must be at least 0.5.*above 1/2"),
        ({"length_km": 10, "fidelity": 1.2}, "fidelity must be"),
        ({"length_km": 10, "fidelity": [0.5, 0.2, 0.2, 0.2]}, "fidelity must sum to 1"),
        (
            {"length_km": 200, "memory": Memory(cutoff_s=1e-3)},
            "cutoff_s must be at least a slot of 0.002 s.*heralding",
        ),
        ({"length_km": 10, "links": 6, "scheme": "nested"}, "links must be a power of two"),
        ({"length_km": 10, "scheme": "tree"}, "scheme must be one of series, nested"),
        ({"length_km": 10, "purification": 1, "purify": "nested"}, "wants scheme='nested'"),
        ({"length_km": 10, "purification": -1}, "purification must be at least 0"),
        ({"length_km": 10, "purification": 25}, "fewer rounds than 25: it makes one pair of 3.36e\\+07"),
        (
            {"length_km": 10, "links": 16, "scheme": "nested", "purification": 5, "purify": "nested"},
            "fewer rounds than 5.*on every level",
        ),
        ({"length_km": 10, "purification": 3, "memories": 4}, "memories must be at least 8.*fewer rounds"),
        (
            {
                "length_km": 10,
                "links": 4,
                "scheme": "nested",
                "purification": 1,
                "purify": "nested",
                "memories": 4,
            },
            "memories must be at least 8",
        ),
        ({"length_km": 10, "heralding": "moon"}, "heralding must be one of"),
        ({"length_km": 10, "method": "magic"}, "method must be one of"),
    ],
)
def test_refuses(settings, says):
    with pytest.raises(ValueError, match=says):
        chain(**settings)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"links": 2.5}, "links must be a whole number"),
        ({"purification": 1.5}, "purification must be a whole number"),
        ({"memory": 0.1}, "memory must be a Memory"),
        ({"length": 3}, "length"),
    ],
)
def test_refuses_types(settings, says):
    with pytest.raises(TypeError, match=says):
        chain(10, **settings)


def test_best_links_refuses():
    with pytest.raises(TypeError, match="leave it out"):
        repeaters.best_links(10, links=3)
    with pytest.raises(ValueError, match=r"no number of links from 1 to 3 is possible: .*fidelity"):
        repeaters.best_links(10, most=3, fidelity=0.1)


def test_best_links_leaves_out_laws_that_cannot_matter(monkeypatch):
    monkeypatch.setattr(_laws, "_COARSE_SLOTS", (2**12, 2**13))  # refuses sooner
    settings = {"scheme": "nested", "fidelity": 0.999, "memory": Memory(t2_s=10, cutoff_s=0.5)}
    with pytest.raises(ValueError, match="too long"):  # a pair in 10^15 s, which even its links cannot better
        chain(1000, links=2, **settings)
    assert repeaters.best_links(1000, **settings).plan.links == 32
    # of memories so bad that all others give no key, it might be the best
    with pytest.raises(ValueError, match="too long"):
        repeaters.best_links(1000, most=8, scheme="nested", fidelity=0.9, memory=Memory(t2_s=1, cutoff_s=0.5))


def test_a_law_that_is_too_long_says_so(monkeypatch):
    monkeypatch.setattr(_laws, "_COARSE_SLOTS", (2**12, 2**13))
    monkeypatch.setattr(_laws, "_MOST_SLOTS", 2**12)
    with pytest.raises(ValueError, match=r"too long to be computed.*or simulate it"):
        chain(loss_db=640, links=16, scheme="nested", swap=0.02)

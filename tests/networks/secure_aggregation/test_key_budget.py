"""Key budget: the reference's numbers, the bits that rounds really draw, what a link pays."""

import pytest
from hypothesis import given, strategies as st

from qlearn.communication.photons import LINKS, Link, decoy_rate
from qlearn.networks.secure_aggregation import (
    FixedPoint,
    KeyBudget,
    Terms,
    aggregate,
    ternary_word_bits,
    value_word_bits,
)
from qlearn.networks.secure_aggregation.key_budget import METHODS


def test_reference():
    model = KeyBudget(10, words=16 + 1)
    assert model.per_client == 9_792
    assert round(model.seconds(300e3), 3) == 0.033
    million = [KeyBudget(10, 10**6, bits) for bits in (64, value_word_bits(8, 10), ternary_word_bits(10))]
    assert [budget.seconds(300e3) for budget in million] == [1_920.0, 360.0, 150.0]
    assert million[0].rounds(300e3) == 45
    assert KeyBudget(10, 10**6, method="shared masks").seconds(300e3) == 3 * 1_920.0
    assert KeyBudget(10, 10**6, method="stretched").per_client == 768 * 9
    assert KeyBudget(10, 10**6, method="sealed").per_client == 256


def test_what_a_link_of_50_km_makes():
    assert float(decoy_rate(50, link=LINKS["gys"])) == pytest.approx(2.226e-4, rel=5e-4)
    assert 2e6 * float(decoy_rate(50, link=LINKS["gys"])) == pytest.approx(445, abs=0.5)
    modern = Link("modern", 0.2, 0.2, 1e-6, 0.01, 1.16, sifting=1.0)
    assert float(decoy_rate(50, link=modern)) == pytest.approx(5.118e-3, rel=2e-4)
    assert 1e9 * float(decoy_rate(50, link=modern)) == pytest.approx(5.12e6, rel=1e-3)


@given(
    st.integers(2, 50),
    st.integers(1, 10**4),
    st.integers(1, 64),
    st.sampled_from(METHODS),
    st.booleans(),
    st.floats(1.0, 1e9),
    st.floats(0.1, 1e5),
)
def test_counts_fit_together(n, words, word_bits, method, tags, rate, seconds):
    budget = KeyBudget(n, words, word_bits, method, tags)
    if method != "sealed":
        assert budget.total == sum(budget.per_pair for u in range(n) for v in range(u))
        assert 2 * budget.total == n * budget.per_client  # each bit has two ends
    paid = budget.rounds(rate, seconds)
    assert paid * budget.per_client <= rate * seconds < (paid + 1) * budget.per_client * (1 + 1e-12)
    most = budget.most_words(rate, seconds)
    if most is None or most == 0:
        assert (most is None) == (method in ("stretched", "sealed") and budget.seconds(rate) <= seconds)
    else:
        assert KeyBudget(n, most, word_bits, method, tags).per_client <= rate * seconds
        assert KeyBudget(n, most + 1, word_bits, method, tags).per_client > rate * seconds * (1 - 1e-12)


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("pads", {"recover": False}),
        ("shared masks", {}),
        ("stretched", {"pads": "stretched"}),
    ],
)
@pytest.mark.parametrize("numbers", [FixedPoint(), FixedPoint(4, 16)])
def test_rounds_draw_what_the_budget_says(fresh, method, options, numbers):
    clients, server = fresh(4, 6, numbers=numbers, **options)
    result = aggregate(server, clients, {client.name: [0.5] * 6 for client in clients}, 1)
    budget = KeyBudget(4, 6, numbers.word_bits, method, tags=True)
    assert result.total.tolist() == [2.0] * 6
    assert result.record.key_bits == budget.total
    assert Terms(server.terms.clients, 6, numbers, **options).pair_bits == budget.per_pair


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: KeyBudget(1, 5), "n_clients must be at least 2"),
        (lambda: KeyBudget(3, 0), "words must be at least 1"),
        (lambda: KeyBudget(3, 5, 0), "word_bits must be at least 1"),
        (
            lambda: KeyBudget(3, 5, method="aes"),
            "method must be one of pads, shared masks, stretched, sealed",
        ),
        (lambda: KeyBudget(3, 5).seconds(0), "rate must be above 0"),
        (lambda: KeyBudget(3, 5).rounds(-1), "rate must be a finite number"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()

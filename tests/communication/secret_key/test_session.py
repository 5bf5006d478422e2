"""The ledger adds up, prints, and never changes what it was.

A session: its ledger explains the length of the key, term by term.
"""

from math import ceil, floor

import pytest

from qlearn.communication import bb84, random_bits
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    Ledger,
    distill,
    estimate,
    hashing_margin,
    sample_sizes,
)

BOOK = (
    Ledger().add("sift", "bits <kept>", 1000).add("estimate", "compared", -100).add("estimate", "more", -50)
)


def test_adds_up():
    assert BOOK.left == 850
    assert BOOK.balances == (1000, 900, 850)
    assert BOOK.by_step == {"sift": 1000, "estimate": -150}
    assert Ledger().left == 0


def test_is_not_changed_by_adding():
    BOOK.add("verify", "tags", -50)
    assert len(BOOK.entries) == 3


def test_security_is_the_sum_of_what_may_be_wrong():
    assert Ledger(security={"secrecy": 1e-10, "correctness": 1e-15}).total_security == 1e-10 + 1e-15


def test_prints_as_text_and_as_a_table():
    book = Ledger(BOOK.entries, {"secrecy": 1e-10})
    lines = str(book).splitlines()
    assert lines[1].split() == ["sift", "bits", "<kept>", "+1,000", "1,000"]
    assert lines[-1] == "secrecy: 1.0e-10"
    html = book._repr_html_()
    assert "bits &lt;kept&gt;" in html
    assert html.count("<tr>") == 1 + 3 + 1
    assert "overflow-x:auto" in html


@pytest.mark.parametrize("security", [1e-6, 1e-10])
def test_the_length_is_the_formula(security):
    keys = bb84.sift(bb84.exchange(60_000, noise=0.02, rng=1))
    sizes = sample_sizes(keys.bits_by_basis, security=security)
    made = distill(
        keys,
        security=security,
        sample=sizes,
        authentication_key=AuthenticationKey(random_bits(512, rng=1)),
        rng=2,
    )
    again = bb84.SiftedKeys(keys.alice, keys.bob, keys.bases)
    seen = estimate(again, sizes, security=security, rng=2)  # the same coins: the same sample
    said = made.channel.disclosed
    length = (
        floor(seen.secret_bits() - hashing_margin(security))
        - said["reconcile"]
        - said["verify"]
        - SESSION_BITS
    )
    assert made.length == length
    assert [entry.what for entry in made.ledger.entries if entry.bits == -ceil(hashing_margin(security))] == [
        "margin of the hashing"
    ]

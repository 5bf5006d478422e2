"""The ledger adds up, prints, never changes what it was, and is written as the session goes on."""

from qlearn.communication.secret_key import Ledger
from qlearn.communication.secret_key.ledger import Ledgerkeeper
from qlearn.communication.secret_key.public_channel import Note

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


def test_a_step_that_begins_ends_the_one_before():
    done = []
    keeper = Ledgerkeeper(lambda: done.append(keeper.step))
    for note in (
        Note("sift", "kept", 90),
        Note("estimate"),
        Note("estimate", "compared", -9),
        Note("verify"),
    ):
        keeper(note)
    assert done == ["sift", "estimate"]
    assert (keeper.step, keeper.ledger.left) == ("verify", 81)
    keeper.break_off({"estimate": 5, "reconcile": 7, "verify": 0})
    assert [(entry.step, entry.bits) for entry in keeper.ledger.entries[2:]] == [("reconcile", -7)]
    keeper.close({"secrecy": 0.1})
    assert keeper.ledger.total_security == 0.1

"""The waterfall: bars that hang from each other, and end where the ledger ends."""

import pytest

from qlearn.communication.postprocessing import Ledger
from qlearn.plotting import COLORS, waterfall

BOOK = Ledger().add("sift", "sifted", 1000).add("estimate", "compared", -100).add("amplify", "Eve", -700)


def test_each_bar_begins_where_the_last_one_ended():
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in waterfall(BOOK).patches]
    assert bars == [(0, 1000), (1000, 900), (900, 200), (0, 200)]


def test_names_and_numbers_every_bar():
    ax = waterfall(BOOK)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sifted", "compared", "Eve", "secret key"]
    assert [text.get_text() for text in ax.texts] == ["1,000", "−100", "−700", "200"]
    assert ax.get_xlabel() == "bits"


def test_without_a_key_there_is_no_bar_for_it():
    ax = waterfall(BOOK.add("amplify", "more than there is", -300))
    assert len(ax.patches) == 4
    assert ax.get_xlim()[0] == -100


def test_losses_are_eves_colour():
    from matplotlib.colors import to_rgba

    colours = [bar.get_facecolor() for bar in waterfall(BOOK).patches]
    assert colours == [to_rgba(COLORS[who]) for who in ("alice", "eve", "eve", "bob")]


def test_refuses_an_empty_ledger():
    with pytest.raises(ValueError, match="ledger must have at least one entry"):
        waterfall(Ledger())

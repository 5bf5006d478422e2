"""A number for the prose: handed on where the book is built, and nowhere else."""

import sys

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from qlearn.plotting import glue


def test_without_the_book_nothing_happens(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "myst_nb", None)
    assert glue("half", 0.5) is None
    assert capsys.readouterr().out == ""


def test_in_a_chapter_the_prose_gets_the_value():
    InteractiveShell.instance()
    try:
        with capture_output() as caught:
            glue("half", 0.5)
    finally:
        InteractiveShell.clear_instance()
    (given,) = caught.outputs
    assert given.metadata["scrapbook"]["name"] == "half"
    assert "0.5" in str(given.data)

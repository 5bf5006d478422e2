"""What a call gives or how it refuses, as graders see it."""

import pytest

from qlearn.exercises._refusals import Seen, outcome, two_functions


def test_a_call_gives_or_refuses():
    assert outcome(divmod, 7, 2) == ((3, 1), None)
    got, refusal = outcome(lambda: {}["x"])
    assert got is None
    assert isinstance(refusal, KeyError)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_is_no_refusal(error):
    def leaves():
        raise error

    with pytest.raises(error):
        outcome(leaves)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (None, "returns nothing"),
        (len, "not a function"),
        ((len,), "not a tuple of 1"),
        ({"first": len, "second": abs}, "not a dict of 2"),
        ((len, 3), "`second` is to be a function, and you return the number 3"),
        (([], abs), "`first` is to be a function"),
    ],
)
def test_other_than_two_functions_is_named(made, words):
    with pytest.raises(Seen, match=words):
        two_functions(made, "first, second")
    assert two_functions([len, abs], "first, second") == (len, abs)

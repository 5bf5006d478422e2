"""The error rates of an Eve who reads in one basis."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    stub='one_basis = ...  # {"Z": ..., "X": ..., "average": ...}\n',
    right="The average is the 1/4 of the random Eve; only the look at each basis tells them apart.",
    because=r"""
        A pulse written in Z passes her hands unharmed, and she has read the bit. A pulse written in X leaves them
        as $|0\rangle$ or $|1\rangle$, from which Bob's X measurement makes a coin. The average, 1/4, is the one of
        a random Eve: an average over bases hides who was there, and *how much she knows*.
    """,
)
def one_basis():
    """Eve reads every pulse in Z and resends. Which error rates do Alice and Bob find in Z, in X, and on
    average (both bases equally likely)? A dictionary with the keys `"Z"`, `"X"` and `"average"`.
    """
    return {"Z": 0, "X": 1 / 2, "average": 1 / 4}


@one_basis.mistake(
    "1/4 in both is the Eve who chooses at random. This one never disturbs a pulse written in Z."
)
def a_quarter_in_both():
    return {"Z": 1 / 4, "X": 1 / 4, "average": 1 / 4}


@one_basis.mistake("exchanged: what she reads in Z was written in Z without a trace; X pulses become coins.")
def exchanged():
    return {"Z": 1 / 2, "X": 0, "average": 1 / 4}


@one_basis.mistake("a wrong basis makes Bob's outcome a coin, not a certain error: half come out right.")
def wrong_basis_always_wrong():
    return {"Z": 0, "X": 1, "average": 1 / 2}


@one_basis.mistake("each basis is right; their average, half of the bits each, is not 0.5.")
def no_average():
    return {"Z": 0, "X": 1 / 2, "average": 1 / 2}

"""Way to minus i."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="HZS ends at (0, -1, 0): the state |j>.",
    because=r"""
        H moves the north pole to $|+\rangle$ on the equator, Z half a turn on to $|-\rangle$, S a quarter turn on
        to $|j\rangle$. `HSSS` is the same way in three quarters.
    """,
)
def way_to_minus_i():
    r"""Find a word of the gates `X Y Z H S T`, first letter first, that takes $|0\rangle$ to $|j\rangle =
    (|0\rangle - i|1\rangle)/\sqrt2$, such as `way_to_minus_i = 'HT'` (which ends elsewhere).
    """
    return "HZS"


@way_to_minus_i.mistake("HS ends at (0, 1, 0), which is |i>: half a turn about z too little (or too much).")
def a_quarter_turn():
    return "HS"


@way_to_minus_i.mistake(
    "SH ends at (1, 0, 0). A word is read in time, first letter first: S does nothing to |0>, and H comes after "
    "it."
)
def wrong_order():
    return "SH"


@way_to_minus_i.mistake(
    "ZS ends at a pole. S, T and Z only turn about the z axis: a state has to leave the pole first, by H."
)
def never_leaves_the_pole():
    return "ZS"


@way_to_minus_i.mistake("HT ends at (0.71, 0.71, 0.00); |j> is at (0, -1, 0).")
def an_eighth():
    return "HT"


@way_to_minus_i.mistake("write a word of the letters X Y Z H S T, such as 'HZ', not ['H', 'Z', 'S'].")
def as_a_list():
    return ["H", "Z", "S"]

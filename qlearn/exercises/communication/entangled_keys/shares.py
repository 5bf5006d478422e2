"""Shares."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="2/9 make the key, 4/9 vouch for it, and a third is good for nothing.",
    because="""
        Nine combinations, equally likely. Equal angles: (45, 45) and (90, 90). In S: two times two. What is left:
        (0, 90), (45, 90), (45, 135). The angles of 2007, three and two, waste less, and settings drawn so as to
        prefer the key waste hardly anything.
    """,
)
def shares():
    """Ekert's angles are 0, 45, 90 degrees for Alice and 45, 90, 135 for Bob, each with 1/3. S is made of
    Alice's 0 and 90 with Bob's 45 and 135. Which shares of the rounds make the key, enter the test, and
    are of no use? A dictionary with the keys `"key"`, `"test"` and `"unused"`.
    """
    return {"key": 2 / 9, "test": 4 / 9, "unused": 3 / 9}


@shares.mistake("Alice has no 135 degrees and Bob no 0: only two of her angles are also his.")
def three_matches():
    return {"key": 3 / 9, "test": 4 / 9, "unused": 2 / 9}


@shares.mistake("key and test are exchanged: equal angles make the key.")
def exchanged():
    return {"key": 4 / 9, "test": 2 / 9, "unused": 3 / 9}


@shares.mistake("these are combinations, of nine. As shares of all rounds, please.")
def counts():
    return {"key": 2, "test": 4, "unused": 3}


@shares.mistake("not every other combination is in S: her 45 degrees and his 90 are not in it.")
def all_the_rest_is_test():
    return {"key": 1 / 3, "test": 2 / 3, "unused": 0}


@shares.mistake("right, but write them as fractions of all rounds, such as 1/9: they sum to 1.")
def in_per_cent():
    return {"key": 22.2, "test": 44.4, "unused": 33.3}


@shares.mistake("the three kinds of rounds are all there are, but yours sum to 0.777778.")
def does_not_sum():
    return {"key": 2 / 9, "test": 4 / 9, "unused": 1 / 9}

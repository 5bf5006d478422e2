"""Which rounds of an Ekert session make key, which the test."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    stub='shares = ...  # {"key": ..., "test": ..., "unused": ...}\n',
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
    return {"key": 2 / 9, "test": 7 / 9, "unused": 0}


@shares.mistake(
    "all that is not key is in your test, and too much is key: draw the 3 x 3 table of combinations."
)
def a_third_and_the_rest():
    return {"key": 1 / 3, "test": 2 / 3, "unused": 0}


@shares.mistake("as fractions of all rounds, please, such as 1/9, and not in per cent: the three sum to 1.")
def in_per_cent():
    return {"key": 22.2, "test": 44.4, "unused": 33.3}


@shares.mistake("the three kinds of rounds are all there are, so your three shares should sum to 1.")
def does_not_sum():
    return {"key": 2 / 9, "test": 4 / 9, "unused": 1 / 9}


@shares.mistake("a share of *all* rounds, those of no use among them: you divide by the useful ones.")
def of_the_useful():
    return {"key": 2 / 6, "test": 4 / 6, "unused": 3 / 6}

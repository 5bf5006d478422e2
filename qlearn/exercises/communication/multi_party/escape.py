"""How often a source that plants bad rounds reads a ballot and is not caught."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="each planted round is one more that may be used, and one more that may be caught. A few are worth most to it.",
    because=r"""
        The planted round has to be the one that is used: chance planted / rounds. All other planted ones are tested. A
        product of $|+\rangle$ is right where all measure X; in a useful setting with a Y its parity is a coin. Useful
        settings have the chance 1/2, the one without a Y $2^{-n}$: so each test fails with
        $\tfrac12(\tfrac12 - 2^{-n})$. One planted round is never caught, and is used once in `n_rounds`. With three
        parties five are worth most, 2.18 / `n_rounds`; with many parties three or four, 1.69 / `n_rounds`. More rounds
        make it small, as one over their number and no faster.
    """,
)
def escape(n_parties, n_rounds, n_planted):
    r"""A source sends `n_rounds` states to `n_parties` parties: GHZ states, but in `n_planted` rounds of its choice the
    product $|+\rangle\dots|+\rangle$, which reads everybody's ballot. The parties use one round, drawn by lot, for the
    ballot, and test all others: each measures X or Y by a fair coin, and where the number of Y is even the parity has to
    be that of a GHZ state. Return the probability that the ballot is read and no test fails.
    """
    caught = (1 / 2 - 2.0**-n_parties) / 2
    return n_planted / n_rounds * (1 - caught) ** (n_planted - 1)


@escape.cases
def plans(rng):
    """Few and many parties, one planted round and several, all of them too."""
    for n in (3, 4, 6, 9):
        rounds = int(rng.integers(20, 200))
        for planted in (1, 2, int(rng.integers(3, 12)), rounds):
            yield n, rounds, planted


@escape.mistake("the round of the ballot is not tested: of the planted ones one less can be caught.")
def tests_the_ballot(n_parties, n_rounds, n_planted):
    return n_planted / n_rounds * (1 - (1 / 2 - 2.0**-n_parties) / 2) ** n_planted


@escape.mistake("where all measure X the product state is right: this setting catches nobody.")
def caught_in_x_too(n_parties, n_rounds, n_planted):
    return n_planted / n_rounds * (1 - 1 / 4) ** (n_planted - 1)


@escape.mistake("only every second setting is useful; in the others there is no parity that could be wrong.")
def every_setting_is_useful(n_parties, n_rounds, n_planted):
    return n_planted / n_rounds * (1 - (1 / 2 - 2.0**-n_parties)) ** (n_planted - 1)


@escape.mistake("this is the chance that no test fails. The ballot must also be one of the planted rounds.")
def without_the_lot(n_parties, n_rounds, n_planted):
    return (1 - (1 / 2 - 2.0**-n_parties) / 2) ** (n_planted - 1)


@escape.mistake(
    "this is the chance that the ballot is read. The planted rounds that are tested may be caught."
)
def without_the_tests(n_parties, n_rounds, n_planted):
    return n_planted / n_rounds

"""What one qubit tells of a noise."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="A coin tells 1/e(1-e) of its own chance; the chain rule turns that into p.",
    because=r"""
        The outcome is a coin with $e = p/2$. Its score is $e'/e$ for an error and $-e'/(1-e)$ for none, with
        $e' = 1/2$. The mean of the squares is $e'^2/e + e'^2/(1-e) = \tfrac14/\bigl(e(1-e)\bigr) = 1/p(2-p)$.
    """,
)
def fisher_qubit(p):
    r"""A qubit goes through depolarising noise of strength `p`, an array of numbers between 0 and 1, and is read in the
    basis that it was prepared in. Return the Fisher information of that outcome about p, one number for each.
    """
    return 1 / (p * (2 - p))


@fisher_qubit.cases
def strengths(rng):
    """Weak and strong noise, one or several at once."""
    yield (rng.uniform(0.01, 0.99, 5),)
    yield (rng.uniform(1e-4, 0.01, 3),)
    yield (rng.uniform(0.9, 1.0, 2),)


@fisher_qubit.mistake(
    "that is what a coin of chance p tells of p. The qubit is wrong with p/2: half of the lost ones are right by luck."
)
def coin_of_chance_p(p):
    return 1 / (p * (1 - p))


@fisher_qubit.mistake(
    "that is the information about the error rate e = p/2. For p itself multiply by the square of de/dp = 1/2."
)
def of_the_error_rate(p):
    return 1 / (p / 2 * (1 - p / 2))


@fisher_qubit.mistake("the chain rule has the *square* of de/dp: 1/4, not 1/2.")
def derivative_not_squared(p):
    return 0.5 / (p / 2 * (1 - p / 2))


@fisher_qubit.mistake("that is half of a Bell pair. A single qubit has e = p/2.")
def of_a_pair(p):
    return 3 / (p * (4 - 3 * p))


@fisher_qubit.mistake("you give the variance, one over the information.")
def variance(p):
    return p * (2 - p)


@fisher_qubit.mistake(
    "you take errors only into account. That there was none tells something too: add e'^2/(1-e)."
)
def errors_only(p):
    return 1 / (2 * p)

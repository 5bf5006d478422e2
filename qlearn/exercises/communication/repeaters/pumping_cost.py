"""What pumping costs when a failure loses everything."""

from math import prod

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="A failure costs all that was put in so far, which is why the division takes the sum, not the last pair alone.",
    because=r"""
        To try step k one needs the pair of step k-1, which costs $C_{k-1}$, and a fresh one: $C_{k-1}+1$ raw pairs. On
        average it takes $1/p_k$ tries, each with new ones, because a failure loses both. So
        $C_k = (C_{k-1}+1)/p_k$, from $C_0 = 1$.
    """,
)
def pumping_cost(chances):
    """A pair is pumped with fresh raw pairs, one a step. Step k succeeds with `chances[k]`; if it fails, the
    pumped pair and the fresh one are lost, and all begins again with a raw pair. Return the expected number
    of raw pairs for one pair that has passed all steps.
    """
    cost = 1
    for chance in chances:
        cost = (cost + 1) / chance
    return cost


@pumping_cost.cases
def steps(rng):
    """No step, one, several; likely and unlikely."""
    yield ([],)
    yield ([float(rng.uniform(0.5, 0.9))],)
    for n in (2, 3, 5):
        yield (rng.uniform(0.3, 0.95, n).tolist(),)
    yield ([float(rng.uniform(0.2, 0.4)), float(rng.uniform(0.6, 0.9))],)


@pumping_cost.mistake(
    "this is the recurrence, where both pairs of a step have gone through the steps before. Here one is raw."
)
def recurrence(chances):
    return prod(2 / chance for chance in chances)


@pumping_cost.mistake(
    "you pay all fresh pairs even where the first step has failed already: a run ends with its failure."
)
def all_in_advance(chances):
    return (len(chances) + 1) / prod(chances)


@pumping_cost.mistake(
    "you repeat only the step that failed. But a failure takes the pumped pair with it: begin again."
)
def keeps_the_pair(chances):
    return 1 + sum(1 / chance for chance in chances)


@pumping_cost.mistake("the first pair is not free: with no step at all the cost is 1.")
def first_pair_free(chances):
    cost = 0
    for chance in chances:
        cost = (cost + 1) / chance
    return cost


@pumping_cost.mistake("the fresh pair is lost as well when a step fails: it belongs under the division.")
def fresh_pair_kept(chances):
    cost = 1
    for chance in chances:
        cost = cost / chance + 1
    return cost

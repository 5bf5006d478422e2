"""Simulated annealing for the maximum cut."""

import numpy as np

from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers


@exercise(
    level="project",
    right=(
        "every flip follows the rules, and on a 3-regular graph of 16 nodes 100 such sweeps, milliseconds, find a best cut "
        "four times in five. This, and not a coin, is what a quantum optimiser has to beat."
    ),
    because=r"""
        Changing the side of node i cuts its edges to nodes on the same side and loses those that were cut: the gain
        is $\sum_j A_{ij}s_is_j$, a number that one row of A knows. At T = 3 nearly every step is taken, at 0.1
        hardly any loss is; in between the walk leaves the local optima in which pure descent ends.
    """,
)
def anneal_cut(A, sweeps, rng):
    r"""Write simulated annealing for the maximum cut of the graph with
    adjacency matrix A, whose weights may be any. Start with random sides; in each sweep offer every node once to change
    sides, one after the other; take a gain always and a loss with probability $e^{\text{gain}/T}$, while T falls from 3
    in the first sweep to 0.1 in the last by equal factors. Return the sides at the end, 0 or 1 for each node (without a
    sweep, the random ones). All chance comes from `rng`. The checker looks at single edges, whether each flip follows
    these rules, and at the end of a larger graph. Given: `np`.
    """
    spins = rng.choice([-1, 1], len(A))
    for T in np.geomspace(3, 0.1, sweeps):
        for i in rng.permutation(len(A)):
            gain = spins[i] * (A[i] @ spins)
            if gain >= 0 or rng.random() < np.exp(gain / T):
                spins[i] = -spins[i]
    return (spins < 0).astype(int)


class Steady(np.random.Generator):
    """Chance of which the numbers between 0 and 1 are all one number, after the first few."""

    def __init__(self, seed, chance=None, free=0):
        super().__init__(np.random.PCG64(seed))
        self.chance, self.free, self.numbers = chance, free, 0

    def random(self, size=None, *args, **options):
        drawn = super().random(size, *args, **options)
        self.numbers += np.size(drawn)
        return drawn if self.chance is None or self.numbers <= self.free else 0 * drawn + self.chance

    def uniform(self, low=0.0, high=1.0, size=None):
        return low + (high - low) * self.random(size)


def pairs_of(weights):
    """Return the adjacency matrix of single edges, nodes 2k and 2k + 1."""
    A = np.zeros((2 * len(weights), 2 * len(weights)))
    even = np.arange(0, len(A), 2)
    A[even, even + 1] = A[even + 1, even] = weights
    return A


def cubic(rng, n):
    """Return the adjacency matrix of a ring with a random matching of its nodes across: mostly 3 neighbours each."""
    A = np.zeros((n, n))
    ends = np.concatenate(
        [np.stack([np.arange(n), np.roll(np.arange(n), 1)], 1), rng.permutation(n).reshape(-1, 2)]
    )
    A[ends[:, 0], ends[:, 1]] = A[ends[:, 1], ends[:, 0]] = 1
    return A


def _another(rng):
    return np.random.default_rng(int(rng.integers(1 << 30)))


class _NoSides(Exception):
    """What came is not one side for each node; the message says so."""


def _sides(answer, A, sweeps, rng):
    got = as_numbers(answer(A.copy(), sweeps, rng))
    if isinstance(got, str):
        raise _NoSides(f"{got}.")
    if got.shape != (len(A),) or not np.isin(got, (0, 1)).all():
        raise _NoSides("return one side, 0 or 1, for each of the nodes.")
    return got.real.astype(int)


@anneal_cut.grader
def by_the_rules(answer, rng):
    """The start, then every flip of single edges, then a cut."""
    try:
        for look in (_start, _flips, _end, _cut):
            if why := look(answer, rng):
                return Verdict.wrong(why)
    except _NoSides as none:
        return Verdict.wrong(str(none))
    return None


def _start(answer, rng):
    """Without a sweep the sides are coins; each bound is crossed by chance once in 10^9."""
    bits = np.arange(1 << 9)[:, None] >> np.arange(9) & 1
    best = 0
    for _ in range(12):  # a clever start has the best cut of some of them, a search of all cuts that of each
        upper = np.triu(rng.normal(size=(9, 9)), 1)
        cuts = (bits @ (upper + upper.T) * (1 - bits)).sum(1)
        sides = _sides(answer, upper + upper.T, 0, _another(rng))
        best += np.isclose(cuts[sides @ (1 << np.arange(9))], cuts.max())
    if best == 12:
        return (
            "the best cut without a single sweep: you search all cuts, or do more work than `sweeps` says. That is no "
            "annealing, and at 100 nodes it does not end."
        )
    A = np.triu(rng.normal(size=(40, 40)), 1)
    seed = int(rng.integers(1 << 30))
    one, two = (_sides(answer, A + A.T, 3, np.random.default_rng(seed)) for _ in range(2))
    if (one != two).any():
        return "twice the same `rng`, and two results: take all chance from `rng`."
    n = 150
    for A in (pairs_of(np.ones(n)), cubic(rng, 2 * n)):
        sides, others = (_sides(answer, A, 0, _another(rng)) for _ in range(2))
        if (sides == others).all():
            return "the start is the same whatever `rng` is. Start with random sides."
        share = sides @ A @ (1 - sides) / (A.sum() / 2)
        if abs(share - 0.5) > 0.27:
            return (
                f"you start with a cut that is no coin's: before the first sweep {share:.0%} of the edges are cut. Start with "
                "random sides: what annealing finds must not be the work of a clever start."
            )
    return None


def _flips(answer, rng):
    """Let all chances be one number u. Then a loss is taken if it is below T ln(1/u), and each flip can be foretold.

    An edge whose ends start apart is turned round in each sweep in which its weight is below that bound, and not touched
    in the others, in whatever order the nodes come; and so is every edge that is below all bounds.
    """
    sweeps = int(rng.integers(3, 5))
    T = np.geomspace(3, 0.1, sweeps)
    before = Steady(0)
    _sides(answer, np.zeros((2, 2)), 0, before)
    each = before.numbers / 2  # numbers that the start takes for a node
    for chance in rng.uniform((0.2, 0.5), (0.4, 0.7)):
        bounds = -np.log(chance) * T
        seed = int(rng.integers(1 << 30))
        near = np.outer((0.97, 1.03), bounds).ravel()
        weights = np.repeat([*near[::-1], bounds[-1] / 3, 4 * bounds[0], 1.05 * bounds[-1]], 8)
        A = pairs_of(weights)
        free = round(each * len(A))
        always, drawn = Steady(seed, 1e-300, free), Steady(seed, chance, free)
        start = (_sides(answer, A, sweeps, always) + sweeps) % 2  # every offer is taken
        end = _sides(answer, A, sweeps, drawn)
        apart, weak = start[::2] != start[1::2], weights < bounds[-1]
        turned = (weights[:, None] < bounds).sum(1)
        right = ((start[::2] + turned) % 2 == end[::2]) & ((start[1::2] + turned) % 2 == end[1::2])
        seen = apart.sum() > len(apart) / 6
        if not (right[apart | weak].all() and (end[::2] != end[1::2])[~weak].all() and seen):
            return _why(answer, sweeps, drawn.numbers - free, len(A), seen and drawn.numbers > free, rng)
    return None


def _why(answer, sweeps, numbers, n, seen, rng):
    """Say what is most likely wrong, by how single edges end; or nothing, if chance was used in a way unseen."""
    m = 150
    weights = np.repeat([0.05, 0.1, 1.0], m)
    sides = _sides(answer, pairs_of(weights), 2, _another(rng))
    weak, middle, strong = (sides[::2] != sides[1::2]).reshape(3, m).mean(1)
    if strong < 0.42:
        return (
            "worse than a coin: you keep neighbours together. Turn the sign of the gain, or, if all nodes change at once, let "
            "one after the other do it, each looking at what the last one did."
        )
    if strong < 0.65:
        return "little better than a coin. Nothing cools: a loss must get rarer as the temperature *falls*."
    if weak > 0.97:
        return "good, and stuck. A step that loses a little must be allowed while it is hot: with probability exp(gain / T)."
    if strong < 0.97:
        return "after the last sweep one node could still change sides and gain. Offer every node in every sweep, and end cold."
    if numbers > 1.5 * sweeps * n:
        return f"in {sweeps} sweeps of {n} nodes you ask for chance {numbers} times: do no more work than `sweeps` says."
    # q / (1 + q) of the edges of weight w are not cut in equilibrium, q = exp(-w / T); here T = 0.1.
    for w, cut in ((0.05, weak), (0.1, middle)):
        q = np.exp(-w / 0.1)
        if abs(1 - cut - q / (1 + q)) > 6 * 0.5 / np.sqrt(m):
            break
    else:
        if not seen:  # chance of which we have no hold: only this much can be said
            return None
    if why := _end(answer, rng):
        return why
    return (
        "nearly: not every loss is taken as often as it should be. T is 3 in the first sweep and 0.1 in the last, each sweep "
        "by the same factor lower; a loss is taken with probability exp(gain / T), and each node is offered once a sweep."
    )


def _end(answer, rng):
    """In the end a weak edge is cut with the chance 1 / (1 + 1/e), and on the way at some time or other, one in 10^5 never.

    Of 70 all are cut by chance once in 10^9.
    """
    A = 0.1 * pairs_of(np.ones(1))
    if all(np.ptp(_sides(answer, A, 40, _another(rng))) for _ in range(70)):
        return "you return the best sides that were seen on the way: asked for are those at the end."
    return None


def _cut(answer, rng):
    """It ends cold; and where all nodes are neighbours nobody can gain much at the end."""
    sides = _sides(answer, pairs_of(np.ones(60)), 3, _another(rng))
    if (sides[::2] == sides[1::2]).sum() > 2:
        return "you end warm: T is to fall, from 3 in the first sweep to 0.1 in the last."
    A = np.triu(rng.normal(size=(40, 40)), 1)
    A += A.T
    spins = 1 - 2 * _sides(answer, A, 15, _another(rng))
    if (spins * (A @ spins) > 1).sum() > 2:
        return (
            "single edges are right, and where nodes have several neighbours some could still gain at the end. The gain of a "
            "node is the sum over all its neighbours, at that moment."
        )
    return None


def _slip(
    A,
    sweeps,
    rng,
    *,
    temperatures=None,
    sign=1,
    chance=lambda gain, T: np.exp(min(gain, 0) / T),
    start=None,
):
    """The solution with something wrong: what the mistakes are made of."""
    spins = rng.choice([-1, 1], len(A)) if start is None else start(A)
    for T in np.geomspace(3, 0.1, sweeps) if temperatures is None else temperatures(sweeps):
        for i in rng.permutation(len(A)):
            gain = sign * spins[i] * (A[i] @ spins)
            if rng.random() < chance(gain, T):
                spins[i] = -spins[i]
    return (spins < 0).astype(int)


@anneal_cut.mistake()
def never_uphill(A, sweeps, rng):
    return _slip(A, sweeps, rng, chance=lambda gain, T: gain > 0)


@anneal_cut.mistake()
def wrong_sign(A, sweeps, rng):
    return _slip(A, sweeps, rng, sign=-1)


@anneal_cut.mistake()
def never_cools(A, sweeps, rng):
    return _slip(A, sweeps, rng, temperatures=lambda sweeps: [30] * sweeps)


@anneal_cut.mistake()
def always_warm(A, sweeps, rng):
    return _slip(A, sweeps, rng, temperatures=lambda sweeps: [0.6] * sweeps)


@anneal_cut.mistake()
def sweeps_not_heeded(A, sweeps, rng):
    return _slip(A, sweeps, rng, temperatures=lambda sweeps: np.geomspace(3, 0.1, 9 if sweeps else 0))


@anneal_cut.mistake()
def linear_cooling(A, sweeps, rng):
    return _slip(A, sweeps, rng, temperatures=lambda sweeps: np.linspace(3, 0.1, sweeps))


@anneal_cut.mistake()
def a_clever_start(A, sweeps, rng):
    def nearly_spectral(A):
        return np.where(np.linalg.eigh(A)[1][:, 0] < 0, -1, 1) * np.where(rng.random(len(A)) < 0.04, -1, 1)

    return _slip(A, sweeps, rng, start=nearly_spectral)


@anneal_cut.mistake()
def all_on_one_side(A, sweeps, rng):
    return _slip(A, sweeps, rng, start=lambda A: np.ones(len(A), int))


@anneal_cut.mistake()
def returns_the_spins(A, sweeps, rng):
    return 1 - 2 * _slip(A, sweeps, rng)


@anneal_cut.mistake()
def all_cuts(A, sweeps, rng):
    bits = np.arange(1 << min(len(A), 9))[:, None] >> np.arange(len(A)) & 1
    return bits[((bits @ A) * (1 - bits)).sum(1).argmax()]


@anneal_cut.mistake()
def chance_of_its_own(A, sweeps, rng):
    return _slip(A, sweeps, np.random.default_rng())


@anneal_cut.mistake()
def the_best_on_the_way(A, sweeps, rng):
    spins = rng.choice([-1, 1], len(A))
    best = spins.copy()
    for T in np.geomspace(3, 0.1, sweeps):
        for i in rng.permutation(len(A)):
            gain = spins[i] * (A[i] @ spins)
            if gain >= 0 or rng.random() < np.exp(gain / T):
                spins[i] = -spins[i]
        if spins @ A @ spins < best @ A @ best:
            best = spins.copy()
    return (best < 0).astype(int)

"""Does a function care how the nodes are numbered?"""

from itertools import permutations

import numpy as np

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="renumber the nodes, and the answers move with them: that, in every order, is all that equivariance says.",
    because=r"""
        With P for a new order it asks for $f(Px,PWP^\top)=P\,f(x,W)$. The matrix has its rows *and* its columns in the new
        order. Swaps of two neighbours make every order, and still it is not enough to try those from one start: a function
        may fail only at an order that is two swaps away. Invariance is another thing, $f(Px,PWP^\top)=f(x,W)$: right for a number
        that belongs to the whole graph. A test of all n! orders is a proof at this x and these weights, and at no others.
    """,
)
def equivariant(function, x, weights):
    """`x` has one number for each of n nodes, and `weights` is the symmetric array of shape (n, n) of the weights between them.
    `function(x, weights)` returns one number for each node, as an array. Return True if it is equivariant at these values: for
    *every* order of the nodes, what it gives for the nodes in that order is what it gives for `x` and `weights`, put in the same
    order; up to 1e-9, for rounding, in each number. Else return False. n is at most 5.
    """
    given = function(x, weights)
    for order in permutations(range(len(x))):
        moved = function(x[list(order)], weights[np.ix_(order, order)])
        if np.abs(moved - given[list(order)]).max() > 1e-9:
            return False
    return True


class _Function:
    """A function of a graph that can be pickled, and does not give away its name."""

    def __init__(self, rule, *numbers):
        self.rule, self.numbers = rule, numbers

    def __call__(self, x, weights):
        return self.rule(x, weights, *self.numbers)

    def __repr__(self):
        return "a function"


def _neighbours(x, w, a, b):
    return np.tanh(a * w @ x + b * x)


def _two_steps(x, w, a):
    return 100 * w @ (w @ x) - a * w.sum(axis=1)


def _strongest(x, w, a):
    return a * w.max(axis=1)


def _loudest(x, w, a):
    return (a * w * x).max(axis=1)


def _each_by_itself(x, w, a):
    return np.sin(a * x)


def _mean_for_all(x, w, a):
    return np.full(len(x), a * x.mean() + w.sum())


def _shifted(x, w, a):
    return x + a * np.roll(x, 1)


def _ends(x, w, a):
    position = np.zeros(len(x))
    position[[0, -1]] = a
    return w @ x + position


def _first_two(x, w, a):
    position = np.zeros(len(x))
    position[:2] = a
    return w @ x + position


def _from_the_first(x, w, a):
    return w @ x - a * x[0]


def _summed_up(x, w, a):
    return a * np.cumsum(x)


def _in_rank(x, w, a):
    return np.sort(w @ x + a * x)


def _upper_half(x, w, a):
    return a * np.triu(w) @ x


def _falling(x, w, a):
    """Right in every order but the falling one."""
    moved = w @ x
    if (np.diff(x) < 0).all():
        moved = moved + a
        moved[0] += a
    return moved


def _at_one_order(x, w, ranks):
    """Right in every order but one, which is no special one."""
    moved = w @ x
    if tuple(np.argsort(np.argsort(x))) == ranks:
        moved = moved + np.arange(1, len(x) + 1)
    return moved


def _slightly(x, w, a):
    return 10 + w @ x + a * np.arange(len(x))


def _above(x, w, features, weights, a):
    """Knows a place if what it is given is large altogether, and else does not."""
    place = np.arange(len(x)) if features * x.sum() + weights * w.sum() > a else 0
    return w @ x + place


def _circuit(x, w, layers, bound):
    """Expectations of Z after layers of edges and of turns; `bound` is what a weight at the place (0, 1) is multiplied by."""
    n = len(x)
    w = w.copy()
    w[0, 1] = w[1, 0] = bound * w[0, 1]
    signs = 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)[::-1]) & 1)
    energies = np.einsum("su,uv,sv->s", signs, np.triu(w), signs)
    state = np.ones(1)
    for angle in x:
        state = np.kron(state, [np.cos(angle / 2), np.sin(angle / 2)])
    for g, b in layers:
        state = state * np.exp(-1j * g * energies)
        turn = np.array([[np.cos(b), -1j * np.sin(b)], [-1j * np.sin(b), np.cos(b)]])
        for wire in range(n):
            state = np.moveaxis(np.tensordot(turn, state.reshape((2,) * n), ([1], [wire])), 0, wire).reshape(
                -1
            )
    return np.abs(state) ** 2 @ signs


def _graph(rng, n):
    upper = np.triu(rng.uniform(0.2, 1.5, (n, n)), 1)
    return upper + upper.T


@equivariant.cases
def functions(rng):
    """Message steps, a mean, a quantum circuit; and those that know a place: the first node, the ends, the row, one bound
    weight, one order among all. Two nodes to five."""

    def number():
        return float(rng.uniform(0.3, 1.5))

    layers = tuple((number(), number()) for _ in range(2))
    kinds = [
        (_neighbours, number(), number()),
        (_two_steps, number()),
        (_each_by_itself, number()),
        (_strongest, number()),
        (_loudest, number()),
        (_mean_for_all, number()),
        (_circuit, layers, 1.0),
        (_shifted, number()),
        (_ends, number()),
        (_first_two, number()),
        (_from_the_first, number()),
        (_summed_up, number()),
        (_in_rank, number()),
        (_upper_half, number()),
        (_slightly, 1e-6),
        (_slightly, 1e-13),
        (_circuit, layers, 1.3),
    ]
    for place in rng.permutation(len(kinds)):
        rule, *numbers = kinds[place]
        n = 4 if rule is _circuit else int(rng.integers(3, 6))
        yield _Function(rule, *numbers), rng.normal(size=n), _graph(rng, n)
    x, w = rng.uniform(0.2, 1, 4), _graph(rng, 4)
    for more in (-0.05, 0.05):  # here, and not at other values
        yield _Function(_above, 1, 0, x.sum() + more), x, w
        yield _Function(_above, 0, 1, w.sum() + more), x, w
    for n in (4, 5, 5):
        x = -np.sort(-rng.normal(size=n))
        while (x[:, None] < x)[
            np.triu_indices(n, 1)
        ].sum() < 2:  # at least two swaps of neighbours from falling
            x = rng.permutation(x)
        yield _Function(_falling, number()), x, _graph(rng, n)
    for moved in (
        (1, 3, 0, 2),
        (1, 3, 0, 2),
        (2, 0, 1, 4, 3),
        (1, 0, 3, 2),
    ):  # odd, odd, odd, even; none is a swap
        x = rng.normal(size=len(moved))
        yield _Function(_at_one_order, tuple(np.argsort(np.argsort(x))[list(moved)])), x, _graph(rng, len(x))
    yield _Function(_shifted, 1.0), rng.normal(size=2), _graph(rng, 2)  # two nodes have one other order
    yield _Function(_two_steps, number()), rng.normal(size=5), _graph(rng, 5)


def _holds(function, x, weights, orders, tolerance=1e-9, relative=0.0):
    given = function(x, weights)
    return all(
        np.allclose(function(x[o], weights[np.ix_(o, o)]), given[o], rtol=relative, atol=tolerance)
        for o in map(list, orders)
    )


def _all(x):
    return permutations(range(len(x)))


@equivariant.mistake("always True: there are functions that know which node is the first.")
def always(function, x, weights):
    return True


@equivariant.mistake("always False: up to rounding there are functions that keep to it.")
def never(function, x, weights):
    return False


@equivariant.mistake(
    "you ask for exactly equal numbers: a sum in another order is rounded in another way. Allow 1e-9."
)
def exactly(function, x, weights):
    return _holds(function, x, weights, _all(x), 0.0)


@equivariant.mistake(
    "`np.allclose` and `np.isclose` allow 1e-5 of each number if you do not tell them otherwise: `rtol=0, atol=1e-9`."
)
def loosely(function, x, weights):
    return _holds(function, x, weights, _all(x), 1e-8, 1e-5)


@equivariant.mistake("one other order is not enough: try all.")
def one_order(function, x, weights):
    return _holds(function, x, weights, [range(len(x))[::-1]])


@equivariant.mistake("you try the swap of the first two nodes alone: there are n! orders.")
def one_swap(function, x, weights):
    return _holds(function, x, weights, [(1, 0, *range(2, len(x)))])


@equivariant.mistake("you try the orders that go round in a circle: there are others.")
def round_in_a_circle(function, x, weights):
    n = len(x)
    return _holds(function, x, weights, [[(k + i) % n for i in range(n)] for k in range(n)])


@equivariant.mistake(
    "you try single swaps: they make all orders one *after another*, but from here an order of two swaps is not seen."
)
def single_swaps(function, x, weights):
    orders = [list(range(len(x))) for _ in range(len(x) - 1)]
    for k, order in enumerate(orders):
        order[k], order[k + 1] = k + 1, k
    return _holds(function, x, weights, orders)


@equivariant.mistake(
    "you try it at values of your own: asked is about these. A function may keep to it here and break it elsewhere, or not here."
)
def at_other_values(function, x, weights):
    other = np.random.default_rng(1)
    return _holds(function, other.normal(size=len(x)), _graph(other, len(x)), _all(x))


@equivariant.mistake(
    "the weights stay in the old order with you: they belong to the nodes, and move with them."
)
def weights_unmoved(function, x, weights):
    given = function(x, weights)
    return all(np.allclose(function(x[o], weights), given[o], rtol=0, atol=1e-9) for o in map(list, _all(x)))


@equivariant.mistake("only the rows of the weights move with you: their columns are nodes as well.")
def rows_alone(function, x, weights):
    given = function(x, weights)
    return all(
        np.allclose(function(x[o], weights[o]), given[o], rtol=0, atol=1e-9) for o in map(list, _all(x))
    )


@equivariant.mistake(
    "you ask whether the answers stay as they are: that is *invariance*. Here they are to move with the nodes."
)
def invariant(function, x, weights):
    given = function(x, weights)
    return all(
        np.allclose(function(x[o], weights[np.ix_(o, o)]), given, rtol=0, atol=1e-9)
        for o in map(list, _all(x))
    )


@equivariant.mistake("the answers go into the reverse of the new order with you: into the same one.")
def the_reverse_order(function, x, weights):
    given = function(x, weights)
    return all(
        np.allclose(function(x[o], weights[np.ix_(o, o)]), given[np.argsort(o)], rtol=0, atol=1e-9)
        for o in map(list, _all(x))
    )


@equivariant.mistake("you sort both answers before you compare: then nobody sees which node got which.")
def as_a_set(function, x, weights):
    given = np.sort(function(x, weights))
    return all(
        np.allclose(np.sort(function(x[o], weights[np.ix_(o, o)])), given, rtol=0, atol=1e-9)
        for o in map(list, _all(x))
    )


@equivariant.mistake(
    "you compare the sums over the nodes: those may agree while every node has another number."
)
def of_the_sum(function, x, weights):
    given = function(x, weights).sum()
    return all(abs(function(x[o], weights[np.ix_(o, o)]).sum() - given) < 1e-9 for o in map(list, _all(x)))

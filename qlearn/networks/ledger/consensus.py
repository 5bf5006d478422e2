r"""Agreement with a liar: what three generals cannot do, four can, and signatures make easier."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from itertools import product
from typing import Any

from qlearn._checks import as_count

Rule = Callable[[int, tuple[Any, ...]], Any]
"""What a lieutenant decides, from its number and the values that it heard: the commander's own word first."""

RETREAT = 0


def majority(node: int, heard: tuple[Hashable, ...]) -> Hashable:
    """Return the value that more than half of what was heard says; :data:`RETREAT`, 0, if none does.

    Examples
    --------
    >>> majority(1, (1, 0, 1)), majority(1, (1, 0)), majority(2, ("a", "b", "c"))
    (1, 0, 0)
    """
    value, times = Counter(heard).most_common(1)[0]
    return value if 2 * times > len(heard) else RETREAT


def oral_messages(
    order: Hashable,
    n_nodes: int,
    traitor: int | None = None,
    lies: Mapping[int, Hashable] | None = None,
    rule: Rule = majority,
) -> dict[int, Hashable]:
    r"""Run OM(1): a commander says an order, lieutenants tell each other what they heard, each takes the majority.

    Node 0 is the commander. What arrives is what was sent, everybody knows who sent it, and who is silent is noticed
    ("oral messages"; a silent node counts as one that said "retreat"). With one traitor and four nodes or more,

    1. all loyal lieutenants decide the same, and
    2. if the commander is loyal, they decide its order.

    Parameters
    ----------
    order : hashable
        What the commander orders: a bit, or the root of a log.
    n_nodes : int
        Number of nodes with the commander, 3 or more.
    traitor : int, optional
        The node that lies; None for nobody.
    lies : mapping of int to hashable, optional
        What the traitor says to each other node: as commander its "order", as lieutenant what it "heard". To whom
        is not named it tells the truth.
    rule : callable
        What a lieutenant decides by: ``rule(node, heard)``, the commander's word to it first, then the others'.

    Returns
    -------
    dict of int to hashable
        The decision of each loyal lieutenant.

    Examples
    --------
    A commander who sends one of three lieutenants another order, and two lieutenants of whom one lies:

    >>> oral_messages(1, 4, traitor=0, lies={3: 0})
    {1: 1, 2: 1, 3: 1}
    >>> oral_messages(1, 3, traitor=2, lies={1: 0})
    {1: 0}

    References
    ----------
    L. Lamport, R. Shostak and M. Pease, "The Byzantine generals problem", ACM TOPLAS 4, 1982, section 3,
    doi:10.1145/357172.357176.
    """
    if as_count(n_nodes, "n_nodes") < 3:
        raise ValueError(f"n_nodes must be at least 3, a commander and two lieutenants, not {n_nodes}")
    lies = {} if lies is None else lies
    if traitor is None and lies:
        raise ValueError("lies must come with a traitor: who lies is not loyal")
    if traitor is not None and as_count(traitor, "traitor", 0) >= n_nodes:
        raise ValueError(f"traitor must be below n_nodes = {n_nodes}, not {traitor}")
    if wrong := set(lies) - set(range(1, n_nodes)) | set(lies) & {traitor}:
        raise ValueError(
            f"lies must be told to other lieutenants, 1 to {n_nodes - 1}, not to {sorted(wrong)}"
        )

    def says(sender: int, receiver: int, truth: Hashable) -> Hashable:
        return lies.get(receiver, truth) if sender == traitor else truth

    lieutenants = range(1, n_nodes)
    told = {i: says(0, i, order) for i in lieutenants}
    return {
        i: rule(i, (told[i], *(says(j, i, told[j]) for j in lieutenants if j != i)))
        for i in lieutenants
        if i != traitor
    }


def behaviours(n_nodes: int) -> Iterator[tuple[int, int, dict[int, int]]]:
    """Yield everything that may happen with one traitor: the order 0 or 1, who lies, and what it says to each.

    Parameters
    ----------
    n_nodes : int
        Nodes with the commander.

    Yields
    ------
    order, traitor, lies
        For :func:`oral_messages`.

    Examples
    --------
    >>> [len(list(behaviours(n))) for n in (3, 4, 5)]
    [16, 40, 96]
    """
    for order, traitor in product((0, 1), range(as_count(n_nodes, "n_nodes", 3))):
        others = [i for i in range(1, n_nodes) if i != traitor]
        for said in product((0, 1), repeat=len(others)):
            yield order, traitor, dict(zip(others, said, strict=True))


def violations(n_nodes: int, rule: Rule = majority) -> tuple[int, int]:
    """Count in how many of all behaviours of one traitor the loyal do not agree, or do not obey a loyal commander.

    Parameters
    ----------
    n_nodes : int
        Nodes with the commander.
    rule : callable
        See :func:`oral_messages`.

    Returns
    -------
    violated, tried : int

    Examples
    --------
    >>> violations(3), violations(4), violations(5)
    ((2, 16), (0, 40), (0, 96))
    """
    tried = list(behaviours(n_nodes))
    return sum(_violated(*one, oral_messages(one[0], n_nodes, *one[1:], rule)) for one in tried), len(tried)


def _violated(order: int, traitor: int, lies: Mapping[int, int], decided: Mapping[int, Hashable]) -> bool:
    values = set(decided.values())
    return len(values) > 1 or (traitor != 0 and values != {order})


def signed_messages(
    orders: Mapping[int, frozenset | set],
    dropped: frozenset[tuple[int, int]] | set[tuple[int, int]] = frozenset(),
) -> dict[int, Hashable]:
    r"""Run SM(1): orders are signed by the commander, so that a lieutenant may keep one to itself, but can make up none.

    Each lieutenant passes on every signed order that it got from the commander. Who ends with one order obeys it; with
    two the commander is caught, with none it was silent: then retreat. With one traitor *three* nodes are enough, if what is
    signed names the decision that it is for: else a lieutenant could bring an order of yesterday, rightly signed, beside today's.

    Parameters
    ----------
    orders : mapping of int to set
        To each lieutenant the orders that the commander has signed for it: one each from a loyal commander.
    dropped : set of (int, int)
        Pairs of a traitor and another lieutenant to whom it passes nothing on.

    Returns
    -------
    dict of int to hashable
        What each lieutenant decides by this rule; a traitor's own is of no interest.

    Examples
    --------
    >>> signed_messages({1: {1}, 2: {1}}, dropped={(2, 1)}), signed_messages({1: {1}, 2: {0}})
    ({1: 1, 2: 1}, {1: 0, 2: 0})

    References
    ----------
    Lamport, Shostak and Pease, 1982, section 4.
    """
    if len(orders) < 2:
        raise ValueError(f"orders must be of at least 2 lieutenants, not {len(orders)}")
    if wrong := {node for pair in dropped for node in pair} - set(orders):
        raise ValueError(f"dropped must name lieutenants of orders, not {sorted(wrong)}")
    seen = {i: set(orders[i]).union(*(orders[j] for j in orders if (j, i) not in dropped)) for i in orders}
    return {i: next(iter(values)) if len(values) == 1 else RETREAT for i, values in seen.items()}

r"""Threshold: how many must sign and answer so that a lying server opens no update, derived and by trying all lies."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from typing import Literal

from qlearn._checks import as_choice, as_count

Masks = Literal["shared keys", "one-time pads"]
_MASKS = ("shared keys", "one-time pads")


def least_threshold(n_clients: int, corrupted: int = 0) -> int:
    r"""Return the least threshold at which a lying server with corrupted clients gets one sum and no second.

    .. math:: t = \lfloor (n + c)/2 \rfloor + 1

    Two lists of survivors, each signed by :math:`t` clients, take :math:`2t` signatures. The :math:`n - c` honest clients
    sign one each and the :math:`c` corrupted ones both, which makes :math:`n + c` at most. So from :math:`2t > n + c` on
    there is one list. The same count holds for secret keys of which each honest client gives one share or the other
    (Bonawitz et al.): both secrets of a client are open if :math:`2t \le n + c`.

    Parameters
    ----------
    n_clients : int
        :math:`n`, at least 2 more than the corrupted.
    corrupted : int
        :math:`c`, clients that do what the server wants.

    Returns
    -------
    int

    Examples
    --------
    >>> [least_threshold(n, c) for n, c in ((3, 0), (4, 1), (10, 0), (10, 3), (20, 6), (100, 33))]
    [2, 3, 6, 7, 14, 67]

    References
    ----------
    Bonawitz et al., "Practical secure aggregation for privacy-preserving machine learning", CCS 2017,
    doi:10.1145/3133956.3133982, for the protocol; the count is derived here.
    """
    n, c = as_count(n_clients, "n_clients", least=2), as_count(corrupted, "corrupted", least=0)
    if n - c < 2:
        raise ValueError(
            f"corrupted must leave two honest clients, not {c} of {n}: the sum, less what the corrupted ones know of it, would "
            "be the update of the only honest one"
        )
    return (n + c) // 2 + 1


def single_threshold(n_clients: int, corrupted: int, masks: Masks) -> int:
    r"""Return the least threshold at which signed lists open no single client's update.

    Shared keys: :math:`\lfloor (n+c)/2 \rfloor + 1`, as for :func:`least_threshold`. One-time pads: :math:`c + 2`.

    A pad is held by its two ends and cannot be put together from shares. If client :math:`v` answers nothing, each honest
    :math:`u` that gives a share of its self-mask keeps their pad closed, so that all :math:`t` shares would have to come from
    the :math:`c` corrupted. If it answers, each honest :math:`u` with :math:`v` on its list must be missing on the list of
    :math:`v`, or the pad of the two stays closed. But :math:`v` answers only to a list that :math:`t` clients signed, of which
    :math:`t - c - 1 \ge 1` are honest others. They stand on it, and :math:`v` on theirs, since it is the same list. With
    :math:`t = c + 1` the corrupted clients and :math:`v` sign alone,
    which needs no lie: the sum of such a round, less what the corrupted ones know, is the update of :math:`v`.

    Below :func:`least_threshold` the server can still get two sums, each over :math:`t - c` honest clients or more. All of it is
    one round: of two rounds the difference may be one update.

    Parameters
    ----------
    n_clients, corrupted : int
        :math:`n, c`.
    masks : {"shared keys", "one-time pads"}
        As for :func:`opened_sums`.

    Returns
    -------
    int

    Examples
    --------
    >>> single_threshold(10, 3, "shared keys"), single_threshold(10, 3, "one-time pads")
    (7, 5)
    """
    as_choice(masks, _MASKS, "masks")
    least = least_threshold(n_clients, corrupted)
    return least if masks == "shared keys" else corrupted + 2


def opened_sums(
    views: Mapping[int, Iterable[int]], n_clients: int, corrupted: int, threshold: int, masks: Masks
) -> set[frozenset[int]]:
    r"""Return the groups of honest clients whose sum the server can compute from the answers that it got.

    Honest client :math:`u`, told the survivors :math:`S_u`, gives its share of the self-mask of each :math:`v \in S_u`, and
    for each other :math:`v` what takes a pair mask away. The corrupted clients give everything. What stays closed makes a
    graph: an edge where a pair mask is unknown. The sum of a connected group is open if all its self-masks are.

    Parameters
    ----------
    views : mapping of int to set of int
        For each honest client that answered the survivors it was told. Honest clients are 0 to n - c - 1.
    n_clients, corrupted, threshold : int
        :math:`n, c, t`.
    masks : {"shared keys", "one-time pads"}
        What is revealed for a client that fell out: a share of the secret key that all its pair masks follow from, as in
        Bonawitz et al., or the own pad with it.

    Returns
    -------
    set of frozenset of int

    Examples
    --------
    Two halves are told that the other half fell out, and threshold 2 lets them answer:

    >>> lies = {0: {0, 1}, 1: {0, 1}, 2: {2, 3}, 3: {2, 3}}
    >>> sorted(map(sorted, opened_sums(lies, 4, 0, 2, "one-time pads")))
    [[0, 1], [2, 3]]
    """
    as_choice(masks, _MASKS, "masks")
    honest = range(n_clients - corrupted)
    told = {u: frozenset(view) for u, view in views.items()}
    self_open = {v for v in honest if corrupted + sum(v in view for view in told.values()) >= threshold}
    if masks == "shared keys":
        key_open = {
            v for v in honest if corrupted + sum(v not in view for view in told.values()) >= threshold
        }

    def edge_open(u: int, v: int) -> bool:
        if masks == "shared keys":
            return u in key_open or v in key_open
        return (u in told and v not in told[u]) or (v in told and u not in told[v])

    groups: list[set[int]] = [{v} for v in honest]
    for u, v in combinations(honest, 2):
        if not edge_open(u, v):
            first, second = (next(g for g in groups if x in g) for x in (u, v))
            if first is not second:
                first |= second
                groups.remove(second)
    return {frozenset(group) for group in groups if group <= self_open}


def worst_opening(
    n_clients: int, corrupted: int, threshold: int, masks: Masks, *, signed: bool = True
) -> tuple[int, int]:
    r"""Try every lie about the survivors of one round; return the size of the smallest group opened, and how many sums at most.

    All are members, and the server has every masked update. Each honest client is told any list that names itself and at least
    :math:`t` clients, or is not asked. If the lists are signed it answers if :math:`t` clients signed the very list, the
    corrupted ones always. The work grows as :math:`2^{(n-c)^2}`: up to four honest clients in a second.

    Parameters
    ----------
    n_clients, corrupted, threshold : int
        :math:`n, c, t`; at most four honest clients.
    masks : {"shared keys", "one-time pads"}
        As for :func:`opened_sums`.
    signed : bool
        Whether clients answer only after `threshold` signatures on their list.

    Returns
    -------
    smallest, most : int
        0 and 0 if nothing can be opened.

    Examples
    --------
    One corrupted client of four. With threshold 2 a single update is open, with 3 none is:

    >>> worst_opening(4, 1, 2, "one-time pads"), worst_opening(4, 1, 3, "one-time pads")
    ((1, 3), (2, 1))

    The lie that opens client 0 there: it is told that the other honest ones fell out, and they that it did.

    >>> sorted(map(sorted, opened_sums({0: {0}, 1: {1, 2}, 2: {1, 2}}, 4, 1, 2, "one-time pads")))
    [[0], [1, 2]]
    """
    n, c = as_count(n_clients, "n_clients"), as_count(corrupted, "corrupted", least=0)
    t, honest = as_count(threshold, "threshold"), range(n - c)
    if not 0 < len(honest) <= 4:
        raise ValueError(f"n_clients - corrupted must be 1 to 4, not {n - c}: all lies are tried")
    smallest, most = n + 1, 0
    for views in product(*(_lists(u, honest, c, t) for u in honest)):
        signers = {view: c + views.count(view) for view in views if view is not None}
        answers = {
            u: view for u, view in enumerate(views) if view is not None and (not signed or signers[view] >= t)
        }
        opened = opened_sums(answers, n, c, t, masks)
        if opened:
            smallest, most = min(smallest, *map(len, opened)), max(most, len(opened))
    return (smallest, most) if most else (0, 0)


def _lists(u: int, honest: Sequence[int], corrupted: int, t: int) -> list[frozenset[int] | None]:
    """Return what client u can be told: lists of honest clients with u, which with all corrupted ones are t or more."""
    others = [v for v in honest if v != u]
    return [
        None,
        *(
            frozenset({u, *group})
            for size in range(len(others) + 1)
            if size + 1 + corrupted >= t
            for group in combinations(others, size)
        ),
    ]

"""Threshold: the formulas against all lies, counted twice."""

from itertools import combinations, product

import numpy as np
import pytest

from qlearn.networks.secure_aggregation import least_threshold, opened_sums, single_threshold, worst_opening


def test_reference():
    pairs = ((3, 0), (4, 1), (10, 0), (10, 3), (20, 6), (100, 33))
    assert [least_threshold(n, c) for n, c in pairs] == [2, 3, 6, 7, 14, 67]
    for n in range(3, 200):  # with just under a third corrupted it is two thirds, up to one
        assert 2 * n // 3 + 1 - least_threshold(n, (n - 1) // 3) in (0, 1)


def both_kinds(n: int, c: int, t: int) -> bool:
    """Whether honest clients that give one of two shares each can make both reach t: all counts are tried."""
    return any(h + c >= t and (n - c - h) + c >= t for h in range(n - c + 1))


def test_shared_keys_by_counting_shares():
    for n in range(2, 13):
        for c in range(n - 1):
            safe = [t for t in range(1, n + 1) if not both_kinds(n, c, t)]
            assert min(safe) == least_threshold(n, c) == single_threshold(n, c, "shared keys")
            assert safe == list(range(min(safe), n + 1))


def bare(n: int, c: int, t: int) -> bool:
    """Whether some lies strip client 0 of one-time pads: all numbers of clients on all kinds of lists are tried.

    Of the other honest ones k sign the list that client 0 is shown, j lists with client 0 on them that differ from it, m lists
    without it, and the rest are silent. A list is answered if t signed it, the corrupted c among them.
    """

    def signed(clients: int) -> bool:  # all on one list is best for the server
        return clients == 0 or clients + c >= t

    others = n - c - 1
    for answers, k, j, m in product((0, 1), *3 * [range(others + 1)]):
        silent = others - k - j - m
        if (
            silent < 0
            or (k and not answers)
            or not (signed(j) and signed(m))
            or (answers and not signed(1 + k))
        ):
            continue
        # The pad with each of the m is open by that one; with the j and the silent ones by client 0, if it answers to a list
        # without them; with the k it stays closed, as both ends are on one list.
        pads_open = k == 0 and (answers or j + silent == 0)
        if pads_open and answers + k + j + c >= t:
            return True
    return False


def test_one_time_pads_by_counting_signatures():
    for n in range(2, 13):
        for c in range(n - 1):
            safe = [t for t in range(1, n + 1) if not bare(n, c, t)]
            assert min(safe) == single_threshold(n, c, "one-time pads") == c + 2
    assert all(least_threshold(n, c) >= c + 2 for n in range(2, 60) for c in range(n - 1))


@pytest.mark.parametrize("masks", ["shared keys", "one-time pads"])
@pytest.mark.parametrize("honest", [2, 3, 4])
def test_all_lies(masks, honest):
    """Every view of every honest client: what a server opens, for each threshold."""
    for c in range(13 - honest if honest < 4 else 5):
        n = honest + c
        for t in range(1, n + 1):
            smallest, most = worst_opening(n, c, t, masks)
            assert (smallest == 1) == (t < single_threshold(n, c, masks)), (n, c, t)
            assert (most > 1) == (t < least_threshold(n, c)), (n, c, t)
            if masks == "one-time pads" or t >= least_threshold(n, c):
                assert smallest >= t - c  # never a sum over fewer honest clients
            assert most >= 1  # without a lie there is the sum


def test_what_signatures_are_for():
    """Without signed lists one-time pads take one more: an end of a pad is enough, and the two ends are told two things."""
    for honest, most in ((2, 5), (3, 5), (4, 2)):
        for c in range(most):
            n = honest + c
            opens = [
                t for t in range(1, n + 1) if worst_opening(n, c, t, "one-time pads", signed=False)[0] == 1
            ]
            if honest > 2:
                assert max(opens) == (n + c + 1) // 2  # at least least_threshold where n + c is odd
            keys = [t for t in range(1, n + 1) if worst_opening(n, c, t, "shared keys", signed=False)[0] == 1]
            assert max(keys, default=0) < least_threshold(n, c)
    assert worst_opening(3, 0, 2, "one-time pads", signed=False)[0] == 1
    assert worst_opening(3, 0, 2, "one-time pads", signed=True)[0] == 2


def test_opened_sums_by_linear_algebra():
    """The same sums by the rank of what the server knows, over the reals: nothing of the library but the lists."""
    rng = np.random.default_rng(3)
    honest, c, t = 4, 1, 3
    pairs = list(combinations(range(honest), 2))
    for _ in range(150):
        views = {
            u: frozenset({u, *np.flatnonzero(rng.random(honest) < 0.5).tolist()})
            for u in range(honest)
            if rng.random() < 0.9
        }
        # unknowns: updates, self-masks, pads of honest pairs
        columns = 2 * honest + len(pairs)
        rows = []
        for u in range(honest):
            row = np.zeros(columns)
            row[u] = row[honest + u] = 1
            for k, pair in enumerate(pairs):
                if u in pair:
                    row[2 * honest + k] = 1 if u == pair[0] else -1
            rows.append(row)
            if c + sum(u in view for view in views.values()) >= t:
                rows.append(np.eye(columns)[honest + u])
            for k, pair in enumerate(pairs):
                if u in pair and u in views and ({*pair} - {u}).pop() not in views[u]:
                    rows.append(np.eye(columns)[2 * honest + k])
        known = np.array(rows)
        rank = np.linalg.matrix_rank(known)
        opened = opened_sums(views, honest + c, c, t, "one-time pads")
        for size in range(1, honest + 1):
            for group in combinations(range(honest), size):
                target = np.zeros(columns)
                target[list(group)] = 1
                readable = np.linalg.matrix_rank(np.vstack([known, target])) == rank
                parts = [part for part in opened if part <= {*group}]
                assert readable == (frozenset().union(*parts) == {*group})


def test_opened_sums_of_shared_keys():
    everybody = {0, 1, 2, 3}
    # 0 and 1 say that 3 fell out, 2 and 3 that it did not: both of its secrets are open at threshold 2, at 3 only masks
    told = {0: everybody - {3}, 1: everybody - {3}, 2: everybody, 3: everybody}
    assert opened_sums(told, 4, 0, 2, "shared keys") == {frozenset({3}), frozenset({0, 1, 2})}
    assert opened_sums(told, 4, 0, 3, "shared keys") == set()
    assert opened_sums(dict.fromkeys(range(4), everybody), 4, 0, 3, "shared keys") == {frozenset(everybody)}
    # the keys of all others bare the last one, too
    assert frozenset({0}) in opened_sums({u: {0} for u in range(4)}, 4, 0, 1, "shared keys")
    assert opened_sums({}, 4, 0, 1, "shared keys") == set()  # nobody answers


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: least_threshold(3, 2), "corrupted must leave two honest clients, not 2 of 3"),
        (lambda: least_threshold(1), "n_clients must be at least 2"),
        (lambda: least_threshold(3, -1), "corrupted must be at least 0"),
        (lambda: single_threshold(3, 0, "seeds"), "masks must be one of"),
        (lambda: opened_sums({}, 3, 0, 2, "seeds"), "masks must be one of"),
        (lambda: worst_opening(9, 1, 5, "shared keys"), "must be 1 to 4, not 8"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()

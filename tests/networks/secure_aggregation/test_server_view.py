"""Server's view: real rounds and simulated ones have one law; what a chi-square can see, and what not."""

import numpy as np
import pytest
from scipy.stats import chi2, ncx2

from qlearn.networks.secure_aggregation import FixedPoint, aggregate, simulated_view, uniformity

DRAWS = 2**16


def real_round(fresh, updates, lost=()):
    """Play a round of words of 4 bits, one draw a word; return the masked words and what else the server saw."""
    from qlearn.networks.secure_aggregation import Masked, Revealed

    numbers = FixedPoint(0, 4)
    clients, server = fresh(len(updates), DRAWS, numbers=numbers, threshold=0)
    seen = {}

    def post(name, direction, message):
        if isinstance(message, Masked | Revealed):
            seen[name, type(message).__name__] = message
            if isinstance(message, Masked) and name in lost:
                raise TimeoutError("late")
        return message

    values = {client.name: np.full(DRAWS, x) for client, x in zip(clients, updates, strict=True)}
    result = aggregate(server, clients, values, 1, post=post)
    masked = {
        name: np.frombuffer(m.words, ">u8").astype(int)
        for (name, kind), m in seen.items()
        if kind == "Masked"
    }
    pads = {
        name: np.frombuffer(m.pads, ">u8").astype(int)
        for (name, kind), m in seen.items()
        if kind == "Revealed" and m.pads
    }
    return result, masked, pads


def test_two_masked_words_are_uniform_together(fresh):
    """2^16 draws of two words of 4 bits, for two choices of updates with one sum: 256 pairs, false alarm 1e-6 / 6 each."""
    limit = chi2.isf(1e-6 / 6, 255)
    for updates in ((1, 0, -1, 1), (-1, 1, 1, 0)):
        result, masked, _ = real_round(fresh, updates)
        assert (result.total == sum(updates)).all()
        names = list(masked)
        for a, b in ((0, 1), (0, 3), (2, 3)):
            pairs = 16 * masked[names[a]] + masked[names[b]]
            assert uniformity(pairs, 256)[0] < limit


def test_also_with_one_that_is_late(fresh):
    """The late update reaches the server after the pads with it were taken off: it is still under its self-mask."""
    limit = chi2.isf(1e-6 / 4, 255)
    result, masked, pads = real_round(fresh, (1, 0, -1, 1), lost=("Dia",))
    assert (result.total == 0).all()
    everything = (masked["Dia"] + sum(pads.values())) % 16  # all pads with Dia: what is left is its self-mask
    assert uniformity(16 * everything + masked["Ann"], 256)[0] < limit
    assert uniformity(16 * masked["Dia"] + pads["Ben"], 256)[0] < limit
    assert uniformity(16 * pads["Ann"] + pads["Cem"], 256)[0] < limit
    assert uniformity(16 * masked["Cem"] + pads["Cem"], 256)[0] < limit


@pytest.mark.parametrize("survivors", [None, [0, 1, 3], [1, 2]])
def test_simulated_views_add_up_and_are_uniform(survivors):
    rng = np.random.default_rng(8)
    total = np.full(DRAWS, 5, np.uint64)
    view = simulated_view(total, 4, survivors=survivors, word_bits=4, rng=rng)
    listed = survivors or [0, 1, 2, 3]
    assert set(view.masked) == {0, 1, 2, 3}
    assert set(view.self_masks) == {*listed}
    assert set(view.pads) == ({*listed} if survivors else set())
    left = sum(view.masked[u] - view.self_masks[u] - view.pads.get(u, np.uint64(0)) for u in listed)
    assert (left & np.uint64(15) == 5).all()
    limit = chi2.isf(1e-6 / 9, 255)
    for a, b in ((0, 1), (1, 3), (2, 3)):
        assert uniformity(np.uint64(16) * view.masked[a] + view.masked[b], 256)[0] < limit
    u = listed[0]
    assert uniformity(np.uint64(16) * view.masked[u] + view.self_masks[u], 256)[0] < limit


def test_without_recovery_the_view_is_the_masked_words():
    view = simulated_view(np.full(DRAWS, 7, np.uint64), 3, recover=False, word_bits=4, rng=2)
    assert view.self_masks == view.pads == {}
    assert (sum(view.masked.values()) & np.uint64(15) == 7).all()
    limit = chi2.isf(1e-6 / 3, 255)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert uniformity(np.uint64(16) * view.masked[a] + view.masked[b], 256)[0] < limit


def exact_law(updates: tuple[int, ...], survivors: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    """The law of the whole view modulo 2, over all pads and self-masks, counted: nothing of the library."""
    from collections import Counter
    from itertools import combinations, product

    n = len(updates)
    pairs = list(combinations(range(n), 2))
    law = Counter()
    for pads in product((0, 1), repeat=len(pairs)):
        for selves in product((0, 1), repeat=n):
            masked = [
                (updates[u] + selves[u] + sum(k for k, pair in zip(pads, pairs, strict=True) if u in pair))
                % 2
                for u in range(n)
            ]
            out = set(range(n)) - set(survivors)
            shown = [
                sum(k for k, pair in zip(pads, pairs, strict=True) if u in pair and {*pair} & out) % 2
                for u in survivors
            ]
            law[(*masked, *(selves[u] for u in survivors), *shown)] += 1
    return law


@pytest.mark.parametrize("survivors", [(0, 1, 2, 3), (0, 1, 2), (1, 3)])
def test_the_view_has_one_law_for_all_updates_with_one_sum(survivors):
    """Exactly: all masks of four clients modulo 2, every update; and the law is the simulator's."""
    from itertools import product

    for parity in (0, 1):
        laws = [
            exact_law(x, survivors)
            for x in product((0, 1), repeat=4)
            if sum(x[u] for u in survivors) % 2 == parity
        ]
        assert all(law == laws[0] for law in laws)
        assert len(set(laws[0].values())) == 1  # uniform on all views that give this sum
        free = 4 + len(survivors) + (len(survivors) if len(survivors) < 4 else 0)
        constraint = 1  # the sum
        views = len(laws[0]) if len(survivors) < 4 else len({view[: 4 + len(survivors)] for view in laws[0]})
        assert views == 2 ** (free - constraint)


def test_what_a_chi_square_sees():
    assert [round(chi2.isf(p, 255), 3) for p in (0.01, 0.001, 1e-6)] == [310.457, 330.520, 377.078]
    # one value 10 % too frequent: non-centrality 2.57
    p = np.full(256, (1 - 1.1 / 256) / 255)
    p[7] = 1.1 / 256
    noncentrality = DRAWS * ((p - 1 / 256) ** 2 * 256).sum()
    assert round(noncentrality, 2) == 2.57
    assert noncentrality == pytest.approx(DRAWS * 0.1**2 / 256 * (1 + 1 / 255))
    assert ncx2.sf(chi2.isf(0.01, 255), 255, noncentrality) < 0.02  # it is nearly blind to it
    values = np.repeat(np.arange(256), 256)
    assert uniformity(values, 256)[0] == 0
    values[0] = 1
    assert uniformity(values, 256)[0] == 2 / 256
    assert uniformity(np.zeros(512, int), 256)[0] == 512 * 255


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: simulated_view(np.zeros(2, np.uint64), 1), "n_clients must be at least 2"),
        (
            lambda: simulated_view(np.zeros(2, np.uint64), 3, survivors=[0]),
            "two or more different numbers below 3",
        ),
        (lambda: simulated_view(np.zeros(2, np.uint64), 3, survivors=[0, 0]), "two or more different"),
        (lambda: simulated_view(np.zeros(2, np.uint64), 3, survivors=[0, 3]), "two or more different"),
        (lambda: simulated_view(np.zeros(2), 3), "total must be words"),
        (
            lambda: simulated_view(np.zeros(2, np.uint64), 3, survivors=[0, 1], recover=False),
            "all 3 clients without recover",
        ),
        (lambda: uniformity([0, 256], 256), "whole numbers from 0 to 255"),
        (lambda: uniformity([-1, 0], 256), "whole numbers from 0 to 255"),
        (lambda: uniformity([0.5], 256), "whole numbers from 0 to 255"),
        (lambda: uniformity([], 256), "at least one"),
    ],
)
def test_refuses(call, says):
    with pytest.raises((ValueError, TypeError), match=says):
        call()

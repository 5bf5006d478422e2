"""The ports of the rules of aggregation and of the lie inside the spread, against the library."""

from collections.abc import Callable

import numpy as np

from qlearn.networks import federated
from qlearn.networks.attacks import crafted_update

N = 2000


def rounds() -> list[tuple[np.ndarray, int]]:
    """Updates of 3 to 12 clients in one to three numbers, some of them liars: alike, near the honest ones, or far off."""
    rng = np.random.default_rng(1)
    made = []
    for _ in range(N):
        n, d = int(rng.integers(3, 13)), int(rng.integers(1, 4))
        f = int(rng.integers(0, n // 2 + 1))
        rows = rng.normal([1] + [0] * (d - 1), rng.uniform(0.05, 1), size=(n, d))
        lie = rng.normal(scale=rng.choice([0.3, 3]), size=d)
        if f:
            rows[-f:] = lie + rng.choice([0, 0.2]) * rng.normal(size=(f, d))
        made.append((rows, f))
    return made


def merged(rule: Callable, rows: np.ndarray) -> list[float] | None:
    """Return what a rule makes of the rows, or None where it refuses."""
    try:
        return rule().aggregate([([row], 1) for row in rows], [np.zeros(rows.shape[1])])[0][0].tolist()
    except ValueError:
        return None


def same(theirs: list, ours: list, agree: Callable) -> None:
    """The same are refused, and the others agree."""
    assert [one is None for one in theirs] == [one is None for one in ours]
    refused = sum(one is None for one in ours)
    assert refused < N - 600
    flat = [np.concatenate([one for one in side if one is not None]) for side in (theirs, ours)]
    agree(*flat, scale=1)


def test_rules_that_are_told_how_many_lie(port: Callable, agree: Callable):
    some = rounds()
    asked = [[rows, f] for rows, f in some]
    for name, rule in (
        ("fed_median", federated.FedMedian),
        ("krum", federated.Krum),
        ("bulyan", federated.Bulyan),
    ):
        ours = [merged(lambda f=f, rule=rule: rule(f), rows) for rows, f in some]
        same(port("networks/robust_aggregation", name, asked), ours, agree)
    # (names in full: the test that every port is replayed looks for them)
    assert port("networks/robust_aggregation", "fed_median", [[[[1.0], [2.0]], 1]]) == [None]
    assert port("networks/robust_aggregation", "krum", [[[[1.0], [2.0], [3.0]], 0]]) == [
        [1.0]
    ]  # the first of three equal ones
    assert port("networks/robust_aggregation", "bulyan", [[[[1.0], [2.0], [9.0]], 0]]) == [[4.0]]
    many = np.random.default_rng(2).integers(1, 8, N).tolist()
    ours = [
        merged(lambda f=f, m=m: federated.MultiKrum(f, m), rows)
        for (rows, f), m in zip(some, many, strict=True)
    ]
    sent = [[rows, f, m] for (rows, f), m in zip(some, many, strict=True)]
    same(port("networks/robust_aggregation", "multi_krum", sent), ours, agree)
    betas = np.random.default_rng(3).integers(5, 45, N) / 100
    ours = [
        merged(lambda f=f, b=b: federated.FedTrimmedAvg(b, f), rows)
        for (rows, f), b in zip(some, betas, strict=True)
    ]
    sent = [[rows, float(b), f] for (rows, f), b in zip(some, betas, strict=True)]
    same(port("networks/robust_aggregation", "fed_trimmed_avg", sent), ours, agree)


def test_whom_krum_takes(port: Callable, agree: Callable):
    some = [
        (rows, f, 1 + k % 3)
        for k, (rows, f) in enumerate(rounds())
        if 2 * f + 2 < len(rows) and len(rows) - f >= 3
    ]
    told = [federated.Krum(f).scores([([row], 1) for row in rows]) for rows, f, _ in some]
    theirs = port("networks/robust_aggregation", "scores", [[rows, f] for rows, f, _ in some])
    agree(np.concatenate(theirs), np.concatenate(told), scale=1)
    ours = [federated.MultiKrum(f, m).selected([([row], 1) for row in rows]) for rows, f, m in some]
    assert port("networks/robust_aggregation", "selected", [[rows, f, m] for rows, f, m in some]) == ours
    assert len(some) > 300


def test_rules_that_are_told_nothing(port: Callable, agree: Callable):
    some, rng = rounds(), np.random.default_rng(4)
    cutoffs, most = rng.uniform(1.5, 5, N), rng.uniform(0.1, 3, N)
    rules = [federated.OutlierRemoval(federated.FedAvg(), z) for z in cutoffs]
    sent = [[rows, z] for (rows, _), z in zip(some, cutoffs, strict=True)]
    ours = [rule.kept([([row], 1) for row in rows]) for rule, (rows, _) in zip(rules, some, strict=True)]
    assert port("networks/robust_aggregation", "kept", sent) == ours
    assert sum(len(one) < len(rows) for one, (rows, _) in zip(ours, some, strict=True)) > 100
    ours = [merged(lambda rule=rule: rule, rows) for rule, (rows, _) in zip(rules, some, strict=True)]
    same(port("networks/robust_aggregation", "outlier_removal", sent), ours, agree)
    starts = [rng.normal(size=rows.shape[1]) for rows, _ in some]
    ours = [
        federated.NormClipping(c).aggregate([([row], 1) for row in rows], [start])[0][0]
        for (rows, _), c, start in zip(some, most, starts, strict=True)
    ]
    sent = [[rows, c, start] for (rows, _), c, start in zip(some, most, starts, strict=True)]
    theirs = port("networks/robust_aggregation", "norm_clipping", sent)
    agree(np.concatenate(theirs), np.concatenate(ours), scale=1)


def test_a_lie_near_the_mean(port: Callable, agree: Callable):
    rng = np.random.default_rng(5)
    for direction in ("spread", "sign", "mean"):
        sent = [
            [rng.normal(size=(int(rng.integers(2, 9)), 3)), float(rng.uniform(-2, 4)), direction]
            for _ in range(N)
        ]
        agree(
            port("networks/attacks", "crafted_update", sent), [crafted_update(*one) for one in sent], scale=1
        )

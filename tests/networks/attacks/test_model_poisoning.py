"""Model poisoning: what is sent is what the formula says, whoever merges it; and how much a little is."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import norm

from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.attacks import (
    Colluders,
    InsideSpread,
    LabelFlip,
    ModelReplacement,
    SignFlip,
    crafted_update,
    little_is_enough,
)
from qlearn.networks.federated import Client, FedAvg, Krum, run, split

model = SoftmaxClassifier(optimizer="sgd", learning_rate=0.5, batch_size=None)


@pytest.fixture(scope="module")
def clients():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 3))
    y = (X[:, 0] + 0.5 * rng.normal(size=120) > 0).astype(int)
    return [
        Client(model, *part, classes=[0, 1], name=f"c{i}") for i, part in enumerate(split(X, y, 6, rng=1))
    ]


def rows(client, start, config):
    return np.concatenate([p.ravel() for p in client.fit(start, config)[0]])


def krum(updates, f):
    """Krum by loops, on exact differences: the oracle of the tests here."""
    n = len(updates)
    scores = []
    for i in range(n):
        apart = sorted(
            sum((a - b) ** 2 for a, b in zip(updates[i], updates[j], strict=True)) for j in range(n) if j != i
        )
        scores.append(sum(apart[: n - f - 2]))
    return int(np.argmin(scores))


@pytest.mark.parametrize("scale", [0.5, 1.0, 7.0])
def test_sign_flip_is_the_mirror_image(clients, scale):
    start = [np.full((3, 1), 0.3), np.array([0.1])]
    honest, liar = (
        rows(clients[0], start, {"epochs": 2}),
        rows(SignFlip(clients[0], scale), start, {"epochs": 2}),
    )
    centre = np.array([0.3, 0.3, 0.3, 0.1])
    np.testing.assert_allclose(liar - centre, -scale * (honest - centre), atol=1e-14)


def test_an_attacker_is_a_client_and_leaves_the_one_it_took_as_it_was(clients):
    before = rows(clients[0], clients[0].initial(), {})
    liar = SignFlip(clients[0], 3)
    run([liar, *clients[1:]], FedAvg(), 2, rng=0)
    np.testing.assert_array_equal(rows(clients[0], clients[0].initial(), {}), before)
    assert (liar.name, liar.n_samples, liar.shapes) == (
        clients[0].name,
        clients[0].n_samples,
        clients[0].shapes,
    )
    assert liar.evaluate(liar.initial(), {}) == clients[0].evaluate(liar.initial(), {})
    with pytest.raises(ValueError, match="config must hold"):
        liar.check({"nonsense": 1})


@given(boost=st.floats(0.1, 50), target=st.lists(st.floats(-5, 5), min_size=4, max_size=4))
def test_replacement_leaves_the_target_and_what_the_others_learn(clients, boost, target):
    # the mean by hand, from the honest answers alone
    aim = [np.array(target[:3])[:, None], np.array(target[3:])]
    start = [np.full((3, 1), 0.3), np.array([0.1])]
    merged = run(
        [ModelReplacement(clients[0], boost, aim), *clients[1:]], FedAvg(), 1, initial=start
    ).parameters
    n = np.array([c.n_samples for c in clients])
    centre = np.array([0.3, 0.3, 0.3, 0.1])
    others = sum(
        m * (rows(c, start, {"epochs": 1}) - centre) for m, c in zip(n[1:], clients[1:], strict=True)
    )
    expected = centre + (n[0] * boost * (np.array(target) - centre) + others) / n.sum()
    np.testing.assert_allclose(np.concatenate([p.ravel() for p in merged]), expected, atol=1e-12)


def test_replacement_without_target_boosts_what_was_trained(clients):
    liar = LabelFlip(model, clients[0].X, clients[0].y, flip={0: 1, 1: 0})
    start = liar.initial()
    np.testing.assert_allclose(
        rows(ModelReplacement(liar, 6), start, {"epochs": 3}),
        6 * rows(liar, start, {"epochs": 3}),
        atol=1e-14,
    )


@pytest.mark.parametrize(
    ("n", "f", "share"), [(50, 24, 24 / 26), (10, 1, 4 / 9), (10, 3, 4 / 7), (10, 4, 4 / 6), (11, 5, 5 / 6)]
)
def test_little_is_enough_is_the_normal_quantile(n, f, share):
    # by hand: s = floor(n/2 + 1) - f; (n - f - s) / (n - f) = (ceil(n/2) - 1) / (n - f)
    assert little_is_enough(n, f) == pytest.approx(norm.ppf(share), abs=1e-12)
    assert share == pytest.approx((-(-n // 2) - 1) / (n - f))


def test_little_is_enough_gives_attackers_a_majority():
    # 26 honest normal values, 24 attackers at -z: z is where 2 of the 26 lie beyond in the mean; 20,000 draws, sd of the mean
    # sqrt(26 x .0769 x .9231 / 20000) = .0096; 6 sd
    z = little_is_enough(50, 24)
    beyond = (np.random.default_rng(0).normal(size=(20_000, 26)) < -z).sum(axis=1)
    assert abs(beyond.mean() - 2) < 6 * 0.0096


@given(st.integers(0, 2**32 - 1), st.floats(0, 5))
def test_crafted_updates_have_one_length_in_all_directions(seed, z):
    updates = np.random.default_rng(seed).normal(size=(5, 7))
    mean, spread = updates.sum(axis=0) / 5, np.sqrt(((updates - updates.mean(axis=0)) ** 2).sum(axis=0) / 4)
    np.testing.assert_allclose(crafted_update(updates, z), mean - z * spread, atol=1e-12)
    for direction in ("spread", "sign", "mean"):
        off = crafted_update(updates, z, direction) - mean
        assert np.linalg.norm(off) == pytest.approx(z * np.linalg.norm(spread), abs=1e-12)
    assert crafted_update(updates, z, "mean") @ mean <= mean @ mean
    assert (np.sign(crafted_update(updates, 0, "sign")) == np.sign(mean)).all()


def test_crafted_update_of_equal_updates_is_their_mean():
    assert crafted_update([[0.0, 2.0], [0.0, 2.0]], 3.0, "sign").tolist() == [0.0, 2.0]


def test_krum_takes_the_attackers_inside_the_spread():
    # honest updates normal around 1 with sd 1/2 in 20 dimensions, all attackers at mean - 1 sd: of 200 trials each.
    # The share grows with f, and with three of ten it is all of them; the update still points the right way
    shares, cosines = [], []
    for f in (1, 2, 3):
        rng = np.random.default_rng(f)
        picked = 0
        for _ in range(200):
            honest = rng.normal(1.0, 0.5, size=(10 - f, 20))
            bad = crafted_update(honest, 1.0)
            picked += krum([*honest, *[bad] * f], f) >= 10 - f
            cosines.append(bad.sum() / np.linalg.norm(bad) / np.sqrt(20))
        shares.append(picked / 200)
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] == 1.0
    assert min(cosines) > 0.5


def test_colluders_share_what_they_know_and_know_no_more(clients):
    start = clients[0].initial()
    known = Colluders(clients[:3])
    two = [InsideSpread(c, known, z=1.5) for c in clients[:2]]
    first, second = (
        rows(c, start, {"epochs": 1, "round": 1, "seed": s}) for c, s in zip(two, (5, 6), strict=True)
    )
    np.testing.assert_array_equal(first, second)
    honest = np.array([rows(c, start, {"epochs": 1}) for c in clients[:3]])
    np.testing.assert_allclose(first, honest.mean(axis=0) - 1.5 * honest.std(axis=0, ddof=1), atol=1e-13)
    # another round is looked at anew
    later = [p + 1 for p in start]
    expected = np.array([rows(c, later, {"epochs": 1}) for c in clients[:3]])
    got = rows(two[0], later, {"epochs": 1, "round": 2})
    np.testing.assert_allclose(got, expected.mean(axis=0) - 1.5 * expected.std(axis=0, ddof=1), atol=1e-13)


def test_with_z_of_zero_it_helps_the_mean(clients):
    # an omniscient attacker that sends the mean of all does not move a plain mean of equal sizes
    assert {c.n_samples for c in clients} == {20}
    known = Colluders(clients)
    honest = run(clients, FedAvg(), 3, rng=0).parameters
    merged = run(
        [InsideSpread(clients[0], Colluders(clients[1:]), 0.0), *clients[1:]], FedAvg(), 1
    ).parameters
    five = run(clients[1:], FedAvg(), 1).parameters
    np.testing.assert_allclose(merged[0], five[0], atol=1e-14)
    again = run([InsideSpread(c, known, 0.0) for c in clients], FedAvg(), 3, rng=0).parameters
    np.testing.assert_allclose(again[0], honest[0], atol=1e-13)


def test_refuses(clients):
    with pytest.raises(TypeError, match="client must be a federated Client"):
        SignFlip("me")
    with pytest.raises(ValueError, match="scale must be above 0"):
        SignFlip(clients[0], 0)
    with pytest.raises(ValueError, match="boost must be above 0"):
        ModelReplacement(clients[0], -1)
    with pytest.raises(ValueError, match="parameters must be arrays of shapes"):
        ModelReplacement(clients[0], 2, [np.zeros(2)])
    with pytest.raises(ValueError, match="a majority need not hide"):
        little_is_enough(10, 5)
    with pytest.raises(ValueError, match="n_malicious must be at least 1"):
        little_is_enough(10, 0)
    with pytest.raises(ValueError, match="one update has no spread"):
        crafted_update([[1.0, 2.0]], 1)
    with pytest.raises(ValueError, match="direction must be one of spread, sign, mean"):
        crafted_update([[1.0], [2.0]], 1, "up")
    with pytest.raises(ValueError, match="z must be a finite number"):
        crafted_update([[1.0], [2.0]], np.inf)
    with pytest.raises(TypeError, match="known must be federated Clients"):
        Colluders([1, 2])
    with pytest.raises(ValueError, match="known must be two clients or more"):
        Colluders(clients[:1])
    with pytest.raises(TypeError, match="colluders must be Colluders"):
        InsideSpread(clients[0], clients, 1.0)
    with pytest.raises(ValueError, match="direction must be one of"):
        InsideSpread(clients[0], Colluders(clients), 1.0, "left")


def test_two_who_agree_carry_krum_off_without_a_spy():
    # ten clients of skewed digits, two liars who know their own samples only: what they send is equal, so each is the other's
    # nearest neighbour. Counted here: rounds in which Krum takes a liar's model; six fixed divisions
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    classes, plain = range(10), SoftmaxClassifier(optimizer="sgd", learning_rate=1.0, batch_size=None)
    taken = {"liars": 0, "honest": 0}
    for seed in range(6):
        parts = split(X[:800] / 16, y[:800], 10, alpha=0.5, rng=seed)
        ten = [Client(plain, *part, classes=classes, name=f"c{i}") for i, part in enumerate(parts)]
        known = Colluders(ten[:2])
        for who, clients in (
            ("honest", ten),
            ("liars", [*(InsideSpread(c, known, 1.0, "mean") for c in ten[:2]), *ten[2:]]),
        ):
            answers = [client.fit(ten[0].initial(), {"epochs": 2})[:2] for client in clients]
            rule = Krum(n_malicious=2)
            taken[who] += rule.selected(answers)[0] < 2
            flat = [np.concatenate([p.ravel() for p in a]) for a, _ in answers]
            assert rule.selected(answers) == [krum(flat, 2)]
    assert taken["liars"] > taken["honest"]

"""What four figures say, against the library: rules among liars, a log shown to two, alarms, estimates that were told a range."""

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page

from qlearn.control import channel_estimation as ce
from qlearn.control.eavesdropper_detection import roc
from qlearn.exercises.control import eavesdropper_detection as exercises
from qlearn.networks import federated, ledger
from qlearn.networks.ledger import LedgerRefused, Reader, RootSigner, compare_heads


def said(page: Page) -> str:
    """What is said, with plain numbers, spaces and minus signs."""
    told = re.sub(r"(?<=\d),(?=\d{3})", "", page.locator(".live-says").text_content())
    return told.replace("\xa0", " ").replace("\u2212", "-")


def step_of(rule: federated.Strategy, rows: np.ndarray) -> float:
    return float(rule.aggregate([([row], 1) for row in rows], [np.zeros(2)])[0][0][0])


def test_where_the_rules_land(show: Callable[..., Page], drawn: Callable[[int, int], np.ndarray]):
    rules = {
        "mean": federated.FedAvg(), "clipping": federated.NormClipping(1), "median": federated.FedMedian(3),
        "trimmed": federated.FedTrimmedAvg(0.3, 3), "krum": federated.Krum(3), "multikrum": federated.MultiKrum(3, 7),
        "outliers": federated.OutlierRemoval(),
    }  # fmt: skip
    for seed, (x, y) in ((1, (-1.6, 1)), (2, (0.3, 0.1)), (3, (3.2, -2.2))):
        u = drawn(seed, 20).reshape(10, 2)
        r, turn = 0.8 * np.sqrt(-np.log(1 - u[:, 0])), 2 * np.pi * u[:, 1]
        rows = np.column_stack([1 + r * np.cos(turn), r * np.sin(turn)])
        rows[7:] = x, y
        lands = {name: step_of(rule, rows) for name, rule in rules.items()}
        for name, step in lands.items():
            told = said(show("robust", f"robust.rule={name}&robust.seed={seed}&robust.x={x}&robust.y={y}"))
            assert abs(float(re.search(r"makes (-?[\d.]+) of the step", told)[1]) - step) < 0.00501, told
            low, high = map(float, re.search(r"lie between (-?[\d.]+) and (-?[\d.]+)\.", told).groups())
            assert abs(low - min(lands.values())) < 0.00501
            assert abs(high - max(lands.values())) < 0.00501
        taken = federated.Krum(3).selected([([row], 1) for row in rows])[0]
        assert ("takes a lie" in said(show("robust", f"robust.seed={seed}&robust.x={x}&robust.y={y}"))) == (
            taken >= 7
        )


def test_a_lie_hurts_the_mean_from_afar_and_krum_from_nearby(show: Callable[..., Page]):
    worst = {}
    for name in ("mean", "krum"):
        told = said(show("robust", f"robust.rule={name}"))
        worst[name] = float(re.search(r"of the map, ([\d.]+) spreads off", told)[1])
    assert worst["krum"] < 2 < 4 < worst["mean"]
    # And liars who stand apart are no longer the nearest neighbours in the room.
    together, apart = (said(show("robust", f"robust.x=0.4&robust.y=0&robust.apart={d}")) for d in (0, 1))
    assert "it takes a lie" in together
    assert "it takes an honest update" in apart
    page = show("robust")
    page.get_by_role("button", name="Worst place").click()
    made, would = re.search(r"makes (-?[\d.]+) of.* come to (-?[\d.]+)\.", said(page)).groups()
    assert made == would


def test_a_promise_is_said_to_be_void_where_it_is(show: Callable[..., Page]):
    for query, void in (
        ("rule=krum&liars=3&told=2", True), ("rule=krum&liars=2&told=3", False), ("rule=trimmed&liars=1&told=0", False),
        ("rule=trimmed&liars=2&told=1", True), ("rule=median&liars=4&told=0", False), ("rule=median&liars=5&told=0", True),
        ("rule=outliers&liars=5", True), ("rule=mean&liars=5", False), ("rule=bulyan&liars=2&told=1", True),
    ):  # fmt: skip
        told = said(show("robust", "&".join(f"robust.{one}" for one in query.split("&"))))
        assert ("promises nothing" in told) == void, (query, told)
    assert "refuses to merge ten updates for f = 4: it needs 2f + 2 < n" in said(
        show("robust", "robust.told=4")
    )


def test_what_two_readers_of_a_log_see(show: Callable[..., Page]):
    rng, signer = np.random.default_rng(1), RootSigner("trial", bytes(32), "ML-DSA-44")
    key = signer.public_key
    met = {
        "same": "one root",
        "equivocation": "two signed roots",
        "consistent": "a proof joins",
        "unproven": "no proof that joins",
    }
    words = {"truncated": "sees that of", "equivocation": "holds two signed roots", "consistency": "refuses"}

    def head(leaves: list[bytes]):
        return signer.sign(len(leaves), ledger.merkle_root(leaves), time=1)

    for _ in range(40):
        a, b, m, k = map(int, rng.integers((1, 1, 0, 0), (9, 9, 9, 8)))
        bits = {who: "".join(map(str, (rng.random(8) < 0.15).astype(int))) for who in ("alice", "bob")}
        shown = {
            who: [
                b"round %d, accuracy %s" % (j + 1, (b"0.93", b"0.99")[int(bit)])
                for j, bit in enumerate(bits[who])
            ][:n]
            for who, n in (("alice", a), ("bob", b))
        }
        true = [b"round %d, accuracy 0.93" % (j + 1) for j in range(8)]
        told = said(
            show(
                "merkle",
                "&".join(
                    f"merkle.{x}"
                    for x in (
                        f"a={a}",
                        f"b={b}",
                        f"m={m}",
                        f"proof={k}",
                        f"alice={bits['alice']}",
                        f"bob={bits['bob']}",
                    )
                ),
            )
        )
        for who, leaves in shown.items():
            reader = Reader(key, "trial", head(true[:m]) if m else None)
            try:
                reader.accept(
                    head(leaves), ledger.consistency_proof(leaves, m) if 0 < m <= len(leaves) else []
                )
                word = "accepts"
            except LedgerRefused as refused:
                word = words[refused.reason]
            assert re.search(rf"{who.title()}[^.]* {word}", told), (told, word)
        short, long = sorted(shown.values(), key=len)
        verdict = compare_heads(
            head(shown["alice"]), head(shown["bob"]), key, ledger.consistency_proof(long, len(short))
        )
        compared = told.partition("compare heads: ")[2]
        assert met[verdict] in compared, told
        convicted = verdict == "unproven" and k < min(a, b) and shown["alice"][k] != shown["bob"][k]
        assert ("these convict the key" in told) == convicted, told


def test_most_alarms_of_a_good_detector_are_false(show: Callable[..., Page]):
    page = show("alarm", "alarm.rare=-3")
    page.get_by_role("button", name="99 % right, both ways").click()
    told = said(page)
    at, n = map(int, re.search(r"Alarm from (\d+) errors of (\d+)", told).groups())
    curve = roc(n, 0.03, 0.05)
    assert curve.false_alarm[at] <= 0.01
    assert curve.power[at] >= 0.99
    chance = exercises.base_rate.solution(curve.false_alarm[at], curve.power[at], 0.001, [True])
    assert chance < 0.1
    assert abs(float(re.search(r"Of its alarms ([\d.]+) %", told)[1]) / 100 - chance) < 0.000501
    assert "most of its alarms are false" in told
    # The next shorter block of the slider does not do.
    shorter = roc(round(10 ** (np.log10(n) - 0.05)), 0.03, 0.05)
    assert shorter.power_at(0.01) < 0.99
    page = show("alarm", "alarm.rare=-3&alarm.row=2")
    page.get_by_role("button", name="99 % right, both ways").click()
    twice = exercises.base_rate.solution(curve.false_alarm[at], curve.power[at], 0.001, [True, True])
    assert twice > 0.9
    assert f"2 alarms in a row are true in {100 * twice:.1f} %" in said(page)


def test_alarms_at_the_corners(show: Callable[..., Page]):
    for query, words in {
        "t=0": "No block is without an alarm",
        "e=0.1&log=4.5&t=0.04": "As good as no block is without an alarm",
        "t=0.5&row=5": "there is no alarm to judge",
        "e=0": "in 0 % of the quiet blocks",
        "r=0": "say nothing",
        "log=4.5&t=0.03": "in more than 99.9 % of Eve",
        "log=4.5&t=0.06": "more than 99.9 % are true",
    }.items():
        told = said(show("alarm", "&".join(f"alarm.{one}" for one in query.split("&"))))
        assert words in told, (query, told)


def test_who_was_told_a_wrong_range_comes_no_nearer(show: Callable[..., Page]):
    for log, probe in ((0, "qubit"), (1.7, "qubit"), (1.7, "bell"), (2.5, "qubit")):
        n = round(10**log)
        tables = [
            ce.maximum_likelihood_noise(np.arange(n + 1), n, probe),
            ce.posterior_mean_noise(n, np.linspace(0, 0.2, 41), probe=probe),
            np.array([ce.BetaPosterior(1 + k, 1 + n - k).mean for k in range(n + 1)])
            / ce.error_chance(1.0, probe),
        ]
        for p in (0.01, 0.1, 0.2, 0.4):
            told = said(show("prior", f"prior.log={log}&prior.probe={probe}&prior.p={p}"))
            ours = [np.sqrt(ce.mean_squared_error(table, [p], probe)[0]) for table in tables]
            theirs = [float(one) for one in re.findall(r"by (\d\.\d+)", told)]
            np.testing.assert_allclose(theirs, ours, atol=0.000501)
            bound = np.sqrt(ce.cramer_rao(p, n, probe))
            assert ("comes no" in told or "nearer than this" in told) == (p > 0.2)
            assert ("lies below it" in told) == (p <= 0.2 and ours[1] < bound), told
            if p > 0.2:
                assert ours[1] >= p - 0.2
    told = said(show("prior", "prior.from=0.1&prior.to=0.1"))
    assert "told that p is 0.10 and answering so to every count, by 0;" in told

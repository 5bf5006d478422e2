"""Stage comparison: measures by hand, pairs by world, and an interrupted comparison that goes on."""

import json
from dataclasses import replace

import numpy as np
import pytest

from qlearn.evidence import paired
from qlearn.networks.federated import Failure, History
from qlearn.networks.federated.history import Round
from qlearn.networks.orchestration import (
    MEASURES,
    FixedPolicy,
    KPIs,
    Latency,
    OrchestratedRound,
    OrchestrationHistory,
    Orders,
    Stage,
    StageTable,
    compare_stages,
    run_measures,
    stage,
)

ONE, THREE = stage(1), stage(3)
FIRST, SECOND = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0], [1.5, 2.7, 3.2, 1.1, 2.2, 3.4]


def history():
    events = (
        Failure("unit 1", "keys", ""),
        Failure("policy", "decide", ""),
        Failure("unit 2", "constraints", ""),
    )
    rounds = [
        OrchestratedRound(1, Orders(), KPIs(1), Latency(0.5), sent={"a": "h", "b": "h"}, key_bits=300),
        OrchestratedRound(2, Orders(), KPIs(2), events=events),
        OrchestratedRound(3, Orders(), KPIs(3), Latency(1.5), sent={"a": "h"}, key_bits=30),
    ]
    return OrchestrationHistory(History([np.zeros(1)], [Round(3, {"central_accuracy": 0.7})]), rounds)


def test_measures_by_hand():
    assert run_measures(history()) == pytest.approx(
        {
            "accuracy": 0.7,
            "latency_s": 1.0,
            "slowest_s": 1.5,
            "updates": 1.0,
            "key_bits": 110.0,
            "lost": 1 / 3,
        }
    )
    assert set(run_measures(history())) == set(MEASURES)


def test_a_run_without_an_update_has_no_latency():
    quiet = OrchestrationHistory(history().learning, [OrchestratedRound(1, Orders(), KPIs(1))])
    measured = run_measures(quiet)
    assert np.isnan([measured[name] for name in ("latency_s", "slowest_s", "key_bits")]).all()
    with pytest.raises(ValueError, match="history must hold a round"):
        run_measures(OrchestrationHistory(History([np.zeros(1)])))


def test_differences_are_paired_by_world():
    values = {name: np.array([FIRST, SECOND]) for name in MEASURES}
    table = StageTable((ONE, THREE), tuple(range(6)), values)
    expected = paired(SECOND, FIRST)
    assert table.difference("updates", 1, 0).mean == expected.mean
    assert "1 one link" in repr(table)
    assert repr(table).endswith("6 worlds; mean ± standard error")
    assert table._repr_html_().count("<tr>") == 3
    with pytest.raises(ValueError, match="measure must be one of accuracy"):
        table.difference("speed", 1, 0)


def test_an_interrupted_comparison_goes_on(tmp_path):
    file, worlds, ran = tmp_path / "stages.json", [7, 8, 9], []

    def made(stop):
        class Counting(Stage):
            def run(self, seed, rounds=30, **options):
                if len(ran) == stop:
                    raise KeyboardInterrupt
                ran.append((seed, self.number))
                return super().run(seed, rounds, **options)

        return [Counting(s.number, s.name, s.adds, s.join, s.policy) for s in (ONE, THREE)]

    with pytest.raises(KeyboardInterrupt):
        compare_stages(worlds, 2, stages=made(1), file=file, progress=False)
    part = compare_stages(worlds, 2, stages=made(3), file=file, progress=False)
    assert part.seeds == (7,)
    assert len(ran) == 3
    whole = compare_stages(worlds, 2, stages=made(-1), file=file, progress=False)
    assert sorted(ran) == [(seed, number) for seed in worlds for number in (1, 3)]
    fresh = compare_stages(worlds, 2, stages=[ONE, THREE], progress=False)
    for name in MEASURES:
        np.testing.assert_array_equal(whole.measures[name], fresh.measures[name])
    with pytest.raises(ValueError, match=r"file must be of runs of 3 rounds; .* is of 2"):
        compare_stages(worlds, 3, stages=[ONE], file=file, progress=False)


def test_a_file_of_a_stage_with_another_policy_is_refused(tmp_path):
    file = tmp_path / "stages.json"
    compare_stages([7], 2, stages=[ONE], file=file, progress=False)
    other = replace(ONE, policy=lambda: FixedPolicy(Orders(local_epochs=1)))
    with pytest.raises(ValueError, match="stage '1 one link' has another network, policy or reward"):
        compare_stages([7], 2, stages=[other], file=file, progress=False)
    compare_stages([7], 2, stages=[THREE], file=file, progress=False)  # and both stay in it
    assert len(json.loads(file.read_text())["runs"]) == 2
    assert len(json.loads(file.read_text())["stages"]) == 2


def test_a_run_that_was_cut_short_is_not_measured(tmp_path):
    """An interrupt within a run keeps that run's complete rounds; they are not what so many rounds measure."""
    file = tmp_path / "stages.json"

    class Cut(Stage):
        def run(self, seed, rounds=30, **options):
            return super().run(seed, rounds, reward=self.interrupt if seed == 8 else None, **options)

        @staticmethod
        def interrupt(before, orders, after):
            if after.round == 2:
                raise KeyboardInterrupt
            return 0.0

    learns = stage(4)
    rows = [Cut(4, "cut", learns.adds, learns.join, learns.policy)]
    table = compare_stages([7, 8, 9], 3, stages=rows, file=file, progress=False)
    assert table.seeds == (7,)
    assert list(json.loads(file.read_text())["runs"]) == ["7 4 cut"]


@pytest.mark.parametrize(
    "text", ["no JSON", json.dumps({"rounds": 2}), json.dumps({"rounds": 2, "runs": {"a": {}}})]
)
def test_refuses_a_file_of_something_else(tmp_path, text):
    (tmp_path / "f").write_text(text)
    with pytest.raises(ValueError, match="file must be one of compare_stages"):
        compare_stages([1], 2, stages=[ONE], file=tmp_path / "f", progress=False)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"seeds": []}, "seeds and stages must hold at least one each"),
        ({"stages": []}, "seeds and stages must hold at least one each"),
        ({"seeds": [-1]}, "seeds must be at least 0"),
        ({"rounds": 0}, "rounds must be at least 1"),
    ],
)
def test_refuses(told, says):
    with pytest.raises(ValueError, match=says):
        compare_stages(**{"seeds": [1], "rounds": 2, "progress": False, **told})

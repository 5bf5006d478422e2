"""The command: each stage runs by it, a stopped run goes on by it, and what cannot be is said in one line."""

import pytest

from qlearn.networks.orchestration import stage
from qlearn.networks.orchestration.__main__ import main


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_stage_by_its_command(capsys, number):
    main(["stage", str(number), "--rounds", "2", "--seed", "4"])
    told = capsys.readouterr().out
    history = stage(number).run(4, 2)
    assert told.startswith(f"stage {number}, {stage(number).name}: it adds")
    for record in history.rounds:
        assert (
            f"round {record.number}: {len(record.sent)} updates  accuracy {record.kpis.accuracy:.3f}" in told
        )
    assert repr(history) in told


def test_a_run_goes_on_from_its_checkpoint(capsys, tmp_path):
    path = str(tmp_path / "run.npz")
    main(["stage", "3", "--rounds", "4", "--checkpoint", path])
    once = capsys.readouterr().out
    main(["stage", "3", "--rounds", "4", "--checkpoint", path])
    assert capsys.readouterr().out == once


def test_the_comparison_by_its_command(capsys, tmp_path):
    main(["compare", "--worlds", "2", "--rounds", "2", "--file", str(tmp_path / "f.json")])
    told = capsys.readouterr().out
    assert [line[:1] for line in told.splitlines()] == ["s", "1", "2", "3", "3", "4", "4", "2"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["stage", "5"], "number must be 1 to 4, not 5"),
        (["stage", "1", "--rounds", "0"], "rounds must be at least 1"),
        (["stage", "1", "--checkpoint", "/nowhere/at/all"], "checkpoint must be in a folder that exists"),
        (["compare", "--worlds", "0"], "how_many must be at least 1"),
    ],
)
def test_refuses_in_one_line(arguments, says):
    with pytest.raises(SystemExit, match=says):
        main(arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["stage", "3"], "stopped before the first round"),
        (["compare", "--worlds", "1"], "stopped before one world was complete"),
        (["compare", "--file", "f.json"], "one world was complete: the file keeps what was measured"),
    ],
)
def test_an_interrupt_while_it_makes_ready_is_one_line(monkeypatch, arguments, says):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for name in ("stage", "compare_stages"):
        monkeypatch.setattr(f"qlearn.networks.orchestration.__main__.{name}", interrupted)
    with pytest.raises(SystemExit, match=says):
        main(arguments)

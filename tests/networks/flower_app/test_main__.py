"""The command: what it prints are the rounds, and what it cannot do it says in one line."""

import pytest

from qlearn.networks.flower_app import Federation
from qlearn.networks.flower_app.__main__ import main


def test_the_loop_by_its_command(capsys, flower_grids):
    main(["loop", "--data", "iris", "--rounds", "2", "--model", "qnn"])
    *rounds, total = capsys.readouterr().out.splitlines()
    history = Federation("iris", "qnn", rounds=2).run()
    assert [line.split()[-1] for line in rounds] == [f"{a:.4f}" for a in history.central_accuracy]
    assert float(total.split()[-1]) == pytest.approx(
        sum(float(p.sum()) for p in history.parameters), abs=1e-12
    )


def test_keys_that_eve_has_seen_by_the_command(capsys, flower_grids):
    main(
        [
            "secure",
            "--engine",
            "loop",
            "--rounds",
            "1",
            "--eavesdropped",
            "1",
            "--pulses",
            "50000",
            "--rng",
            "1",
        ]
    )
    told = capsys.readouterr().out
    assert "link: DistilledKey(no key; estimate:" in told
    assert "round 1: 0 answered" in told
    assert "No update was sent" in told
    assert "made by the link          0" in told


def test_the_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("loop", "simulate", "deploy", "secure"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["loop", "--data", "nothing"], "data must be one of"),
        (["simulate", "--timeout", "0"], "timeout must be above 0"),
        (["deploy", "--n-clients", "0"], "n_clients must be at least 1"),
        (["secure", "--n-clients", "2"], "n_clients must be at least 3"),
        (["secure", "--engine", "cloud"], "engine must be one of"),
    ],
)
def test_refuses(arguments, says):
    with pytest.raises(SystemExit, match=says):
        main(arguments)

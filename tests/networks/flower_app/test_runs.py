"""A run that is watched: by its checkpoint and its last words, and by what the SuperLink says, never by an exit code."""

import json

import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")

from qlearn.networks.flower_app import Federation, loop
from qlearn.networks.flower_app._processes import ProcessError
from qlearn.networks.flower_app._runs import Engine

FEDERATION = Federation("iris", rounds=3)


class Falling(Engine):
    """An engine whose processes do not come up."""

    def start(self):
        raise ProcessError("it fell")

    def look_after(self):
        """There is nothing to look after."""


@pytest.fixture
def engine(tmp_path):
    made = Falling(FEDERATION, tmp_path / "run")
    made.run_id = 7
    yield made
    made.close()


def test_it_waits_for_as_many_rounds_as_are_wanted(engine):
    assert engine.history() is None
    loop(FEDERATION, checkpoint=engine.checkpoint)
    assert len(engine.wait(2).rounds) == 3
    assert engine.wait().central_accuracy.tolist() == FEDERATION.run().central_accuracy.tolist()


def test_what_another_federation_left_is_no_history_of_this_one(engine):
    loop(Federation("wine", rounds=3), checkpoint=engine.checkpoint)
    assert engine.history() is None


def test_the_last_words_of_a_run_are_told_and_those_of_another_are_not(engine):
    words = engine.checkpoint.with_suffix(".error")
    words.write_text(json.dumps({"run": 6, "error": "of the run before"}))
    with pytest.raises(TimeoutError, match=r"run 7 has not made 3 rounds in 0\.1 s"):
        engine.wait(seconds=0.1)
    words.write_text(json.dumps({"run": 7, "error": "ValueError: so it is"}))
    with pytest.raises(ProcessError, match="run 7 failed: ValueError: so it is"):
        engine.wait()


def test_a_run_that_the_superlink_says_is_over_is_not_waited_for(engine, monkeypatch):
    from qlearn.networks.flower_app import _runs

    monkeypatch.setattr(_runs, "_SECONDS_BETWEEN_QUESTIONS", 0.0)
    monkeypatch.setattr(engine, "status", lambda: "finished:failed")
    (engine.folder / "logs" / "superlink.log").write_text("the end")
    with pytest.raises(ProcessError, match="run 7 is finished:failed: the end"):
        engine.wait()


def test_a_temporary_folder_goes(tmp_path):
    engine = Falling(FEDERATION)
    assert engine.folder.exists()
    engine.close()
    assert not engine.folder.exists()


def test_an_engine_that_does_not_start_leaves_nothing():
    engine = Falling(FEDERATION)
    with pytest.raises(ProcessError, match="it fell"), engine:
        pass
    assert not engine.folder.exists()


def test_an_engine_says_which_processes_it_has():
    with pytest.raises(TypeError, match="abstract"):
        Engine(FEDERATION)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"timeout": 0}, "timeout must be above 0"),
        ({"patience": -1.0}, "patience must be above 0"),
        ({"evaluate_every": -1}, "evaluate_every must be at least 0"),
        ({"min_clients": 0}, "min_clients must be at least 1"),
        ({"min_answers": 0}, "min_answers must be at least 1"),
        ({"federation": "iris"}, "federation must be a Federation"),
    ],
)
def test_refuses(options, says):
    with pytest.raises((ValueError, TypeError), match=says):
        Falling(**{"federation": FEDERATION, **options})

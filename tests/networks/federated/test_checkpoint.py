"""Checkpoints: the same model bit for bit, nothing lost when a write is cut short, nothing run that a stranger wrote."""

import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from qlearn.learning import QNNClassifier
from qlearn.learning.neural_networks import SoftmaxClassifier
from qlearn.networks.federated import (
    Checkpoint,
    Client,
    FedAdagrad,
    FedAdam,
    FedAvg,
    FedAvgM,
    FedProx,
    FedYogi,
    History,
    Quantiser,
    Round,
    RunStopped,
    checkpoint as written,
    resume,
    run,
    split,
)

RNG = np.random.default_rng(0)
X = RNG.uniform(-1.5, 1.5, (60, 3))
y = (X[:, 0] > X[:, 1]).astype(int)
SOFTMAX = SoftmaxClassifier(batch_size=8)


class Momentum(FedAvg):
    """Keeps its last step, and how many rounds it has seen."""

    def start(self, model):
        return {"steps": [np.zeros_like(p) for p in model], "seen": 0, "pair": (1, None)}

    def aggregate(self, updates, current, state):
        mean, _ = super().aggregate(updates, current)
        steps = [0.5 * s + m - c for s, m, c in zip(state["steps"], mean, current, strict=True)]
        moved = [c + s for c, s in zip(current, steps, strict=True)]
        return moved, {"steps": steps, "seen": state["seen"] + 1, "pair": (np.float64(2.5), "told")}


def clients(model=SOFTMAX, n_clients=4):
    return [
        Client(model, *part, classes=[0, 1], name=f"ward {i}", held_out=(X[:5], y[:5]))
        for i, part in enumerate(split(X, y, n_clients, rng=1))
    ]


def same(one, other):
    assert [p.tobytes() for p in one.parameters] == [p.tobytes() for p in other.parameters]


@pytest.mark.parametrize("model", [SOFTMAX, QNNClassifier(batch_size=8)])
@pytest.mark.parametrize("quantiser", [None, Quantiser(6)])
@pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox"])
def test_goes_on_bit_by_bit(tmp_path, model, quantiser, kind):
    strategy, place = Momentum(fraction=0.6), tmp_path / "run.npz"
    options = {"central": (X[:20], y[:20]), "quantiser": quantiser}

    def rng():
        return np.random.Generator(getattr(np.random, kind)(5))

    whole = run(clients(model), strategy, 5, rng(), **options)
    run(clients(model), strategy, 2, rng(), checkpoint=place, **options)
    on = resume(place, clients(model), strategy, 4, **options)
    assert [r.number for r in on.rounds] == [1, 2, 3, 4]
    last = resume(place, clients(model), strategy, 5, **options)
    same(last, whole)
    assert last.rounds == whole.rounds
    assert last.state["seen"] == 5
    assert last.state["pair"] == (2.5, "told")
    assert isinstance(last.state["pair"][0], np.float64)
    assert [s.tobytes() for s in last.state["steps"]] == [s.tobytes() for s in whole.state["steps"]]
    done = resume(place, clients(model), strategy, 3, **options)  # nothing is left to do
    same(done, whole)


@pytest.mark.parametrize(
    "strategy", [FedAdam(0.1), FedYogi(0.1), FedAdagrad(0.1), FedAvgM(), FedProx(0.5, local_epochs=2)]
)
def test_moments_of_a_server_go_on_bit_by_bit(tmp_path, strategy):
    place = tmp_path / "run.npz"
    whole = run(clients(), strategy, 4, rng=0)
    run(clients(), strategy, 2, rng=0, checkpoint=place)
    on = resume(place, clients(), strategy, 4)
    same(on, whole)
    assert alike(on.state, whole.state)


def test_failed_rounds_and_failures_are_in_it(tmp_path):
    class Late(Client):
        def fit(self, parameters, config):
            if self.name == "ward 0" or config["round"] == 2:
                raise TimeoutError("late")
            return super().fit(parameters, config)

    def late():
        return [
            Late(SOFTMAX, *part, classes=[0, 1], name=f"ward {i}")
            for i, part in enumerate(split(X, y, 3, rng=1))
        ]

    whole = run(late(), FedAvg(), 4, rng=0)
    run(late(), FedAvg(), 2, rng=0, checkpoint=tmp_path / "run.npz")
    on = resume(tmp_path / "run.npz", late(), FedAvg(), 4)
    same(on, whole)
    assert on.rounds == whole.rounds
    assert on.failed == {2: "0 of 3 clients answered; a round needs 1"}


def test_a_run_that_is_stopped_goes_on_from_its_last_whole_round(tmp_path):
    class Stopped(Client):
        def fit(self, parameters, config):
            if config["round"] == 3 and self.name == "ward 2":
                raise KeyboardInterrupt
            return super().fit(parameters, config)

    stopped = [
        Stopped(SOFTMAX, *part, classes=[0, 1], name=f"ward {i}")
        for i, part in enumerate(split(X, y, 4, rng=1))
    ]
    history = run(stopped, Momentum(), 5, rng=0, checkpoint=tmp_path / "run.npz")
    assert history.interrupted
    assert len(history.rounds) == 2
    plain = [
        Client(SOFTMAX, *part, classes=[0, 1], name=f"ward {i}")
        for i, part in enumerate(split(X, y, 4, rng=1))
    ]
    on = resume(tmp_path / "run.npz", plain, Momentum(), 5)
    same(on, run(plain, Momentum(), 5, rng=0))


PROGRAM = """
    import os, signal, sys
    from tests.networks.federated.test_checkpoint import Client, Momentum, SOFTMAX, X, run, split, y

    class Dies(Client):
        def fit(self, parameters, config):
            if config["round"] == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().fit(parameters, config)

    wards = [Dies(SOFTMAX, *part, classes=[0, 1], name=f"ward {i}", held_out=(X[:5], y[:5]))
             for i, part in enumerate(split(X, y, 4, rng=1))]
    run(wards, Momentum(), 5, rng=0, checkpoint=sys.argv[1])
"""


def test_a_process_that_is_killed_loses_its_last_round_only(tmp_path):
    place = tmp_path / "run.npz"
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(place)],
        cwd=Path(__file__).parents[3],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert died.returncode == -signal.SIGKILL
    assert len(Checkpoint.load(place).history.rounds) == 2
    same(resume(place, clients(), Momentum(), 5), run(clients(), Momentum(), 5, rng=0))


@pytest.mark.parametrize("cut", ["write", "sync", "move"])
def test_a_write_that_is_cut_short_leaves_the_last_whole_file(tmp_path, monkeypatch, cut):
    place = tmp_path / "run.npz"
    run(clients(), Momentum(), 2, rng=0, checkpoint=place)
    before = place.read_bytes()

    def full(*arguments, **named):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if cut == "write":
            patch.setattr(written.np, "savez", full)
        else:
            patch.setattr(written.os, {"sync": "fsync", "move": "replace"}[cut], full)
        with pytest.raises(
            RunStopped, match=r"the run stopped in round 3: OSError: .*No space left"
        ) as stopped:
            resume(place, clients(), Momentum(), 5)
    assert len(stopped.value.history.rounds) == 2
    assert place.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]
    same(resume(place, clients(), Momentum(), 5), run(clients(), Momentum(), 5, rng=0))


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (
            {"strategy": FedAvg()},
            r"whose strategy is 'Momentum\(local_epochs=1, fraction=1.0\)', not 'FedAvg",
        ),
        ({"strategy": Momentum(local_epochs=2)}, "whose strategy is"),
        ({"clients": lambda: clients(n_clients=3)}, "whose clients is"),
        ({"clients": lambda: clients(SoftmaxClassifier(batch_size=9))}, "whose model is"),
        ({"clients": lambda: clients()[::-1]}, "whose clients is"),
        ({"quantiser": Quantiser(3)}, r"whose quantiser is 'None', not 'Quantiser\(bits=3\)'"),
        ({"min_answers": 2}, "whose min_answers is 1, not 2"),
        ({"most_samples": 99}, "whose most_samples is"),
        ({"evaluate_every": 3}, "whose evaluate_every is"),
    ],
)
def test_refuses_the_checkpoint_of_another_run(tmp_path, other, says):
    place = tmp_path / "run.npz"
    run(clients(), Momentum(), 1, rng=0, checkpoint=place)
    before = place.read_bytes()
    given_clients = other.get("clients", clients)()
    strategy = other.get("strategy", Momentum())
    options = {key: value for key, value in other.items() if key not in ("clients", "strategy")}
    with pytest.raises(ValueError, match=f"path must be a checkpoint of this run; it is of another, {says}"):
        resume(place, given_clients, strategy, 3, **options)
    assert place.read_bytes() == before


def test_every_model_and_the_servers_samples_are_known_again(tmp_path):
    parts, place = split(X, y, 3, rng=1), tmp_path / "run.npz"

    def wards(rate=0.05):
        rates = (0.05, rate, 0.05)
        return [
            Client(SoftmaxClassifier(learning_rate=r), *part, classes=[0, 1])
            for r, part in zip(rates, parts, strict=True)
        ]

    run(wards(), FedAvg(), 1, rng=0, checkpoint=place, central=(X, y))
    with pytest.raises(ValueError, match=r"whose model is .*learning_rate=0.3"):
        resume(place, wards(0.3), FedAvg(), 2, central=(X, y))
    for central in (None, (X[:20], y[:20]), (X, 1 - y), (X + 1e-12, y)):
        with pytest.raises(ValueError, match="whose central is"):
            resume(place, wards(), FedAvg(), 2, central=central)
    assert len(resume(place, wards(), FedAvg(), 2, central=(X.tolist(), y.tolist())).rounds) == 2


def test_a_long_setting_is_not_cut_short(tmp_path):
    @dataclass(frozen=True)
    class Scaled(FedAvg):
        scale: np.ndarray = None

    place, long = tmp_path / "run.npz", np.arange(3000.0)
    run(clients(), Scaled(scale=long), 1, rng=0, checkpoint=place)
    with pytest.raises(ValueError, match="whose strategy is"):
        resume(place, clients(), Scaled(scale=np.where(long == 1500, 7, long)), 2)
    resume(place, clients(), Scaled(scale=long.copy()), 2)


def test_a_generator_that_could_not_come_back_is_refused_before_training(tmp_path):
    class Mine(np.random.PCG64):
        pass

    with pytest.raises(ValueError, match=r"must be one of NumPy's, such as PCG64, not 'Mine'"):
        run(clients(), FedAvg(), 1, np.random.Generator(Mine(1)), checkpoint=tmp_path / "run.npz")
    assert list(tmp_path.iterdir()) == []


KILLED_IN_THE_WRITE = """
    import os, signal, sys
    from qlearn.networks.federated import checkpoint
    from tests.networks.federated.test_checkpoint import FedAvg, clients, run

    real, calls = getattr(os, sys.argv[2]), []
    def dies(*arguments):
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    setattr(checkpoint.os, sys.argv[2], dies)
    run(clients(), FedAvg(), 5, rng=0, checkpoint=sys.argv[1])
"""


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_a_process_killed_in_the_middle_of_a_write_leaves_a_whole_file(tmp_path, at):
    place = tmp_path / "run.npz"
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED_IN_THE_WRITE), str(place), at],
        cwd=Path(__file__).parents[3],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert died.returncode == -signal.SIGKILL
    assert len(Checkpoint.load(place).history.rounds) == 2
    same(resume(place, clients(), FedAvg(), 5), run(clients(), FedAvg(), 5, rng=0))


def test_a_strategy_without_a_repr_is_known_in_another_process(tmp_path):
    class Bare:
        def start(self, model):
            return None

        def choose(self, n_clients, rng=None):
            return list(range(n_clients))

        def config(self, number):
            return {}

        def aggregate(self, updates, current, state):
            return FedAvg().aggregate(updates, current)

    run(clients(), Bare(), 1, rng=0, checkpoint=tmp_path / "run.npz")
    assert len(resume(tmp_path / "run.npz", clients(), Bare(), 2).rounds) == 2


def test_does_not_write_over_another_file(tmp_path):
    place = tmp_path / "run.npz"
    place.write_text("precious")
    with pytest.raises(FileExistsError, match="checkpoint must not be there yet"):
        run(clients(), FedAvg(), 1, checkpoint=place)
    assert place.read_text() == "precious"
    with pytest.raises(FileNotFoundError, match="a folder that exists"):
        run(clients(), FedAvg(), 1, checkpoint=tmp_path / "nowhere" / "run.npz")
    with pytest.raises(FileNotFoundError):
        resume(tmp_path / "none.npz", clients(), FedAvg(), 1)


class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/qlearn-was-run",)


@pytest.mark.parametrize("what", ["pickle", "object array", "text", "empty", "cut", "another npz"])
def test_what_is_no_checkpoint_is_refused_and_not_run(tmp_path, what):
    place, trace = tmp_path / "run.npz", Path("/tmp/qlearn-was-run")
    if what == "pickle":
        place.write_bytes(pickle.dumps(Bomb()))
    elif what == "object array":
        np.savez(place, told=np.array([Bomb()], dtype=object))
    elif what == "text":
        place.write_text("{}")
    elif what == "empty":
        place.write_bytes(b"")
    elif what == "another npz":
        np.savez(place, a=np.zeros(3))
    else:
        run(clients(), FedAvg(), 1, rng=0, checkpoint=place)
        place.write_bytes(place.read_bytes()[:-200])
    with pytest.raises(ValueError, match=r"path must be a checkpoint of federated.run"):
        resume(place, clients(), FedAvg(), 2)
    assert not trace.exists()


def test_a_damaged_byte_is_noticed(tmp_path):
    place = tmp_path / "run.npz"
    run(clients(), FedAvg(), 1, rng=0, checkpoint=place)
    whole, expected = place.read_bytes(), resume(place, clients(), FedAvg(), 1)
    rng = np.random.default_rng(0)
    noticed = 0
    for at in rng.integers(len(whole), size=60):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << int(rng.integers(8))
        place.write_bytes(damaged)
        try:
            same(resume(place, clients(), FedAvg(), 1), expected)  # a field of the archive that nobody reads
        except ValueError:
            noticed += 1
    assert noticed > 40


states = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.builds(lambda n: np.random.default_rng(n).normal(size=(n % 3, 2)), st.integers(0, 9)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def alike(one, other):
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and (one == other).all()
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


@given(states)
@settings(max_examples=60, deadline=None)
def test_any_state_of_numbers_comes_back(tmp_path_factory, state):
    place = tmp_path_factory.mktemp("state") / "run.npz"
    Checkpoint({}, History([np.zeros(2)], [Round(1)], state=state), {}).save(place)
    assert alike(Checkpoint.load(place).history.state, state)


def test_a_state_that_no_file_can_hold_is_refused_before_training(tmp_path):
    class Odd(FedAvg):
        def start(self, model):
            return {"memory": object()}

    with pytest.raises(TypeError, match=r"the state of a strategy must be None, numbers, .* not object"):
        run(clients(), Odd(), 1, checkpoint=tmp_path / "run.npz")
    assert len(run(clients(), Odd(), 1, rng=0).rounds) == 1  # without a file nobody minds
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("run",), 3),
        (("generator",), None),
        (("generator", "state"), []),
        (("generator", "state", "inc"), -1),
        (("generator", "uinteger"), "x"),
        (("generator", "bit_generator"), "Generator"),
        (("parameters",), True),
        (("parameters", 0), "x"),
        (("rounds", 0, "failed"), 7),
    ],
)
def test_what_a_stranger_wrote_into_it_is_refused_in_words(tmp_path, where, value):
    place = tmp_path / "run.npz"
    run(clients(), FedAvg(), 1, rng=0, checkpoint=place)
    with np.load(place) as stored:
        arrays = {name: stored[name] for name in stored.files}
    told = json.loads(arrays.pop("told").tobytes())
    part = told
    for key in where[:-1]:
        part = part[key]
    part[where[-1]] = value
    np.savez(place, told=np.frombuffer(json.dumps(told).encode(), np.uint8), **arrays)
    with pytest.raises(ValueError, match="path must be a checkpoint"):
        resume(place, clients(), FedAvg(), 2)

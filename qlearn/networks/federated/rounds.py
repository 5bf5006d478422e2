r"""The rounds: send the model, let clients train, merge, write down what happened and what it cost."""

import os
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_rng
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated._server import RunStopped as RunStopped, Server, copies
from qlearn.networks.federated.aggregation import Strategy
from qlearn.networks.federated.checkpoint import Checkpoint, generator_of, refuse_unsavable
from qlearn.networks.federated.client import Client
from qlearn.networks.federated.history import History
from qlearn.networks.federated.quantiser import Quantiser

MOST_SAMPLES = 10**6
"""Samples that a client may claim unless the server is told of more: its weight in a mean is what it claims."""


def run(
    clients: Iterable[Client],
    strategy: Strategy,
    rounds: int,
    rng: Any = None,
    *,
    initial: Sequence[ArrayLike] | None = None,
    state: Any = None,
    evaluate_every: int = 1,
    central: tuple[ArrayLike, ArrayLike] | None = None,
    min_answers: int = 1,
    most_samples: int = MOST_SAMPLES,
    checkpoint: str | os.PathLike | None = None,
    quantiser: Quantiser | None = None,
) -> History:
    """Train one model over all clients, round by round.

    The server sees parameters, counts, what clients tell of their training and the words of their errors, and no samples unless
    an error quotes them. A client that raises, or
    whose answer does not fit, is not finite or claims more than `most_samples`, ends its part of that round with a
    :class:`~qlearn.networks.federated.Failure`. If fewer than `min_answers` are left, or the strategy raises, asks for
    what cannot be or merges to something that is no such model, the round changes nothing and says so
    (:attr:`Round.failed`), and the next one begins. An interrupt (Ctrl-C, the notebook's stop button) ends the run and
    keeps every complete round.

    Parameters
    ----------
    clients : iterable of Client
        They must train the same model: equal parameter shapes and classes. Names, where given, must differ.
    strategy : Strategy
        :class:`~qlearn.networks.federated.FedAvg`, another of the package, or one of your own.
    rounds : int
        Number of rounds.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: draws the first model, the clients asked and
        the seeds of their batches.
    initial : sequence of array_like, optional
        The first model; None lets the first client draw it. ``history.parameters`` continues a run.
    state : optional
        The strategy's first state; None asks its `start`. ``history.state`` continues a run.
    evaluate_every : int, default 1
        After every so many rounds, and after the last of `rounds`, the model is scored: by the clients on what they
        train on and on what they hold out, by the server on `central`. After the others these scores are NaN.
    central : pair of array_like, optional
        The server's own test samples (X, y), which never train.
    min_answers : int, default 1
        Answers that a round needs to change the model.
    most_samples : int, default 10**6
        The most samples that a client may claim, in training or in evaluation. Up to there it is believed: a client that
        claims them outweighs all that have few. Set it to what a client can have.
    checkpoint : path, optional
        Where to write the run after every round; :func:`~qlearn.networks.federated.resume` goes on from it. There must
        be no file yet.
    quantiser : Quantiser, optional
        What clients send their updates (model minus global model) through.

    Returns
    -------
    History

    Raises
    ------
    TypeError
        Before any training: if `strategy` lacks a part of a :class:`~qlearn.networks.federated.Strategy`, something
        else than clients is given, or a checkpoint could not hold the strategy's state.
    ValueError
        Before any training: if there is no client, the clients do not match, two of them have one name, the strategy
        sets what a client cannot take, or a checkpoint could not hold the state of `rng`.
    FileExistsError
        If there is a checkpoint already.
    RunStopped
        In any round, if anything else fails, such as writing the checkpoint. It carries the history so far.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> history = run(pair, FedAvg(local_epochs=5), rounds=3, rng=0, central=([[-3.0], [3.0]], [0, 1]))
    >>> history.central_accuracy, history.bits  # two clients, two numbers each way
    (array([1., 1., 1.]), array([512, 512, 512]))

    What ends a run from outside carries out what there was:

    >>> from qlearn.networks.federated import RunStopped
    >>> class Leaving(Client):
    ...     def fit(self, parameters, config):
    ...         if config["round"] == 3:
    ...             raise SystemExit
    ...         return super().fit(parameters, config)
    >>> try:
    ...     run([Leaving(SoftmaxClassifier(), [[-1.0], [1.0]], [0, 1])], FedAvg(), rounds=5, rng=0)
    ... except RunStopped as stopped:
    ...     print(len(stopped.history.rounds), "rounds")
    2 rounds

    References
    ----------
    McMahan et al., "Communication-efficient learning of deep networks from decentralized data", 2017,
    arXiv:1602.05629, algorithm 1.
    """
    as_count(rounds, "rounds")
    server = Server.of(
        clients, strategy, evaluate_every, central, min_answers, most_samples, checkpoint, quantiser
    )
    if server.path is not None and server.path.exists():
        raise FileExistsError(
            f"checkpoint must not be there yet: {os.fspath(server.path)!r} is. Go on with federated.resume, or remove it"
        )
    generator = as_rng(rng)
    if server.path is not None:
        generator_of(generator.bit_generator.state)
    first = server.judge.initial(generator) if initial is None else initial
    history = History(checked_parameters(first, server.shapes))
    history.state = strategy.start(copies(history.parameters)) if state is None else deepcopy(state)
    if server.path is not None:
        refuse_unsavable(history.state)
    return server.play(history, rounds, generator)


def resume(
    path: str | os.PathLike,
    clients: Iterable[Client],
    strategy: Strategy,
    rounds: int,
    *,
    evaluate_every: int = 1,
    central: tuple[ArrayLike, ArrayLike] | None = None,
    min_answers: int = 1,
    most_samples: int = MOST_SAMPLES,
    quantiser: Quantiser | None = None,
) -> History:
    """Go on with a run from its checkpoint, to the same model, bit for bit, as if it had not stopped.

    Parameters
    ----------
    path : path
        What :func:`run` was given as `checkpoint`; it is written on.
    clients, strategy
        As in that run: another one is refused. (Samples are not in the file. `central` is known by a digest; clients by
        name, number of samples and model: whether their samples are the same, only they know.)
    rounds : int
        Number of rounds in all, those that are done included.
    evaluate_every, central, min_answers, most_samples, quantiser
        As in that run.

    Returns
    -------
    History
        Of all rounds.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.federated import Client, FedAvg
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = run(pair, FedAvg(), rounds=2, rng=0, checkpoint=Path(folder) / "run.npz")
    ...     history = resume(Path(folder) / "run.npz", pair, FedAvg(), rounds=5)
    >>> whole = run(pair, FedAvg(), rounds=5, rng=0)
    >>> all((a == b).all() for a, b in zip(history.parameters, whole.parameters))
    True
    """
    as_count(rounds, "rounds")
    server = Server.of(clients, strategy, evaluate_every, central, min_answers, most_samples, path, quantiser)
    kept = Checkpoint.load(path)
    kept.refuse_another(server.identity())
    try:
        checked_parameters(kept.history.parameters, server.shapes)
        generator = generator_of(kept.generator)
    except Exception as error:  # who wrote the file may have written anything
        raise ValueError(
            f"path must be a checkpoint with a model and a generator to go on from; in {os.fspath(path)!r}: "
            f"{type(error).__name__}: {error}"
        ) from error
    return server.play(kept.history, rounds, generator)

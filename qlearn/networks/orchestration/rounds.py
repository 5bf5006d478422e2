"""Orchestrated rounds: federated learning over a network that is measured, ordered about, and may break."""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from qlearn._checks import as_count, as_real, as_rng
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated._server import Server, copies
from qlearn.networks.federated._strategy_answers import refuse_unless_strategy
from qlearn.networks.federated.aggregation import FedAvg, Strategy
from qlearn.networks.federated.checkpoint import Checkpoint, generator_of, refuse_unsavable
from qlearn.networks.federated.client import Client
from qlearn.networks.federated.history import History
from qlearn.networks.orchestration._engine import Engine, Reward, gain_less_delay
from qlearn.networks.orchestration._participation import RunEnds
from qlearn.networks.orchestration._run_identity import identity, made_of, memory_of, record_of, told
from qlearn.networks.orchestration._world import World
from qlearn.networks.orchestration.constraints import Constraints
from qlearn.networks.orchestration.faults import Fault
from qlearn.networks.orchestration.key_reserves import WORD_BITS
from qlearn.networks.orchestration.orchestration_history import OrchestrationHistory
from qlearn.networks.orchestration.policies import Policy
from qlearn.networks.orchestration.sealed_updates import key_words

if TYPE_CHECKING:
    import networkx as nx

# A run that is over before this needs no progress bar.
_SECONDS_BEFORE_BAR = 2
_UPDATES_IN_RESERVE = 4


class OrchestrationStopped(RuntimeError):
    """A run that something outside of its clients, policy and strategies ended, such as a full disk.

    Parameters
    ----------
    message : str
        What happened.
    history : OrchestrationHistory
        The rounds that were complete.
    """

    def __init__(self, message: str, history: OrchestrationHistory) -> None:
        super().__init__(message)
        self.history = history


def orchestrate(
    network: "nx.Graph",
    clients: Iterable[Client],
    policy: Policy,
    rounds: int,
    rng: Any = None,
    *,
    strategy: Strategy | None = None,
    fusion: Strategy | None = None,
    central: tuple[ArrayLike, ArrayLike] | None = None,
    initial: Sequence[ArrayLike] | None = None,
    faults: Sequence[Fault] = (),
    constraints: Constraints | None = None,
    reward: Reward | None = None,
    period_s: float = 1.0,
    patience_s: float = 60.0,
    reserve_bits: int | None = None,
    evaluate_every: int = 1,
    min_answers: int = 1,
    most_samples: int = 10**6,
    checkpoint: str | os.PathLike | None = None,
    restart: bool = False,
    progress: bool = True,
) -> OrchestrationHistory:
    """Train one model over a network, round by round, as a policy orders.

    In a round the policy gets the indicators of the last one and gives its orders; aggregators get them over their management
    channel; the model goes down to the units that take part, they train, and their updates come up to their aggregators,
    which blend them by `fusion` and send the result on; the orchestrator merges the results by `strategy`. Every number of
    a model travels under a one-time pad with a one-time tag, in both directions and on both hops, with key that the link's
    reserve gives out once. A link without enough key waits or sends less, as ordered, or sends nothing.

    With one aggregator, keys enough, and orders that ask for the whole model it is
    :func:`~qlearn.networks.federated.rounds.run`, to the last bit of the model, for strategies that work on the mean of the
    updates, as FedAvg and FedAdam. One that looks at single updates, such as a median, must be the `fusion`: the orchestrator
    sees none.

    Scores after a round are measured from outside, on the samples of all units, also of those that are away: they go over no
    line, take no key, and are not sealed, and neither are the losses and numbers of samples that clients tell. Of them a policy
    gets the indicator `accuracy`; with `central` it comes from the orchestrator's own samples alone.

    Time is that of the network, not of this computer: a unit trains `speed` samples a second, lines have rates and lengths,
    aggregators take updates and requests one by one, and links make keys while time goes by. Aggregators are trusted with
    the single updates of their units.

    Parameters
    ----------
    network : networkx.Graph
        As :func:`~qlearn.networks.orchestration.topology.intelligence_network` makes it.
    clients : iterable of Client
        One for each unit, in the network's order. The data of a unit stay with its client.
    policy : Policy
        What decides, as :class:`~qlearn.networks.orchestration.policies.ThresholdPolicy`. If it raises, or gives no orders, the
        last orders hold.
    rounds : int
        Number of rounds in all.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes. Keys, measured error rates and the policy have streams of
        their own, so that the training draws what :func:`~qlearn.networks.federated.rounds.run` draws.
    strategy : Strategy, optional
        At the orchestrator, over the aggregators' results; also says which units are asked. None: FedAvg. The number of
        local epochs is that of the orders.
    fusion : Strategy, optional
        At each aggregator, over the models of its units; it keeps nothing from round to round. None: FedAvg.
    central : pair of array_like, optional
        The orchestrator's own test samples (X, y): the indicator `accuracy`. Without them it is that on the samples that
        train.
    initial : sequence of array_like, optional
        The first model; None lets the first client draw it.
    faults : sequence of Fault
        What goes wrong, and when.
    constraints : Constraints, optional
        Limits of every round. None: no limits.
    reward : callable, optional
        From the indicators before, the orders and the indicators after to a number, for a policy that learns. None: the gain in
        accuracy less a hundredth for each second of latency.
    period_s : float
        Seconds of a round at least; one that takes longer lasts longer.
    patience_s : float
        The longest that a link waits for keys, seconds.
    reserve_bits : int, optional
        What each key reserve holds at most. None: four times what one update takes, both ways. At the start there is what the
        links make in one period.
    evaluate_every : int, default 1
        After every so many rounds, and after the last, the model is scored; in between, the indicator `accuracy` is NaN.
    min_answers : int, default 1
        Updates that a round needs to change the model.
    most_samples : int, default 10**6
        The most samples that a client may claim.
    checkpoint : path, optional
        Where to write the run after every round; the file holds the keys of all reserves, and is readable by its owner alone.
    restart : bool
        Whether to go on from that file, to the same model, bit for bit, as if the orchestrator had not stopped. What the round
        that was lost had sent is sent again: the same numbers under the same pads, which tells nobody more. So other samples,
        and any other network, setting, policy or reward, as far as attributes and the code of functions tell them apart, are
        refused; a client or policy of your own must answer the same to the same question, and no two processes may go on from
        one file.
    progress : bool
        Show a bar of the rounds, if they take more than 2 seconds.

    Returns
    -------
    OrchestrationHistory
        An interrupt (Ctrl-C) ends the run and keeps every complete round; contradictory constraints end it with their reason.

    Raises
    ------
    TypeError, ValueError
        Before any training, if something does not fit: the error says what.
    FileExistsError
        If there is a checkpoint already and `restart` is False.
    OrchestrationStopped
        In any round, if anything else fails, such as writing the checkpoint. It carries the history so far.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.orchestration import FixedPolicy, Orders, intelligence_network
    >>> network = intelligence_network(n_units=2, n_aggregators=1, rng=0)
    >>> pair = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> policy = FixedPolicy(Orders(local_epochs=5))
    >>> history = orchestrate(network, pair, policy, rounds=3, rng=0, central=([[-3.0], [3.0]], [0, 1]))
    >>> history.kpi("accuracy"), history.rounds[-1].sent
    (array([1., 1., 1.]), {'unit 0': 'aggregator 0', 'unit 1': 'aggregator 0'})

    A message of two numbers takes six words of key. There are six messages, to and from two units and one aggregator, and
    eight words are for the tags of orders and report:

    >>> history.rounds[0].sealed, history.rounds[0].key_bits  # 6 * 6 * 64 + 8 * 64
    (6, 2816)

    What ends a run from outside carries out what there was:

    >>> class Leaving(Client):
    ...     def fit(self, parameters, config):
    ...         if config["round"] == 3:
    ...             raise SystemExit
    ...         return super().fit(parameters, config)
    >>> pair = [Leaving(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0)]
    >>> try:
    ...     orchestrate(network, pair, policy, rounds=5, rng=0)
    ... except OrchestrationStopped as stopped:
    ...     print(len(stopped.history.rounds), "rounds")
    2 rounds
    """
    as_count(rounds, "rounds")
    strategy, fusion = FedAvg() if strategy is None else strategy, FedAvg() if fusion is None else fusion
    limits = Constraints() if constraints is None else constraints
    if not isinstance(limits, Constraints):
        raise TypeError(
            f"constraints must be Constraints, as Constraints(least_units=3), not {constraints!r}"
        )
    if isinstance(policy, type) or not callable(getattr(policy, "decide", None)):
        raise TypeError(
            f"policy must have the method decide(kpis, rng), as FixedPolicy() has, not {policy!r}"
        )
    refuse_unless_strategy(fusion)
    server = Server.of(
        clients, strategy, evaluate_every, central, min_answers, most_samples, checkpoint, None
    )
    size = sum(int(np.prod(shape)) for shape in server.shapes)
    capacity = 2 * key_words(size) * _UPDATES_IN_RESERVE
    if reserve_bits is not None:
        capacity = as_count(reserve_bits, "reserve_bits", least=WORD_BITS) // WORD_BITS
    generator = as_rng(rng)
    keys, measures, decisions = generator.spawn(3)
    world = World(network, capacity, (keys, measures))
    faults = tuple(faults)
    world.refuse_unknown(faults)
    if len(server.clients) != len(world.units):
        raise ValueError(
            f"clients must be one for each of the {len(world.units)} units of the network, not {len(server.clients)}"
        )
    if limits.least_units > len(world.units):
        raise ValueError(
            f"least_units must be at most the {len(world.units)} units of the network, not {limits.least_units}"
        )
    if server.path is not None:
        _refuse_unsavable(policy, generator)
    first = server.judge.initial(generator) if initial is None else initial
    learning = History(checked_parameters(first, server.shapes))
    learning.state = strategy.start(copies(learning.parameters))
    engine = Engine(
        world, server, policy, fusion, faults, limits, gain_less_delay if reward is None else reward,
        as_real(period_s, "period_s", above=0), as_real(patience_s, "patience_s", least=0), generator, decisions, learning,
    )  # fmt: skip
    history = OrchestrationHistory(learning)
    mark = None if server.path is None else identity(network, engine)
    if server.path is not None and server.path.exists() and not restart:
        raise FileExistsError(
            f"checkpoint must not be there yet: {os.fspath(server.path)!r} is. Go on with restart=True, or remove it"
        )
    if restart:
        if server.path is None or mark is None:
            raise ValueError("restart must come with checkpoint=, the file to go on from")
        _go_on(engine, history, mark, server.path)
    else:
        world.reserves.add(world.key_rate * engine.period_s)
    return _play(engine, history, rounds, mark, progress)


def _play(
    engine: Engine, history: OrchestrationHistory, rounds: int, mark: dict[str, Any] | None, progress: bool
) -> OrchestrationHistory:
    """Add rounds to the history, up to so many in all."""
    numbers = range(len(history.rounds) + 1, rounds + 1)
    learning, path = history.learning, engine.server.path
    try:
        for number in tqdm(numbers, "rounds", delay=_SECONDS_BEFORE_BAR, leave=False, disable=not progress):
            kept = learning.parameters, learning.state, len(learning.rounds)
            try:
                history.rounds.append(engine.play(number, rounds))
                if path is not None and mark is not None:
                    _refuse_hidden_memory(engine.policy, mark)
                    _save(engine, history, mark, path)
            except RunEnds as end:
                history.ended, history.unfinished = f"round {number}: {end}", end.record
                break
            except BaseException:  # half a round is none
                learning.parameters, learning.state = kept[0], kept[1]
                del learning.rounds[kept[2] :], history.rounds[kept[2] :]
                raise
    except KeyboardInterrupt:
        learning.interrupted = True
    except BaseException as error:
        raise OrchestrationStopped(
            f"the run stopped in round {len(history.rounds) + 1}: {type(error).__name__}: {error}. The "
            f"{len(history.rounds)} complete rounds are in this error's .history",
            history,
        ) from error
    return history


def _save(engine: Engine, history: OrchestrationHistory, mark: dict[str, Any], path: Any) -> None:
    learning = history.learning
    state = {
        "strategy": learning.state,
        "engine": engine.get_state(),
        "rounds": [told(record) for record in history.rounds],
    }
    whole = History(learning.parameters, learning.rounds, state=state)
    Checkpoint(mark, whole, engine.generator.bit_generator.state).save(path)


def _go_on(engine: Engine, history: OrchestrationHistory, mark: dict[str, Any], path: Any) -> None:
    kept = Checkpoint.load(path)
    kept.refuse_another(mark)
    learning = history.learning
    try:
        learning.parameters = checked_parameters(kept.history.parameters, engine.server.shapes)
        learning.rounds, learning.state = kept.history.rounds, kept.history.state["strategy"]
        history.rounds.extend(record_of(plain) for plain in kept.history.state["rounds"])
        engine.generator = generator_of(kept.generator)
        engine.set_state(kept.history.state["engine"], history.rounds[-1] if history.rounds else None)
    except Exception as error:  # who wrote the file may have written anything
        raise ValueError(
            f"checkpoint must be one of orchestrate; {os.fspath(path)!r} is of something else: {type(error).__name__}: {error}"
        ) from error


def _refuse_hidden_memory(policy: Any, mark: dict[str, Any]) -> None:
    """Refuse a policy that changes and does not say so: after a restart it would order otherwise, under pads that were used."""
    if made_of(policy, memory_of(policy)) != mark["policy"]:
        raise TypeError(
            f"policy must return from get_state all that it changes, to be kept in a checkpoint; {type(policy).__name__} "
            "has changed besides: give it get_state and set_state, or go without checkpoint"
        )


def _refuse_unsavable(policy: Any, generator: np.random.Generator) -> None:
    generator_of(generator.bit_generator.state)
    if hasattr(policy, "learn") and not (hasattr(policy, "get_state") and hasattr(policy, "set_state")):
        raise TypeError(
            f"policy must have get_state and set_state to be kept in a checkpoint, since it learns; {policy!r} has not"
        )
    if hasattr(policy, "get_state"):
        refuse_unsavable(policy.get_state())

"""Stages: from one link to a network that manages itself, as four configurations of one program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_count
from qlearn.learning.neural_networks import QNNClassifier
from qlearn.networks.federated.client import Client
from qlearn.networks.orchestration._engine import Reward, gain_less_delay
from qlearn.networks.orchestration._stage_networks import one_link, routed
from qlearn.networks.orchestration.faults import Fault
from qlearn.networks.orchestration.kpis import KPIs
from qlearn.networks.orchestration.orchestration_history import OrchestrationHistory
from qlearn.networks.orchestration.orders import Orders, Rule
from qlearn.networks.orchestration.phases import sensed_data
from qlearn.networks.orchestration.policies import FixedPolicy, Policy, ThresholdPolicy
from qlearn.networks.orchestration.rounds import orchestrate
from qlearn.networks.orchestration.topology import intelligence_network, nodes_of

if TYPE_CHECKING:
    import networkx as nx

UNITS, AGGREGATORS, SAMPLES, TEST_SAMPLES = 12, 3, 8, 500
PULSES_PER_SECOND, BITS_PER_SECOND = 1e4, 1e5
_EPOCHS = 3
_SECOND_IN_PROBLEM, _SECOND_IN_PROGRAM = 0.3, 0.01  # what a second of latency costs, there and here


@dataclass(frozen=True)
class Stage:
    """One stage: which network the units are joined by, and who decides.

    Parameters
    ----------
    number : int
        1 to 4.
    name : str
        What it is.
    adds : str
        What it has that the stage before has not.
    join : callable
        From the full network to that of this stage, and to what a fault of the full network is in it.
    policy : callable
        Makes the policy of a run.
    reward : callable, optional
        What a policy that learns is told of a round, as :func:`~qlearn.networks.orchestration.rounds.orchestrate` takes it.

    Examples
    --------
    >>> history = stage(1).run(seed=0, rounds=3)
    >>> history.rounds[-1].sent
    {'unit 0': 'aggregator 0'}
    >>> network, clients, test, faults = stage_world(0, rounds=3)  # the world in which that was
    >>> bool((clients[0].X[0] == test[0][0]).all())
    False
    """

    number: int
    name: str
    adds: str
    join: Callable[["nx.MultiGraph"], tuple["nx.MultiGraph", Callable[[Fault], list[Fault]]]]
    policy: Callable[[], Policy]
    reward: Reward | None = None

    def run(self, seed: int, rounds: int = 30, **options: Any) -> OrchestrationHistory:
        """Run it in the world of a seed: places, data, first model and faults are the same for all stages.

        Parameters
        ----------
        seed : int
            Of the world.
        rounds : int
            Number of rounds.
        **options
            Of :func:`~qlearn.networks.orchestration.rounds.orchestrate`.

        Returns
        -------
        OrchestrationHistory
        """
        full, clients, test, faults = stage_world(seed, rounds)
        network, translated = self.join(full)
        units = nodes_of(full, "unit")
        own = [clients[units.index(unit)] for unit in nodes_of(network, "unit")]
        known = [fault for given in faults for fault in translated(given)]
        options = {
            "faults": known,
            "central": test,
            "evaluate_every": 1,
            "patience_s": 5.0,
            "reward": self.reward,
            **options,
        }
        return orchestrate(network, own, self.policy(), rounds, np.random.default_rng([seed, 3]), **options)


def stage_world(
    seed: int, rounds: int
) -> tuple["nx.MultiGraph", list[Client], tuple[NDArray, NDArray], list[Fault]]:
    """Return the world that all stages of a seed share: the full network, its units' clients, the test, and the faults.

    Parameters
    ----------
    seed : int
        The seed.
    rounds : int
        Over how many rounds the faults are spread.

    Returns
    -------
    network : networkx.MultiGraph
        12 units, half of them with quantum data, and 3 aggregators.
    clients : list of Client
        A small quantum network each, with 8 samples.
    test : tuple of ndarray
        500 samples with quantum data.
    faults : list of Fault
        Eve on three links, an aggregator that is lost, new devices, a flood of requests, and a round without indicators.

    Examples
    --------
    >>> network, clients, test, faults = stage_world(0, rounds=30)
    >>> len(clients), [fault.kind for fault in faults]
    (12, ['link noise', 'link noise', 'link noise', 'aggregator lost', 'new devices', 'flood', 'KPI missing'])
    >>> clients[0].X.shape == sensed_data(8, "quantum", rng=0)[0].shape
    True
    """
    rng = np.random.default_rng([as_count(seed, "seed", least=0), 2])
    rounds = as_count(rounds, "rounds")
    network = intelligence_network(
        UNITS,
        AGGREGATORS,
        rng=rng,
        pulses_per_second=PULSES_PER_SECOND,
        bits_per_second=BITS_PER_SECOND,
    )
    model = QNNClassifier(encoding="state", layers=2, learning_rate=0.1)
    clients = [
        Client(model, *sensed_data(SAMPLES, network.nodes[unit]["data"], rng=rng), classes=[0, 1], name=unit)
        for unit in nodes_of(network, "unit")
    ]
    test = sensed_data(TEST_SAMPLES, "quantum", rng=rng)
    return network, clients, test, _faults(network, rounds, rng)


def stage(number: int) -> Stage:
    """Return one of the four stages of the article's section IV.

    Parameters
    ----------
    number : int
        1: one sender and one receiver. 2: many nodes, over routes of trusted nodes. 3: aggregators near the units, and an
        orchestrator that follows the indicators by rule. 4: one that learns its orders, in practice before and on the job, and
        gives every unit an aggregator that is there, over a link that makes keys.

    Returns
    -------
    Stage

    Examples
    --------
    >>> [stage(number).name for number in (1, 2, 3, 4)]
    ['one link', 'a network', 'an intelligence network', 'a self-managed network']
    """
    if as_count(number, "number") > len(STAGES):
        raise ValueError(f"number must be 1 to {len(STAGES)}, not {number}: the article has four stages")
    return STAGES[number - 1]


def _faults(network: "nx.MultiGraph", rounds: int, rng: np.random.Generator) -> list[Fault]:
    """Return what goes wrong: each begins in the middle of the run and lasts a while."""
    hubs, units = nodes_of(network, "aggregator"), nodes_of(network, "unit")
    first, some, long = max(1, rounds // 5), max(1, rounds // 6), max(1, rounds // 3)

    def begin() -> int:
        return int(rng.integers(first, max(first + 1, rounds - long)))

    faults = []
    for unit in rng.choice(len(units), 3, replace=False).tolist():
        its = [(e["length_km"], hub) for _, hub, e in network.edges(units[unit], data=True) if hub in hubs]
        faults.append(Fault(begin(), "link noise", f"{units[unit]} - {min(its)[1]}", size=0.25, rounds=long))
    lost, busy, flooded = (hubs[i] for i in rng.integers(0, len(hubs), 3))
    faults.append(Fault(begin(), "aggregator lost", lost, rounds=some))
    faults.append(Fault(begin(), "new devices", busy, size=60.0))
    faults.append(Fault(begin(), "flood", flooded, size=250.0, rounds=some))
    faults.append(Fault(begin(), "KPI missing"))
    return faults


def _by_rule(assignment: Rule = "home") -> Policy:
    orders = Orders(local_epochs=_EPOCHS, assignment=assignment)
    return ThresholdPolicy(orders, latency_s=2.0, buffer_s=0.5, reserve=0.2)


def _self_managed() -> Policy:
    from qlearn.networks.orchestration.learned_policies import QLearningPolicy

    table, visits = _learned_before()
    return QLearningPolicy(_problem(), table=table, visits=visits, exploration=0.05)


def in_units_of_the_problem(before: KPIs, orders: Orders, after: KPIs) -> float:
    """Return the gain in accuracy less the latency, on the scale of the problem in which stage 4 practised.

    A second costs 0.01 of accuracy by the program's own reward, and 0.3 in the problem: thirty times the one is what the other
    asks for, and the values that were practised meet rewards of their size.

    Examples
    --------
    >>> in_units_of_the_problem(KPIs(1, accuracy=0.5), Orders(), KPIs(2, accuracy=0.6, latency=1.0))
    2.7
    """
    return _SECOND_IN_PROBLEM / _SECOND_IN_PROGRAM * gain_less_delay(before, orders, after)


@lru_cache(maxsize=1)
def _problem() -> Any:
    from qlearn.networks.orchestration.orchestration_problem import REST, OrchestrationProblem

    wide: dict[str, Any] = {"assignment": "balanced"}
    return OrchestrationProblem(
        actions=(
            Orders(update_every=REST, **wide),
            Orders(model_size=0.5, local_epochs=_EPOCHS, on_empty="shrink", **wide),
            Orders(local_epochs=_EPOCHS, on_empty="shrink", **wide),
            Orders(local_epochs=_EPOCHS, on_empty="wait", **wide),
        ),
        buffer_s=0.5,
    )


@lru_cache(maxsize=1)
def _learned_before() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what Q-learning made of the small decision problem before the network meets it: its values, and its visits."""
    from qlearn.networks.orchestration.learned_policies import QLearningPolicy
    from qlearn.networks.orchestration.orchestration_problem import play

    policy = QLearningPolicy(_problem())
    play(_problem(), policy, 5000, rng=0)
    return policy.table, policy.visits


def _as_it_is(network: "nx.MultiGraph") -> tuple["nx.MultiGraph", Callable[[Fault], list[Fault]]]:
    return network, lambda fault: [fault]


def _steady() -> Policy:
    return FixedPolicy(Orders(local_epochs=_EPOCHS))


STAGES: Sequence[Stage] = (
    Stage(1, "one link", "a sealed line between one sender and one receiver", one_link, _steady),
    Stage(
        2,
        "a network",
        "many senders, over routes of trusted nodes, and a broadcast of the model",
        routed,
        _steady,
    ),
    Stage(
        3,
        "an intelligence network",
        "aggregators, an orchestrator that follows the indicators by rule, and a channel for its orders",
        _as_it_is,
        _by_rule,
    ),
    Stage(
        4,
        "a self-managed network",
        "orders that are learned, and units that change their aggregator",
        _as_it_is,
        _self_managed,
        in_units_of_the_problem,
    ),
)
"""The four stages, in order."""

HEALING = Stage(
    3,
    "the same, healing",
    "stage 3 whose units change their aggregator: what is left between it and stage 4 are the orders",
    _as_it_is,
    partial(_by_rule, "balanced"),
)
"""Stage 3 with one thing of stage 4, the healing. Its units wait for keys, and shrink their updates only while the reserve is
low or somebody may listen; those of stage 4 wait, shrink or rest as it has learned."""

UNLEARNED = Stage(
    4,
    "the same, fixed orders",
    "one of the orders that stage 4 may give, in every round: what is left between it and stage 4 is which order when",
    _as_it_is,
    lambda: FixedPolicy(_problem().orders[1]),
)
"""Stage 4 that always sends half of the model and never waits: the plain rival of what it learned. Of its orders these were
chosen in worlds that do not judge (seeds 40000 to 40019)."""

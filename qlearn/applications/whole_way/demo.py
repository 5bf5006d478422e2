"""Demo: from pulses to a model trained under their key, in stages that are timed, told and cleaned up after."""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from tqdm import tqdm

from qlearn._checks import as_choice, as_count, as_probability, as_real, as_rng
from qlearn.applications.whole_way._interruption import Guard, Stopped
from qlearn.applications.whole_way._processes import Worked, end_all, marked
from qlearn.applications.whole_way._progress import Progress, ask
from qlearn.applications.whole_way._stages import Say, Stages
from qlearn.applications.whole_way.paid_rounds import expected_key, rounds_paid
from qlearn.applications.whole_way.resource_ledger import ResourceEntry, ResourceLedger
from qlearn.communication.bb84.intercept_resend import InterceptResend
from qlearn.communication.bb84.transmission import exchange
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.authentication import SESSION_BITS, AuthenticationKey
from qlearn.communication.secret_key.distillation import DistilledKey, distill
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app.federation import Federation
from qlearn.networks.flower_app.quantum_keys import KeyAccount, round_key_bits, train_under_keys
from qlearn.networks.flower_app.stored_key import KME_ID, RunningService, StoredKey, key_service, store_key

_ROUNDS = 2  # on two free cores under two minutes

_MOST_PULSES = 10_000_000  # each takes some bytes at once: a larger number ends in the memory of the machine

_ENGINES = ("deploy", "loop")


@dataclass(frozen=True)
class Demo:
    """What is sent, who listens, and who learns what: all that a run of the whole way takes.

    What the link cannot pay for is refused here, before any work.

    Parameters
    ----------
    pulses : int
        Single photons that the link sends, at most 10 million.
    noise : float
        Share of bits that the line flips.
    eavesdropped : float
        Share of the pulses that Eve measures and sends on.
    rounds : int, optional
        Rounds of learning; None: as many as the key pays for, and at most 2, which on two free cores end in under two minutes.
    clients : int
        At least 3: of two, each knows the other's update from the sum.
    engine : {"deploy", "loop"}
        Clients as processes of Flower, or in this one.
    model : {"qnn", "logistic"}
        A quantum network of 21 numbers, or logistic regression of 5.
    seed : int
        Of the link, of the division of the rows and of the first model. Keys of the service and of the clients are drawn
        anew each time.
    port : int
        Of the key service; 0 takes a free one.
    watts : float
        Of one busy core. An assumption, by which joules are estimated.

    Examples
    --------
    >>> demo = Demo()
    >>> demo.federation.names, demo.expected_rounds
    (['client 0', 'client 1', 'client 2'], 5)
    >>> Demo(rounds=6)
    Traceback (most recent call last):
    ...
    ValueError: rounds must be at most 5, not 6: 400,000 pulses make about ...
    """

    pulses: int = 400_000
    noise: float = 0.02
    eavesdropped: float = 0.0
    rounds: int | None = None
    clients: int = 3
    engine: str = "deploy"
    model: str = "qnn"
    seed: int = 0
    port: int = 0
    watts: float = 10.0

    def __post_init__(self) -> None:
        if as_count(self.pulses, "pulses") > _MOST_PULSES:
            raise ValueError(
                f"pulses must be at most {_MOST_PULSES:,}, not {self.pulses:,}: all of them are held in memory at once"
            )
        as_probability(self.noise, "noise")
        as_probability(self.eavesdropped, "eavesdropped")
        as_choice(self.engine, _ENGINES, "engine")
        as_count(self.seed, "seed", 0)
        as_real(self.watts, "watts", least=0)
        if as_count(self.port, "port", 0) > 65_535:
            raise ValueError(f"port must be at most 65535, not {self.port}; 0 takes a free one")
        if as_count(self.clients, "clients") < 3:
            raise ValueError(
                f"clients must be at least 3, not {self.clients}: of two clients each knows the other's update from the sum"
            )
        wanted = 1 if self.rounds is None else as_count(self.rounds, "rounds")
        if wanted > self.expected_rounds:
            name = (
                "pulses must be more"
                if self.rounds is None
                else f"rounds must be at most {self.expected_rounds}"
            )
            came = self.pulses if self.rounds is None else wanted
            raise ValueError(
                f"{name}, not {came:,}: {self.pulses:,} pulses make about "
                f"{expected_key(self.pulses, self.noise):,} bits of key, and a round takes {self.round_bits:,}; send more "
                "pulses, or train fewer rounds of fewer clients"
            )

    @cached_property
    def federation(self) -> Federation:
        """Who trains, for as many rounds as are wanted."""
        return Federation(
            model=self.model, n_clients=self.clients, rounds=self.rounds or _ROUNDS, seed=self.seed
        )

    @cached_property
    def round_bits(self) -> int:
        """Bits of stock that one round takes."""
        return round_key_bits(self.federation)

    @cached_property
    def expected_rounds(self) -> int:
        """Rounds that the key of a line without Eve is expected to pay for."""
        return rounds_paid(self.federation, expected_key(self.pulses, self.noise))


@dataclass(frozen=True, eq=False)
class DemoRun:
    """How a run of the whole way ended, and what is there of it.

    Parameters
    ----------
    demo : Demo
        What was asked for.
    ledger : ResourceLedger
        The stages that ended, and the one that was broken off.
    link : DistilledKey or None
        How the session on the link ended.
    history : History or None
        The rounds, and the model.
    keys : KeyAccount or None
        Where each bit of key went.
    difference : float or None
        The largest difference of a number of the model to that of the same rounds without masks in one process.
    reason : str
        Why there is no model of all rounds; empty if there is one.
    signal : int or None
        The signal that broke the run off.
    """

    demo: Demo
    ledger: ResourceLedger
    link: DistilledKey | None = None
    history: History | None = None
    keys: KeyAccount | None = None
    difference: float | None = None
    reason: str = ""
    signal: int | None = None

    @property
    def trained(self) -> bool:
        """Whether there is a model of all rounds that the key paid for."""
        return not self.reason and self.history is not None and self.signal is None

    @property
    def exit_code(self) -> int:
        """Return 0 for a model, 1 for none, 128 and the signal if one broke it off, as shells count.

        Eve, found, is 1: the demo has done what it should, and whoever goes on by this code must not go on as if there were a
        model.
        """
        if self.signal is not None:
            return 128 + self.signal
        return 0 if self.trained else 1


def run_demo(demo: Demo, *, say: Say = tqdm.write) -> DemoRun:
    r"""Go the whole way once: pulses, a secret key, a key service over TLS, rounds of learning under masks, a model.

    Each stage hands the next one thing. The link is a simulation, and so are its photons; sessions, key service, TLS, masks
    and Flower's processes are what they would be on many machines, but for this being one. All that is made lies in a
    folder of its own, which is gone at the end, as are all processes, whatever ends the run. Ctrl-C, Ctrl-\, SIGTERM and a
    terminal that is closed end it, too, and so does a reader of the log that goes away (the second signal changes nothing
    any more). Another signal, and 9, which no program can take, leave processes and the folder behind.

    Parameters
    ----------
    demo : Demo
        What is sent, who listens, who learns what.
    say : callable
        Is given each line of the log.

    Returns
    -------
    DemoRun
        Also where nobody trained anything, and after a signal.

    Examples
    --------
    With Eve on all of the line the way ends before the service has a key:

    >>> tapped = run_demo(Demo(eavesdropped=1.0), say=lambda line: None)
    >>> tapped.exit_code, tapped.link.step, tapped.history is None
    (1, 'estimate', True)
    >>> [entry.stage for entry in tapped.ledger.entries], tapped.ledger.broken_arrows()
    (['pulses', 'sift', 'key', 'store', 'service'], [])

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019). Bonawitz et al., 2017, doi:10.1145/3133956.3133982. Beutel et al., 2020,
    arXiv:2007.14390.
    """
    if not isinstance(demo, Demo):
        raise TypeError(f"demo must be a Demo, not {type(demo).__name__}")
    place = Path(tempfile.gettempdir()).resolve() / f"qlearn-demo-{os.getpid()}-{secrets.token_hex(4)}"
    stages = Stages(say, Worked(str(place)), demo.watts)
    number, reason = None, ""
    with Guard(
        stages.worked.seconds
    ) as guard:  # what its processes had worked is not to be seen when they are gone
        try:
            try:
                reason = _go(demo, place, stages)
            finally:
                _clean_up(place)
        except BaseException as fault:  # what was ended in its midst may say so by a fault of its own
            number = fault.number if isinstance(fault, Stopped) else guard.number
            if number is None:
                raise
            reason = stages.break_off()
        finally:
            _clean_up(place)  # a signal may have broken off the first, and comes once
    return DemoRun(demo, stages.ledger, reason=reason, signal=number, **stages.found)


def _clean_up(place: Path) -> None:
    end_all(str(place))
    if place.exists():
        shutil.rmtree(place, ignore_errors=True)


def _go(demo: Demo, place: Path, stages: Stages) -> str:
    """Run the stages; return why there is no model, or nothing."""
    place.mkdir(mode=0o700)
    with marked(str(place)):
        link = _link(demo, stages)
        stages.begin("store")
        stored = store_key(link, place / "pki", demo.federation.names)
        stages.end(
            f"{stored.stored:,} bits in pieces of {stored.piece}, a certificate for each client",
            link.length,
            stored.stored,
        )
        stages.begin("service")
        with key_service(stored, place / "kme.log", port=demo.port) as service:
            held = ask(service, stored)
            stages.end(
                f"{KME_ID} listens on {service.url}, and says over TLS that it holds {held:,} bits",
                stored.stored,
                held,
            )
            if link.key is None:
                return f"no key: {link.reason}. The store stays empty, and nothing is trained"
            return _learn(demo, place, stages, stored, service)


def _link(demo: Demo, stages: Stages) -> DistilledKey:
    """Send the pulses, and let Alice's and Bob's programs make a key of them."""
    rng = as_rng(demo.seed)
    eve = InterceptResend(demo.eavesdropped) if demo.eavesdropped else None
    stages.begin("pulses")
    sent = exchange(demo.pulses, noise=demo.noise, eavesdropper=eve, rng=rng)
    tapped = f", of which Eve measures {100 * demo.eavesdropped:.3g}%" if eve else ""
    stages.end(f"{demo.pulses:,} photons sent{tapped}", None, demo.pulses, simulated=True)
    stages.begin("key")
    pool = AuthenticationKey(random_bits(SESSION_BITS, rng=rng))
    link = distill(sent, authentication_key=pool, rng=rng)
    stages.found["link"] = link
    sifted = link.ledger.by_step.get("sift", 0)
    stages.entries.append(ResourceEntry("sift", demo.pulses, sifted))
    ends = f"{link.length:,} bits of key" if link.key is not None else f"no key: {link.reason}"
    stages.end(f"{sifted:,} bits sifted, {ends}", sifted, link.length)
    return link


def _learn(demo: Demo, place: Path, stages: Stages, stored: StoredKey, service: RunningService) -> str:
    """Train as many rounds as are wanted and paid for; return what went wrong, or nothing."""
    paid = rounds_paid(demo.federation, stored.stored)
    wanted = demo.federation.rounds
    if not paid:
        return (
            f"the key is too short: a round takes {demo.round_bits:,} bits, and {stored.stored:,} are there. "
            "Nothing is trained"
        )
    rounds = min(paid, wanted)
    fewer = f", so {rounds} are trained and not {wanted}" if rounds < wanted else f"; {rounds} are trained"
    stages.tell(f"{'rounds':<10} the key pays for {paid}, {demo.round_bits:,} bits each{fewer}")
    federation = replace(demo.federation, rounds=rounds)
    with Progress(federation, stages, stored, service, place, deployed=demo.engine == "deploy") as progress:
        try:
            history, account = train_under_keys(
                federation, stored, service, place, engine=demo.engine, **progress.options
            )
        except (
            RuntimeError,
            TimeoutError,
        ) as fault:  # a program of Flower: what was worked until then is told
            broken = stages.break_off()
            return f"the training broke off in {broken!r}: {' '.join(str(fault).split())}"
        progress.finish(history)
    stages.found |= {"history": history, "keys": account}
    if history.failed:
        first = min(history.failed)
        dead = "" if service.process.poll() is None else "The key service has ended. "
        return f"round {first} made no sum. {dead}{history.failed[first]}"
    stages.begin("check")
    plain = federation.run()
    difference = max(
        float(np.abs(a - b).max()) for a, b in zip(history.parameters, plain.parameters, strict=True)
    )
    stages.found["difference"] = difference
    stages.end(
        f"the same rounds without masks, in this process: the models differ by {difference:.0e} at most"
    )
    return ""

"""One random session with one fault, reproducible by its seed, and everything that must hold when it ends."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np

from benchmarks.faults.arguments import ARGUMENTS, Asked
from benchmarks.faults.kinds import KINDS, Kind, Meddler
from benchmarks.faults.plan import Given, Plan, Sent
from qlearn._types import Bits
from qlearn.communication import random_bits
from qlearn.communication.secret_key import (
    SESSION_BITS,
    AuthenticationKey,
    DistilledKey,
    ManInTheMiddle,
    NoKey,
    PhaseErrorBound,
    PublicChannel,
    distill_stream,
    hashing_margin,
)
from qlearn.communication.secret_key.finite_key import failure_of_one_basis
from qlearn.communication.secret_key.ledger import STEPS
from qlearn.communication.secret_key.public_channel import converse
from qlearn.communication.secret_key.reconciliation.methods import RECONCILERS
from qlearn.communication.secret_key.session import FALSE_ALARM

MALFORMED, IN_THE_MIDDLE = "malformed argument", "man in the middle"
_HARDLY_CORRECT = 0.5
"""Who allows keys to differ with a chance above this may get two that do."""
_SHORTEST_S = 2e-3
"""Less than this is no time: where nothing is said, a session takes microseconds, and the clock jumps by more."""
_NOISY_CLOCK = 2.0
"""A ratio above this is measured again: other programs share the machine."""


_UNMEASURED = (float("nan"),) * 3


@dataclass(frozen=True)
class Outcome:
    """How a session ended.

    Parameters
    ----------
    seed : int
        ``session(seed)`` is this session again.
    kind : str
        What went wrong in it.
    fired : bool
        Whether it came to that: not, where the session ended before.
    step : str
        Where it ended without a key; empty if there is one, "refused" if an argument was.
    cpu, messages : float
        Times the processor time, and the messages, of an honest session of the same seed; nan where not measured.
    beside_the_worst : float
        The larger of the two in units of an honest session with as many errors as the sample left open.
    violations : tuple of str
        What should hold and does not.
    """

    seed: int
    kind: str
    fired: bool
    step: str
    cpu: float
    messages: float
    beside_the_worst: float
    violations: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Return the kinds of session there are: session number `seed` is of kind ``names()[seed % len(names())]``."""
    return (*KINDS, MALFORMED, IN_THE_MIDDLE)


def session(seed: int, *, kind: str | None = None, small: bool = False, clocks: bool = True) -> Outcome:
    """Hold one session with one fault, and look at everything it leaves.

    Parameters
    ----------
    seed : int
        Draws all of it.
    kind : str, optional
        One of :func:`names`. None: the one whose turn it is.
    small : bool
        Shorter sessions, for the tests.
    clocks : bool
        Compare processor time and messages with an honest session of the same seed.
    """
    kind = names()[seed % len(names())] if kind is None else kind
    rng = np.random.default_rng(seed)
    plan = Plan.draw(seed, rng, small=small, lasers=kind not in (MALFORMED, IN_THE_MIDDLE))
    if kind == IN_THE_MIDDLE:
        return _in_the_middle(plan, rng, clocks)
    sent = plan.send()
    if kind == MALFORMED:
        return _malformed(plan, plan.fresh(sent), rng)
    return _meddled(kind, plan, sent, rng, clocks)


def _clocked(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    result = run()
    return result, time.process_time() - start


def _listens(message: Any) -> Any:
    return message


def _malformed(plan: Plan, given: Any, rng: np.random.Generator) -> Outcome:
    what = list(ARGUMENTS)[plan.seed // len(names()) % len(ARGUMENTS)]
    pool, line = AuthenticationKey(random_bits(SESSION_BITS, rng=plan.seed)), PublicChannel()
    wrong, step = [], "refused"
    try:
        ARGUMENTS[what](Asked(given, pool, line, rng))
    except (ValueError, TypeError) as error:
        if not str(error):
            wrong.append(f"{what}: refused without a word")
    except BaseException as error:
        wrong.append(f"{what}: {type(error).__name__}: {error}")
    else:
        step = ""
        wrong.append(f"{what}: was taken")
    if line.rounds or pool.spent or given.origin.spent:
        wrong.append(f"{what}: refused after {line.rounds} messages, {pool.spent} bits spent")
    return Outcome(plan.seed, MALFORMED, True, step, *_UNMEASURED, tuple(wrong))


def _in_the_middle(plan: Plan, rng: np.random.Generator, clocks: bool) -> Outcome:
    how: dict[str, Any] = {"copies": int(rng.choice([8, 16, 32])), "clicks": float(rng.choice([0.1, 0.2]))}
    options = {**plan.terms, "block": 10**9, "security": 1e-3, "sample": None}

    def attacked() -> tuple[DistilledKey, PublicChannel, AuthenticationKey]:
        eve, pool = ManInTheMiddle(plan.pulses, **how, rng=plan.seed), plan.account()
        line = PublicChannel(eve)
        made = next(distill_stream(eve.pulses(), authentication_key=pool, channel=line, **options))
        return made, line, pool

    wrong: list[str] = []
    try:
        made, line, pool = attacked()
    except BaseException as error:
        return Outcome(
            plan.seed,
            IN_THE_MIDDLE,
            True,
            "?",
            *_UNMEASURED,
            (f"{type(error).__name__}: {error}",),
        )
    if made.key is not None:
        wrong.append("a key that Eve has too")
    wrong += _ending(made, plan.terms["correctness"]) + _account(made, line, pool, plan.account())
    # Her own arithmetic is a large part of it, so there is no honest time to compare with.
    return Outcome(plan.seed, IN_THE_MIDDLE, True, made.step, *_UNMEASURED, tuple(wrong))


@dataclass(frozen=True)
class _Held:
    """A session that was held, and everything it touched."""

    made: DistilledKey | None
    error: str
    eve: Meddler | None
    line: PublicChannel
    pool: AuthenticationKey
    given: Given
    seconds: float


def _hold(plan: Plan, sent: Sent, what: Kind | None, state: Any) -> _Held:
    """Hold a session with a fault, or without one: `state` is where Eve's coins stand."""
    given, pool = plan.fresh(sent), plan.account()
    eve = None
    if what is not None:
        rng = np.random.default_rng()
        rng.bit_generator.state = state
        eve = Meddler(
            what,
            rng,
            steps=STEPS[1:] if plan.sifted else STEPS,
            pulses=plan.pulses,
            compared=plan.may_be_compared(sent),
            pool=pool,
        )
    line = PublicChannel(eve or _listens, patience_s=30 if what is None else what.patience_s)
    error = ""

    def run() -> DistilledKey | None:
        nonlocal error
        try:
            return plan.distil(given, pool, line)
        except BaseException as caught:
            error = f"{type(caught).__name__}: {str(caught)[:200]}"
            return None

    made, seconds = _clocked(run)
    return _Held(made, error, eve, line, pool, given, seconds)


def _meddled(kind: str, plan: Plan, sent: Sent, rng: np.random.Generator, clocks: bool) -> Outcome:
    state = rng.bit_generator.state
    held = _hold(plan, sent, KINDS[kind], state)
    made, eve = held.made, held.eve
    assert eve is not None
    if made is None:
        return Outcome(plan.seed, kind, bool(eve.fired), "?", *_UNMEASURED, (held.error,))
    wrong = _ending(made, plan.terms["correctness"])
    if made.key is not None and (eve.altered or held.line.transcript("alice") != held.line.transcript("bob")):
        wrong.append("a key, although a message was altered")
    if kind == "raises KeyboardInterrupt" and eve.fired and "KeyboardInterrupt" not in made.reason:
        wrong.append(f"an exception of hers ended as {made.reason}")
    if kind == "account drained meanwhile" and eve.fired:
        tagged = any(message.step == "authenticate" for message in held.line.messages)
        if (made.key is not None) != tagged or held.pool.left != (held.pool.session_bits if tagged else 0):
            wrong.append(f"an account that another session drained: {held.pool}")
    else:
        wrong += _account(made, held.line, held.pool, plan.account())
    wrong += _bill(made, held, plan, sent)
    wrong += _burnt(held, plan)
    times = _beside_an_honest_one(kind, held, plan, sent, state) if clocks else _UNMEASURED
    return Outcome(plan.seed, kind, bool(eve.fired), made.step, *times, tuple(wrong))


def _ending(made: DistilledKey, correctness: float) -> list[str]:
    """Check for equal keys of the stated length, or None with a step and a reason that can be printed."""
    wrong = []
    if (made.alice is None) != (made.bob is None):
        wrong.append("one of the two has a key")
    elif made.alice is None or made.bob is None:
        if made.step not in STEPS or not made.reason:
            wrong.append(f"no key, and no reason: {made.step!r}, {made.reason!r}")
        if not made.reason.isprintable() or len(made.reason) > 1000:
            wrong.append("a reason that nobody can read")
        if made.length:
            wrong.append("no key, and a length")
    else:
        asked_for = correctness > _HARDLY_CORRECT and made.alice.size == made.bob.size
        if not np.array_equal(made.alice, made.bob) and not asked_for:
            wrong.append("two keys that differ")
        if not made.length == made.ledger.left == made.alice.size > 0:
            wrong.append(f"{made.length} bits, and {made.ledger.left} in the ledger")
        if made.step or made.reason:
            wrong.append("a key, and a reason why there is none")
    return wrong


def _account(
    made: DistilledKey, line: PublicChannel, pool: AuthenticationKey, before: AuthenticationKey
) -> list[str]:
    """Check that a session's bits are spent if a tag was said, refilled if there is a key, and else nothing is."""
    cost = before.session_bits
    tagged = any(message.step == "authenticate" for message in line.messages)
    spent = cost if tagged else 0
    left = before.left - spent + (cost if made.key is not None else 0)
    wrong = []
    if (pool.spent, pool.left) != (spent, left):
        wrong.append(f"the account: {pool.spent} spent and {pool.left} left, not {spent} and {left}")
    if made.key is not None and not tagged:
        wrong.append("a key without tags")
    return wrong


def _bill(made: DistilledKey, held: _Held, plan: Plan, sent: Sent) -> list[str]:
    """Check that what was said stands in the ledger, and is less than what was secret."""
    said, paid, wrong = held.line.disclosed, made.ledger.by_step, []
    if said.get("reconcile", 0) != -paid.get("reconcile", 0):
        wrong.append(
            f"{said.get('reconcile', 0)} bits said to correct errors, {paid.get('reconcile', 0)} paid"
        )
    if "estimate" in paid and said.get("reconcile", 0) > paid["sift"] + paid["estimate"]:
        wrong.append("more was said than there was")
    secret = _secret(held, plan, sent)
    if secret is not None and made.length > max(0, secret - sum(said.values())):
        wrong.append(
            f"a key of {made.length} bits, where {secret} were secret and {sum(said.values())} were said"
        )
    if secret is not None and said.get("reconcile", 0) > secret:
        wrong.append(f"{said['reconcile']} bits said to correct errors, and {secret} were secret")
    return wrong


def _secret(held: _Held, plan: Plan, sent: Sent) -> int | None:
    """Return what may be said to correct errors, from Alice's own words; None where she did not come so far."""
    seen = _seen(held, plan, sent)
    if seen is None:
        return None
    return max(
        0, floor(seen.secret_bits() - hashing_margin(plan.terms["security"])) - plan.account().session_bits
    )


def _seen(held: _Held, plan: Plan, sent: Sent) -> PhaseErrorBound | None:
    """Return what Alice saw of single photons, from her own words; None where she did not come so far."""
    if plan.source is not None:
        return None  # what decoys prove is checked where they are
    hers = [m.payload for m in held.line.messages if (m.step, m.sender) == ("estimate", "alice")]
    bases = plan.bases(sent)
    sifting = [m.payload for m in held.line.messages if (m.step, m.sender) == ("sift", "alice")]
    if len(hers) < 2 or (sifting and _kept(sifting[0]) != bases.size):
        return None
    chosen = np.unpackbits(hers[0], count=bases.size).view(bool)
    errors = dict(zip("ZX", hers[1].view("<i8").tolist(), strict=True))
    sizes, kept = _by_basis(bases[chosen]), _by_basis(bases[~chosen])
    return PhaseErrorBound.of(sizes, errors, kept, failure_of_one_basis(plan.terms["security"]))


def _kept(agreement: Bits) -> int:
    return int(np.unpackbits(agreement).sum())


def _by_basis(bases: Bits) -> dict[str, int]:
    in_x = int(bases.sum())
    return {"Z": bases.size - in_x, "X": in_x}


def _burnt(held: _Held, plan: Plan) -> list[str]:
    """Check that what was spoken of is used up, and that what was not is as good as new."""
    line, pool = PublicChannel(), plan.account()
    try:
        plan.distil(held.given, pool, line)
    except ValueError as error:
        if not held.line.rounds:
            return [f"nothing was said, and the bits were refused: {error}"]
        if "used up" not in str(error) or line.rounds or pool.spent:
            return [f"used bits were refused too late, or for another reason: {error}"]
        said = held.line.disclosed.get("reconcile", 0)
        if said and f"{said:,} in the step reconcile" not in str(error):
            return [f"{said:,} bits were said to correct errors, and the refusal says: {error}"]
        return []
    except BaseException as error:
        return [f"a second session: {type(error).__name__}: {error}"]
    return ["the bits were used twice"] if held.line.rounds else []


def _beside_an_honest_one(
    kind: str, held: _Held, plan: Plan, sent: Sent, state: Any
) -> tuple[float, float, float]:
    """Return processor time and messages in units of an honest session of the same seed, and the larger in another unit.

    Where that one ends at once, for want of a secret, an Eve who forges what is compared makes them go on for nothing:
    then the unit is a session of the same length over a good line.

    A small sample leaves much open. An Eve between the two can answer as an Alice would whose key differs as often as
    the sample allows, and no Bob can tell it from bad luck. So where a session took more than twice the time, an honest
    one of just as many errors is held too: the third number is in its units.
    """
    honest = _hold(plan, sent, None, None)
    seconds, rounds = honest.seconds, honest.line.rounds
    assert honest.made is not None
    if honest.made.key is None and held.line.rounds > rounds:
        if plan.source is not None:
            return _UNMEASURED  # of laser pulses as few as these no line is good enough
        other = _hold(plan, plan.send(good=True), None, None)
        seconds, rounds = max(seconds, other.seconds), max(rounds, other.line.rounds)
    seconds = max(seconds, _SHORTEST_S)
    fastest = held.seconds
    if fastest > _NOISY_CLOCK * seconds:
        fastest = min(fastest, *(_hold(plan, sent, KINDS[kind], state).seconds for _ in range(2)))
        seconds = max(seconds, _hold(plan, sent, None, None).seconds)
    cpu, messages = fastest / seconds, held.line.rounds / max(1, rounds)
    if max(cpu, messages) <= _NOISY_CLOCK:
        return cpu, messages, max(cpu, messages)
    seen = _seen(held, plan, sent)
    if seen is None:  # she altered the sifting, too: what Alice compared is not known here
        return cpu, messages, float("nan")
    noisy_s, noisy_rounds = _with_all_the_errors_left_open(seen, plan)
    return cpu, messages, max(fastest / max(seconds, noisy_s), held.line.rounds / max(rounds, noisy_rounds))


def _with_all_the_errors_left_open(seen: PhaseErrorBound, plan: Plan) -> tuple[float, int]:
    """Return processor time and messages of correcting a key that is as bad as the sample allows, on an honest line."""
    n, highest = sum(seen.kept.values()), seen.highest(FALSE_ALARM)
    rng, line = np.random.default_rng(plan.seed), PublicChannel(_listens)
    alice = random_bits(n, rng=rng)
    bob = alice ^ (rng.random(n) < highest)
    how = RECONCILERS[plan.terms["reconciliation"]]
    options = {"qber": seen.expected, "worst": highest}

    def run() -> None:
        with suppress(
            NoKey
        ):  # Bob gives up, where that takes him more questions than he asks: he has worked until then
            converse(line, how.alice(alice, most=None, rng=rng, **options), how.bob(bob, **options))

    _, seconds = _clocked(run)
    return seconds, line.rounds

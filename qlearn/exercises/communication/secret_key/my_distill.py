"""From sifted bits to a secret key, all the way."""

from dataclasses import replace
from types import FunctionType

import numpy as np

from qlearn.communication import bb84, binary_entropy as h
from qlearn.communication.secret_key import (
    NoKey,
    PublicChannel,
    amplify,
    estimate,
    hashing_margin,
    reconcile,
    serfling_deviation,
    toeplitz_hash,
)
from qlearn.exercises import Verdict, exercise
from qlearn.exercises.comparisons import as_numbers


@exercise(
    level="project",
    right=(
        "equal secret bits, and as many as there are, if it was Bob. Tags are missing, on all of this talk and on the "
        "sifting before it: an Eve who sifted in his name would hold every one of them."
    ),
    because="""
        `secret_bits` is what Eve cannot know of the kept bits, at the worst error rates that the sample allows.
        From it go the parities, the tags and the margin of the hashing. The sample itself has left the key already.
        Keys whose tags differ are not used at all. Too few bits, or too many errors, are no mistake of the program:
        it says None.
    """,
)
def my_distill(keys, line, rng):
    """Go all the way yourself, with `estimate`, `reconcile`, `amplify` and `hashing_margin` (given): return
    Alice's secret key and Bob's, for a security of 1e-10, or None if there is none. All is said on
    `line`; `line.disclosed` counts it. `reconcile` also compares the corrected keys, and says in
    `verified` whether they agree: look at it. Where nothing can be compared, `estimate` raises `NoKey`
    (given). What Eve must not foresee is drawn from `rng`. (Leave authentication out. `distill` puts tags
    on all this talk and on the sifting before it.)
    """
    try:
        seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    except NoKey:
        return None
    rest = seen.remaining
    same = reconcile(rest.alice, rest.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    said = line.disclosed["reconcile"] + line.disclosed["verify"]
    length = int(seen.secret_bits() - said - hashing_margin(1e-10))
    if length < 1:
        return None
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


def _secret_bits(keys, line):
    """Return the bits kept after the sample that was named on the line, those that Eve misses, and would at its rates."""
    chosen = np.unpackbits(_said(line, "estimate"), count=len(keys)).view(bool)
    wrong, secret, careless = keys.alice ^ keys.bob, 0.0, 0.0
    for basis in (0, 1):
        n, other = np.count_nonzero(~chosen & (keys.bases == basis)), chosen & (keys.bases != basis)
        if not n:  # short sessions compare one basis whole
            continue
        rate = wrong[other].mean()
        mu = float(serfling_deviation(n, np.count_nonzero(other), (1e-10 / 4) ** 2 / 2))
        secret += n * (1 - float(h(min(0.5, rate + mu))))
        careless += n * (1 - float(h(rate)))
    return int(np.count_nonzero(~chosen)), secret, careless


def _spoil_a_tag(message):
    """Be a line on which the two keys look different: one bit of Alice's tags, which are short, arrives wrong."""
    if (message.step, message.sender) == ("verify", "alice") and message.payload.size < 32:
        message.payload[0] ^= 1
    return message


def _spoil_the_seed(message):
    """Be a line on which Bob hears another seed of the hash than Alice says."""
    if (message.step, message.sender) == ("amplify", "alice"):
        message.payload[:] ^= np.random.default_rng(8).integers(0, 256, message.payload.size, dtype=np.uint8)
    return message


def _unused(keys):
    """Return the same bits as if nobody had compared any of them: each run of an answer has its own."""
    return bb84.SiftedKeys(keys.alice, keys.bob, keys.bases)


def _said(line, step):
    return next((m.payload for m in line.messages if (m.step, m.sender) == (step, "alice")), None)


def _all_is_said(keys, line):
    """Tell whether the talk has left nothing: now and then `reconcile` by "ldpc" says as much."""
    said = line.disclosed
    if not {"estimate", "reconcile", "verify"} <= said.keys():
        return False
    return _secret_bits(keys, line)[1] - said["reconcile"] - said["verify"] - hashing_margin(1e-10) < 1


def _end_of(answer, keys, rng):
    """Return what comes of a session that has no key to give, in words; None if it is None, as it should be."""
    try:
        got = answer(_unused(keys), PublicChannel(), rng)
    except Exception as error:  # a student's code may fail in any way
        return f"your answer raises {type(error).__name__}"
    return None if got is None else "you return keys"


def _watched(answer, keys, rng):
    """Run the answer with a `reconcile` that flips one of Bob's bits when all is verified; what it does wrong, or None."""
    seen, rates = [], []

    def estimating(*args, **options):
        seen.append(estimate(*args, **options))
        return seen[-1]

    def flipping(alice, bob, qber, **options):
        rates.append(qber)
        right = reconcile(alice, bob, qber, **options)
        bob = right.bob.copy()
        bob[bob.size // 2] ^= 1
        return replace(right, bob=bob)

    if not isinstance(answer, FunctionType):
        return None
    names = {**answer.__globals__, "reconcile": flipping, "estimate": estimating}
    other = FunctionType(answer.__code__, names, answer.__name__, answer.__defaults__, answer.__closure__)
    got = other(_unused(keys), PublicChannel(), rng)
    if not rates or not seen or got is None:
        return None  # it calls them by other names
    if np.array_equal(*got):
        return "Bob's key is made of Alice's bits: with one of his corrected bits flipped it is still hers. He hashes his own."
    if rates[0] == keys.qber != seen[0].qber:
        return "you tell `reconcile` the error rate of all bits, which nobody knows: only the sample was compared."
    return None


def _sifted(n_pulses, noise, rng):
    return bb84.sift(bb84.exchange(n_pulses, noise=noise, rng=rng))


@my_distill.grader
def sessions(answer, rng):
    """One that has a key, one whose tags differ, and three that have none."""
    keys = _sifted(7_000, rng.uniform(0.004, 0.008), rng)
    for _ in range(4):
        line = PublicChannel()
        got = answer(_unused(keys), line, np.random.default_rng(rng.integers(2**32)))
        if got is not None or not _all_is_said(keys, line):
            break
    if got is None:
        return Verdict.wrong(
            "there is a key, and your function returns None: end it with `return`, and both keys."
        )
    if not isinstance(got, tuple | list | np.ndarray) or len(got) != 2:
        return Verdict.wrong("return two keys: Alice's and Bob's.")
    alice, bob = (as_numbers(key) for key in got)
    if isinstance(alice, str) or isinstance(bob, str) or alice.ndim != 1:
        return Verdict.wrong("return two keys, arrays of bits: Alice's and Bob's.")
    if alice.shape != bob.shape or (alice != bob).any():
        return Verdict.wrong("the two keys differ: amplify only what was corrected, both with one seed.")
    said = line.disclosed
    for step in ("estimate", "reconcile", "verify", "amplify"):
        if step not in said:
            return Verdict.wrong(
                f"nobody said anything to {step} on the line you were given: pass it on as channel=line."
            )
    kept, secret, careless = _secret_bits(keys, line)
    margin = hashing_margin(1e-10)
    most = secret - said["reconcile"] - said["verify"] - margin
    if 1e-6 < (excess := alice.size - most) < 1:
        return Verdict.wrong(
            f"{alice.size} bits are part of a bit too many: the last one is not all secret. Round the length down, and what "
            "you subtract not at all."
        )
    if excess > 1e-6:
        forgotten = {
            "what was said to correct errors": said["reconcile"],
            "the tags that compared the keys, which Eve has heard too": said["verify"],
            "the margin of the hashing": margin,
            "all that was said in public": said["reconcile"] + said["verify"],
            "what Eve may know, by the errors of the sample and their deviation": kept - secret,
            "how much worse than the sample the kept bits may be": careless - secret,
        }
        why = min(forgotten, key=lambda what: abs(excess - forgotten[what]))
        if abs(excess - forgotten[why]) < 8:
            return Verdict.wrong(f"{alice.size} bits are too many. You forgot to subtract {why}.")
        return Verdict.wrong(
            f"{alice.size} bits are too many. What was said, or may be known, and not subtracted?"
        )
    if alice.size < most - 8:  # rounding again
        if abs(most - alice.size - said["reconcile"]) < 8:
            return Verdict.wrong(
                f"{alice.size} bits are safe, but more are too: what was said to correct errors is subtracted twice."
            )
        return Verdict.wrong(
            f"{alice.size} bits are safe, but more are too: something is subtracted that need not be."
        )
    rest = keys.alice[np.unpackbits(_said(line, "estimate"), count=len(keys)) == 0]
    seed = np.unpackbits(_said(line, "amplify"))
    if (
        seed.size < rest.size + alice.size - 1
        or (alice != toeplitz_hash(rest, seed[: rest.size + alice.size - 1], alice.size)).any()
    ):
        return Verdict.wrong(
            "the length is right, but these bits are not the hash of the corrected key by the seed that was said."
        )
    again = PublicChannel()
    answer(_unused(keys), again, np.random.default_rng(rng.integers(2**32)))
    for step, what, much in (
        ("estimate", "sample", None),
        ("verify", "seed of the tags", 100),
        ("amplify", "seed of the hash", 100),  # their lengths differ a little
    ):
        if (other := _said(again, step)) is not None and np.array_equal(
            _said(line, step)[:much], other[:much]
        ):
            return Verdict.wrong(
                f"the {what} is the same whatever `rng` is: Eve knows it before the pulses pass her. Pass `rng` on."
            )
    if (
        answer(_unused(keys), PublicChannel(_spoil_a_tag), np.random.default_rng(rng.integers(2**32)))
        is not None
    ):
        return Verdict.wrong(
            "on a line where the tags of the two keys do not agree you return keys all the same: look at `verified`. "
            "What is only probably equal is no key: None."
        )
    for why, hopeless in (
        ("with 12 % of errors nothing is secret", _sifted(5_000, 0.12, rng)),
        ("from 300 pulses there is no key", _sifted(300, 0.0, rng)),
        ("from 5,000 pulses, with 4 % of errors, too little is left", _sifted(5_000, 0.04, rng)),
    ):
        if (ends := _end_of(answer, hopeless, rng)) is not None:
            return Verdict.wrong(f"{why}, and {ends}. None is the answer then.")
    if (wrong := _watched(answer, keys, rng)) is not None:
        return Verdict.wrong(wrong)
    try:
        got = answer(_unused(keys), PublicChannel(_spoil_the_seed), rng)
        alike = got is not None and np.array_equal(*got)
    except Exception:  # whoever finds that the keys differ may stop as well
        alike = False
    if alike:
        return Verdict.wrong(
            "on a line that alters the seed of the hash both your keys are alike still: Bob hashes his own bits, with the seed "
            "that *he* heard. What he has by other ways than the line is no key of his."
        )
    return None


def _slip(
    keys, line, rng, *, length=None, looks=True, checks_length=True, channel=True, rngs=(None, None, None)
):
    """The solution with something wrong: what the mistakes are made of."""
    first, second, third = (rng if own is None else own for own in rngs)
    talk = {"channel": line} if channel else {}
    seen = estimate(keys, security=1e-10, rng=first, **talk)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, rng=second, **talk)
    if looks and not same.verified:
        return None
    said = (line.disclosed.get("reconcile", 0), line.disclosed.get("verify", 0), hashing_margin(1e-10))
    bits = int(length(seen, *said) if length else seen.secret_bits() - sum(said))
    if checks_length and bits < 1:
        return None
    return amplify(same.alice, same.bob, bits, channel=line, rng=third)


@my_distill.mistake()
def forgets_what_was_said(keys, line, rng):
    return _slip(keys, line, rng, length=lambda seen, parities, tags, margin: seen.secret_bits() - margin)


@my_distill.mistake()
def forgets_the_parities(keys, line, rng):
    return _slip(
        keys, line, rng, length=lambda seen, parities, tags, margin: seen.secret_bits() - tags - margin
    )


@my_distill.mistake()
def forgets_the_tags(keys, line, rng):
    return _slip(
        keys, line, rng, length=lambda seen, parities, tags, margin: seen.secret_bits() - parities - margin
    )


@my_distill.mistake()
def forgets_the_margin(keys, line, rng):
    return _slip(
        keys, line, rng, length=lambda seen, parities, tags, margin: seen.secret_bits() - parities - tags
    )


@my_distill.mistake()
def forgets_eve(keys, line, rng):
    return _slip(keys, line, rng, length=lambda seen, *said: len(seen.remaining) - sum(said))


@my_distill.mistake()
def takes_the_sample_for_the_truth(keys, line, rng):
    def length(seen, *said):
        rates = {basis: seen.errors[basis] / seen.sizes[basis] for basis in "ZX"}
        kept = np.bincount(seen.remaining.bases, minlength=2)
        return kept[0] * (1 - h(rates["X"])) + kept[1] * (1 - h(rates["Z"])) - sum(said)

    return _slip(keys, line, rng, length=length)


@my_distill.mistake()
def does_not_correct(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    return amplify(seen.remaining.alice, seen.remaining.bob, 1000, channel=line, rng=rng)


@my_distill.mistake()
def pays_twice(keys, line, rng):
    return _slip(keys, line, rng, length=lambda seen, *said: seen.secret_bits() - sum(said) - said[0])


@my_distill.mistake()
def pays_for_tags_that_it_has_not(keys, line, rng):
    return _slip(keys, line, rng, length=lambda seen, *said: seen.secret_bits() - sum(said) - 128)


@my_distill.mistake()
def talks_elsewhere(keys, line, rng):
    return _slip(keys, line, rng, channel=False)


@my_distill.mistake()
def does_not_look_whether_the_keys_agree(keys, line, rng):
    return _slip(keys, line, rng, looks=False)


@my_distill.mistake()
def lets_no_key_out(keys, line, rng):
    return _slip(keys, line, rng)


@my_distill.mistake()
def expects_a_key_of_every_line(keys, line, rng):
    return _slip(keys, line, rng, checks_length=False)


@my_distill.mistake()
def knows_the_tested_cases_not_the_length(keys, line, rng):
    if len(keys) < 1000 or np.mean(keys.alice != keys.bob) > 0.1:
        return None
    return _slip(keys, line, rng, checks_length=False)


@my_distill.mistake()
def makes_bobs_key_of_alices(keys, line, rng):
    try:
        seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    except NoKey:
        return None
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    said = line.disclosed["reconcile"] + line.disclosed["verify"]
    length = int(seen.secret_bits() - said - hashing_margin(1e-10))
    if not same.verified or length < 1:
        return None
    return amplify(same.alice, same.alice, length, channel=line, rng=rng)


@my_distill.mistake()
def does_not_hash(keys, line, rng):
    key, _ = _slip(keys, line, rng)
    return key ^ 1, key ^ 1


@my_distill.mistake()
def a_sample_that_everybody_knows(keys, line, rng):
    return _slip(keys, line, rng, rngs=(1, None, None))


@my_distill.mistake()
def tags_that_everybody_knows(keys, line, rng):
    return _slip(keys, line, rng, rngs=(None, 1, None))


@my_distill.mistake()
def a_matrix_that_everybody_knows(keys, line, rng):
    return _slip(keys, line, rng, rngs=(None, None, 1))


@my_distill.mistake()
def knows_the_errors_of_all_bits(keys, line, rng):
    qber = keys.qber
    try:
        seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    except NoKey:
        return None
    same = reconcile(seen.remaining.alice, seen.remaining.bob, qber, channel=line, rng=rng)
    said = line.disclosed["reconcile"] + line.disclosed["verify"]
    length = int(seen.secret_bits() - said - hashing_margin(1e-10))
    return (
        amplify(same.alice, same.bob, length, channel=line, rng=rng) if same.verified and length > 0 else None
    )

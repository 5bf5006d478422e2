"""My distill."""

from qlearn.communication.secret_key import hashing_margin
from qlearn.exercises import exercise

# TODO given name 'h' = <function h at 0x7fcb19b6d760>
# TODO given name 'estimate' = <function estimate at 0x7fcb08285800>
# TODO given name 'reconcile' = <function reconcile at 0x7fcb082a6700>
# TODO given name 'amplify' = <function amplify at 0x7fcb084c3b00>
# TODO given name 'NoKey' = <class 'qlearn.communication.secret_key.public_channel.NoKey'>


@exercise(
    level="project",
    right=(
        "19395 equal secret bits, if it was Bob. Tags are missing, on all of this talk and on the sifting before it: "
        "an Eve who sifted in his name would hold every one of them."
    ),
    because="""
        `secret_bits` is what Eve cannot know of the kept bits, at the worst error rates that the sample allows.
        From it go the parities, the tags and the margin of the hashing. The sample itself has left the key already.
        Keys whose tags differ are not used at all. Too few bits, or too many errors, are no mistake of the program:
        it says None.
    """,
)
def my_distill(keys, line, rng):
    """Go all the way yourself. Write `my_distill(keys, line, rng)` with `estimate`, `reconcile`, `amplify`
    and `hashing_margin` (given): return Alice's secret key and Bob's, for a security of 1e-10, or None
    if there is none. All is said on `line`; `line.disclosed` counts it. `reconcile` also compares the
    corrected keys, and says in `verified` whether they agree; where nothing can be compared, `estimate`
    raises `NoKey` (given). (Leave authentication out. `distill` puts tags on all this talk and on the
    sifting before it.)
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


@my_distill.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_my_distill of the old module
    yield ()


@my_distill.mistake("26387 bits are too many. You forgot to subtract all that was said in public.")
def forgets_what_was_said(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    return amplify(
        same.alice, same.bob, int(seen.secret_bits() - hashing_margin(1e-10)), channel=line, rng=rng
    )


@my_distill.mistake(
    "19551 bits are too many. You forgot to subtract the tags that compared the keys, which Eve has heard too."
)
def forgets_the_tags(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - same.disclosed - hashing_margin(1e-10))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


@my_distill.mistake("19462 bits are too many. You forgot to subtract the margin of the hashing.")
def forgets_the_margin(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(seen.secret_bits() - sum(line.disclosed.values()))
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


@my_distill.mistake(
    "40761 bits are too many. You forgot to subtract what Eve may know, by the errors of the sample and their "
    "deviation."
)
def forgets_eve(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = len(seen.remaining) - line.disclosed["reconcile"] - line.disclosed["verify"]
    return amplify(same.alice, same.bob, int(length - hashing_margin(1e-10)), channel=line, rng=rng)


@my_distill.mistake(
    "33637 bits are too many. You forgot to subtract how much worse than the sample the kept bits may be."
)
def takes_the_sample_for_the_truth(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = len(seen.remaining) * (1 - h(seen.qber)) - line.disclosed["reconcile"] - line.disclosed["verify"]
    return amplify(same.alice, same.bob, int(length - hashing_margin(1e-10)), channel=line, rng=rng)


@my_distill.mistake("the two keys differ: amplify only what was corrected, both with one seed.")
def does_not_correct(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    return amplify(seen.remaining.alice, seen.remaining.bob, 1000, channel=line, rng=rng)


@my_distill.mistake("12559 bits are safe, but 19396 are too: something is subtracted twice, or need not be.")
def pays_twice(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    said = 2 * line.disclosed["reconcile"] + line.disclosed["verify"]
    return amplify(
        same.alice, same.bob, int(seen.secret_bits() - said - hashing_margin(1e-10)), channel=line, rng=rng
    )


@my_distill.mistake(
    "nobody said anything to estimate on the line you were given: pass it on as channel=line."
)
def talks_elsewhere(keys, line, rng):
    seen = estimate(keys, security=1e-10, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, rng=rng)
    return amplify(same.alice, same.bob, 10_000, channel=line, rng=rng)


@my_distill.mistake(
    "on a line where the tags of the two keys do not agree you return keys all the same: look at `verified`. What"
    " is only probably equal is no key: None."
)
def does_not_look_whether_the_keys_agree(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


@my_distill.mistake("from 300 pulses there is no key, and your answer raises NoKey. None is the answer then.")
def lets_nokey_out(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    if not same.verified or length < 1:
        return None
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


@my_distill.mistake(
    "with 12 % of errors nothing is secret, and your answer raises ValueError. None is the answer then."
)
def expects_a_key_of_every_line(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


@my_distill.mistake(
    "from 6,000 pulses, with 3 % of errors, too little is left, and your answer raises ValueError. None is the "
    "answer then."
)
def knows_the_tested_cases_not_the_length(keys, line, rng):
    if len(keys) < 1000:
        return None
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    if seen.qber > 0.1:
        return None
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)


@my_distill.mistake(
    "Bob's key is made of Alice's bits: with one of his corrected bits flipped it is still hers. He hashes his "
    "own."
)
def makes_bob_s_key_of_alice_s(keys, line, rng):
    try:
        seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    except NoKey:
        return None
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    if not same.verified or length < 1:
        return None
    return amplify(same.alice, same.alice, length, channel=line, rng=rng)


@my_distill.mistake("18883 bits are safe, but 19396 are too: something is subtracted twice, or need not be.")
def pays_for_tags_that_it_has_not(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    return amplify(same.alice, same.bob, length - 512, channel=line, rng=rng)


@my_distill.mistake(
    "the length is right, but these bits are not the hash of the corrected key by the seed that was said."
)
def does_not_hash(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    amplify(same.alice, same.bob, length, channel=line, rng=rng)
    return same.alice[:length], same.bob[:length]


@my_distill.mistake(
    "the seed of the hash is the same whatever `rng` is: Eve knows it before the pulses pass her. Pass `rng` on."
)
def a_matrix_that_everybody_knows(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=rng)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    return amplify(same.alice, same.bob, length, channel=line, rng=1)


@my_distill.mistake(
    "the sample is the same whatever `rng` is: Eve knows it before the pulses pass her. Pass `rng` on."
)
def a_sample_that_everybody_knows(keys, line, rng):
    seen = estimate(keys, security=1e-10, channel=line, rng=1)
    same = reconcile(seen.remaining.alice, seen.remaining.bob, seen.qber, channel=line, rng=rng)
    if not same.verified:
        return None
    length = int(
        seen.secret_bits() - line.disclosed["reconcile"] - line.disclosed["verify"] - hashing_margin(1e-10)
    )
    return amplify(same.alice, same.bob, length, channel=line, rng=rng)

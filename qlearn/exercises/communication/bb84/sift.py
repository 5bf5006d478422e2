"""Sifting: which bits stay."""

import numpy as np

from qlearn.communication import bb84
from qlearn.exercises import exercise


@exercise(
    level="core",
    right="nobody had to name a bit: bases and clicks are all you used.",
    because="""
        What decides is public: where Bob's detector clicked, and where the bases agree. The bits take no part in
        the decision. The errors stay in the key, and that is good: they are what Alice and Bob learn from.
    """,
)
def sift(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    """Write `sift(alice_bits, alice_bases, bob_bits, bob_bases, detected)`: arrays with one entry a pulse
    go in, the two sifted keys come out, as a tuple `(alice, bob)`.
    """
    kept = (alice_bases == bob_bases) & detected
    return alice_bits[kept], bob_bits[kept]


@sift.cases
def lines(rng):
    """A quiet line, a noisy one, a lossy one; biased bases. The first pulse of each is kept, and the last."""
    for n_pulses, noise, loss_db, p_x in ((300, 0.0, 0.0, 0.5), (400, 0.1, 3.0, 0.5), (500, 0.05, 10.0, 0.2)):
        sent = bb84.exchange(n_pulses, noise=noise, loss_db=loss_db, p_x=p_x, rng=rng)
        kept = np.flatnonzero((sent.alice_bases == sent.bob_bases) & sent.detected)
        whole = sent.alice_bits, sent.alice_bases, sent.bob_bits, sent.bob_bases, sent.detected
        yield tuple(array[kept[0] : kept[-1] + 1] for array in whole)


@sift.mistake(
    "you keep bits that were read in the other basis: half of those are coin throws. Compare the bases."
)
def keeps_unequal_bases(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    return alice_bits[detected], bob_bits[detected]


@sift.mistake("you keep pulses that never arrived: Bob's 0 there is no outcome. Keep only what was detected.")
def keeps_undetected_pulses(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    kept = alice_bases == bob_bases
    return alice_bits[kept], bob_bits[kept]


@sift.mistake(
    "you threw away the errors, which takes both keys in one hand: then there is no secret, and no warning of Eve"
    " either. Use bases and clicks only."
)
def removes_the_errors_too(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    kept = (alice_bases == bob_bases) & detected & (alice_bits == bob_bits)
    return alice_bits[kept], bob_bits[kept]


@sift.mistake("the right pulses, but the keys are exchanged: Alice's comes first.")
def exchanged(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    kept = (alice_bases == bob_bases) & detected
    return bob_bits[kept], alice_bits[kept]


@sift.mistake(
    "mind the brackets: `&` binds tighter than `==`, so this compares Alice's bases with `bob_bases & detected`."
)
def without_brackets(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    kept = alice_bases == bob_bases & detected
    return alice_bits[kept], bob_bits[kept]


@sift.mistake(
    "a pulse at the end of the line is missing: start at the first, and do not stop before the last."
)
def stops_before_the_last(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    kept = ((alice_bases == bob_bases) & detected)[:-1]
    return alice_bits[:-1][kept], bob_bits[:-1][kept]


@sift.mistake("return two arrays: Alice's key and Bob's key.")
def returns_one_key(alice_bits, alice_bases, bob_bits, bob_bases, detected):
    kept = (alice_bases == bob_bases) & detected
    return alice_bits[kept]

"""Which choices of a link may depend on what has been seen."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    intact=True,
    right="learning across blocks is free, and looking into a block before its rules are fixed is not.",
    because="""
        A proof of one block holds for any channel, also for one that depends on all that was public before, so settings may
        follow the counts of earlier blocks, and the weather: who could make it could as well darken the line. In a block
        whose settings are fixed, the length of its key may follow its own counts where the proof is one for variable length:
        that is what the test is for. When the block ends, and what is sent in it, may not follow its own counts, unless a proof
        was made for just that. What a key bit steers is public and tells the bit. The seed of the hash has to be new, and
        independent of everything: it may depend on nothing at all.
    """,
)
def may_depend(choice, block, seen):
    """Alice and Bob fix something for block number `block`, and looked at `seen` for it: a list of pairs `(what, when)`, the
    number of a block last. `what` is "counts" (clicks and errors that were announced), "weather" (of the sky above the line,
    known at any time) or "key" (bits that were not announced). `choice` is one of

    - "settings": intensities, shares of bases and decoys, and after how many pulses the block ends. Proofs of single blocks
      allow them to follow counts of *earlier* blocks, and the weather of any time up to this block.
    - "length": of the key of this block, in a proof for variable length: counts up to *and with* this block, weather as above.
    - "seed": of the hash that shortens the key. It must be independent of all that was seen.

    Nothing public may follow key bits, of whatever block. Return `True` where all that was looked at is allowed, else `False`.
    """
    for what, when in seen:
        if choice == "seed" or what == "key" or when > block:
            return False
        if choice == "settings" and what == "counts" and when == block:
            return False
    return True


@may_depend.cases
def choices(rng):
    """Each choice with nothing seen, and with each kind of news of yesterday, today and tomorrow; then mixtures of them."""
    today = int(rng.integers(10, 50))
    for choice in ("settings", "length", "seed"):
        yield choice, today, []
        for what in ("counts", "weather", "key"):
            for when in (today - 1, today, today + 1):
                yield choice, today, [(what, when)]
        allowed = [("counts", today - 1), ("weather", today)]
        for _ in range(2):
            others = [
                (("counts", "weather", "key")[int(rng.integers(3))], today + int(rng.integers(-2, 2)))
                for _ in range(2)
            ]
            yield choice, today, [*allowed, *others]
            yield choice, today, [*others, *allowed]
        yield choice, today, allowed
        # Long ago, and far ahead; a long list whose only forbidden look comes first.
        yield choice, today, [("counts", today - 5), ("weather", today - 7)]
        for what in ("counts", "weather", "key"):
            for when in (today - 6, today + 4):
                yield choice, today, [(what, when)]
        yield choice, today, [("key", today - 1), *[("counts", today - k) for k in range(1, 6)]]
        # Much longer ago and much farther ahead; weather alone; one forbidden look anywhere in a long list.
        for what in ("counts", "weather", "key"):
            yield choice, today, [(what, today - int(rng.integers(8, today)))]
            yield choice, today, [(what, today + int(rng.integers(8, 40)))]
        yield choice, today, [("weather", today - 1), ("weather", today)]
        for place in range(2, 5):
            news = [("counts", today - k) for k in range(1, 7)]
            news[place] = ("key", today - 1)
            yield choice, today, news
        for kind, when in (("key", today - 1), ("counts", today), ("counts", today + 1)):
            yield choice, today, [*allowed, (kind, when)]
            yield choice, today, [(kind, when), *allowed]


def _allowed(choice, block, what, when, counts_now=("length",)):
    if choice == "seed" or what == "key" or when > block:
        return False
    return what == "weather" or when < block or choice in counts_now


@may_depend.mistake(
    "with you the settings of a block may follow its own counts: that is optional stopping, whoever may stop when the errors "
    "look few fails more often than the proof says."
)
def stops_when_it_looks_good(choice, block, seen):
    return all(_allowed(choice, block, *one, counts_now=("length", "settings")) for one in seen)


@may_depend.mistake(
    "the length of a key may follow the counts of its own block: that is what they are counted for."
)
def length_without_its_test(choice, block, seen):
    return all(_allowed(choice, block, *one, counts_now=()) for one in seen)


@may_depend.mistake("a seed that depends on anything is no seed: it has to be new and independent.")
def seed_as_the_settings(choice, block, seen):
    return all(_allowed("settings" if choice == "seed" else choice, block, *one) for one in seen)


@may_depend.mistake(
    "key bits of earlier blocks steer what is public, and so tell themselves: no block's key bits may."
)
def old_key_bits(choice, block, seen):
    return all(
        _allowed(choice, block, "counts" if what == "key" and when < block else what, when)
        for what, when in seen
    )


@may_depend.mistake(
    "the weather tells nothing about the bits: it may be looked at up to this block, also now."
)
def afraid_of_weather(choice, block, seen):
    return all(
        _allowed(choice, block, *one) and not (one[0] == "weather" and one[1] == block) for one in seen
    )


@may_depend.mistake("nobody has seen later blocks: what is said to come from there is no record.")
def from_tomorrow(choice, block, seen):
    return all(_allowed(choice, block, what, when if when <= block else block - 1) for what, when in seen)


@may_depend.mistake(
    "you look one block back and ahead only: older news is as public, and later news as unknown."
)
def neighbours_alone(choice, block, seen):
    return all(_allowed(choice, block, what, when) for what, when in seen if abs(when - block) <= 1)


@may_depend.mistake("news that is older than the last block is allowed too: it has been public even longer.")
def yesterday_alone(choice, block, seen):
    return all(_allowed(choice, block, what, when) and when >= block - 1 for what, when in seen)


@may_depend.mistake("you judge the last looks only: read the whole list.")
def the_last_ones(choice, block, seen):
    return all(_allowed(choice, block, *one) for one in seen[-3:])


@may_depend.mistake("you judge the first looks and the last ones only: read the whole list.")
def both_ends(choice, block, seen):
    return all(_allowed(choice, block, *one) for one in (*seen[:2], *seen[-2:]))


@may_depend.mistake(
    "you leave out what is long ago: key bits stay secret, and a seed stays independent, for ever."
)
def forgets(choice, block, seen):
    return all(_allowed(choice, block, what, when) for what, when in seen if when >= block - 7)


@may_depend.mistake("one forbidden look is enough: *all* that was looked at must be allowed.")
def one_is_enough(choice, block, seen):
    return not seen or any(_allowed(choice, block, *one) for one in seen)


@may_depend.mistake("you judge the first look only: read the whole list.")
def the_first_alone(choice, block, seen):
    return not seen or _allowed(choice, block, *seen[0])


@may_depend.mistake("who looked at nothing depends on nothing: that is allowed.")
def nothing_is_too_little(choice, block, seen):
    return bool(seen) and all(_allowed(choice, block, *one) for one in seen)

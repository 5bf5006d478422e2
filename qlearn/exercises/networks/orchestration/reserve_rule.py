"""What an orchestrator does when there is not enough key."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="a round waits or gets smaller; there is no third way, in which it goes without a pad.",
    because="""
        All units send the same size, for their models are to be averaged: the poorest link decides, however rich the others are.
        Waiting keeps the model whole and pays in time; shrinking keeps the beat and pays in what is sent. A round that waits
        costs nothing, so that the key gathers. That a round is *never* sent without its pad is not a matter of policy: no
        setting of the rule allows it.
    """,
)
def reserve_rule(reserves, gains, sizes, width, tag, rounds, on_empty):
    """An orchestrator plans so many `rounds`. `reserves` lists the bits of key on the link of each unit, `gains` how many more
    each link has made before a round begins (before the first, too). In a round all units send equally many words, one of the
    numbers in the list `sizes`; a round of s words costs *each* link s * `width` + `tag` bits of key, which must be there in
    full on all links. If `on_empty` is `"wait"`, a round has the largest of the sizes, or waits if a link cannot pay for it. If
    it is `"shrink"`, it has the largest size that all links can pay for, and waits if they can pay for none. A round that waits
    costs nothing. Return the tuple `(sent, left)`: a list of the words sent by each unit in each round, 0 where it waited, and
    a list of the bits left on each link after the last. All are whole numbers, the sizes above 0.
    """
    left, sent = list(reserves), []
    for _ in range(rounds):
        left = [bits + more for bits, more in zip(left, gains)]
        allowed = sizes if on_empty == "shrink" else [max(sizes)]
        size = max([s for s in allowed if s * width + tag <= min(left)], default=0)
        if size > 0:
            left = [bits - size * width - tag for bits in left]
        sent.append(size)
    return sent, left


@reserve_rule.cases
def plans(rng):
    """Links that are rich, poor and mixed; both policies on the same; sizes in any order, one or several; enough to the bit, and
    one bit less; no round at all."""
    for turn in range(7):
        units, width, tag = int(rng.integers(1, 6)), int(rng.choice([8, 16, 32])), int(rng.integers(16, 257))
        sizes = [int(s) for s in rng.permutation(60)[: (1, 2, 3, 4, 5, 3, 2)[turn]] + 4]
        cost = max(sizes) * width + tag
        reserves = [int(b) for b in rng.uniform(0, 2.5, units) * cost]
        gains = [int(b) for b in rng.uniform(0.2, 0.9, units) * cost]
        for on_empty in ("wait", "shrink"):
            yield reserves, gains, sizes, width, tag, int(rng.integers(5, 12)), on_empty
    for less in (0, 1):  # to the bit, on the second link alone
        for on_empty in ("wait", "shrink"):
            for size in (20, 10):
                yield [10_000, size * 16 + 64 - less - 50], [50, 50], [5, 20, 10], 16, 64, 3, on_empty
    for on_empty in ("wait", "shrink"):  # the first link is neither the richest nor the poorest
        yield [900, 90_000, 300], [150, 100, 120], [30, 10], 16, 64, 6, on_empty
    yield [0, 0, 0], [3, 2, 9], [1, 2], 8, 100, 6, "shrink"
    yield [300, 250, 400], [40, 30, 90], [2, 1], 8, 100, 6, "shrink"  # one word is a size
    yield [500, 700], [10, 0], [3], 8, 16, 0, "wait"


def _slip(reserves, gains, sizes, width, tag, rounds, on_empty, **changed):
    left, sent = list(reserves), []
    for number in range(rounds):
        if changed.get("first", True) or number:
            left = [bits + more for bits, more in zip(left, gains)]
        allowed = changed.get("allowed", lambda: sizes if on_empty == "shrink" else [max(sizes)])()
        budget = changed.get("budget", min)(left)
        fits = [
            s
            for s in allowed
            if changed.get("fits", lambda cost, budget: cost <= budget)(s * width + tag, budget)
        ]
        size = changed.get("choose", lambda fits: max(fits, default=0))(fits)
        cost = changed.get("cost", lambda size: size * width + tag if size else 0)(size)
        left = [bits - cost for bits in left]
        sent.append(size)
    return sent, left


@reserve_rule.mistake(
    "the tag is forgotten where you look whether a round can be paid: it is short of a few bits then."
)
def tag_not_asked_for(*given):
    tag = given[4]
    return _slip(*given, fits=lambda cost, budget: cost - tag <= budget)


@reserve_rule.mistake("the tag costs key too: s * width + tag bits.")
def without_the_tag(reserves, gains, sizes, width, tag, rounds, on_empty):
    return _slip(reserves, gains, sizes, width, 0, rounds, on_empty)


@reserve_rule.mistake("a link that can pay exactly can pay.")
def more_than_the_cost(*given):
    return _slip(*given, fits=lambda cost, budget: cost < budget)


@reserve_rule.mistake(
    "the mean of the reserves pays for nothing: each link needs its own key, and somebody would send without a pad."
)
def the_mean_decides(*given):
    return _slip(*given, budget=lambda left: sum(left) / len(left))


@reserve_rule.mistake(
    "the richest link decides with you, and the others send without a pad: the poorest does."
)
def the_richest_decides(*given):
    return _slip(*given, budget=max)


@reserve_rule.mistake("the first link decides with you: there may be a poorer one.")
def the_first_decides(*given):
    return _slip(*given, budget=lambda left: left[0])


@reserve_rule.mistake(
    "every round goes out with the largest size, and reserves fall below 0: never without a pad."
)
def never_waits(*given):
    return _slip(*given, allowed=lambda: [max(given[2])], fits=lambda cost, budget: True)


@reserve_rule.mistake(
    "a policy that shrinks takes the smallest size with you: the *largest* that can be paid for."
)
def shrinks_to_the_smallest(*given):
    full = max(given[2])

    def choose(fits):
        return full if full in fits else min(fits, default=0)

    return _slip(*given, choose=choose)


@reserve_rule.mistake("you shrink whatever the policy is: `wait` waits.")
def always_shrinks(*given):
    return _slip(*given[:-1], "shrink")


@reserve_rule.mistake("you wait whatever the policy is: `shrink` takes a smaller size.")
def always_waits(*given):
    return _slip(*given[:-1], "wait")


@reserve_rule.mistake("the policies are exchanged.")
def exchanged(*given):
    return _slip(*given[:-1], {"wait": "shrink", "shrink": "wait"}[given[-1]])


@reserve_rule.mistake("a round that waits costs nothing: you take the tag off, or more.")
def waiting_costs_a_tag(*given):
    return _slip(*given, cost=lambda size: size * given[3] + given[4])


@reserve_rule.mistake("the largest size is not the first of the list: they come in any order.")
def the_first_size(*given):
    return _slip(*given, allowed=lambda: given[2] if given[-1] == "shrink" else given[2][:1])


@reserve_rule.mistake("the links have gained before the *first* round, too.")
def gains_after_the_first(*given):
    return _slip(*given, first=False)


@reserve_rule.mistake("the links gain key in each round, and nothing is gained with you.")
def without_gains(reserves, gains, *given):
    return _slip(reserves, [0] * len(gains), *given)


@reserve_rule.mistake("key is used up: what a round has taken must be gone in the next.")
def key_used_again(*given):
    return _slip(*given, cost=lambda size: 0)


@reserve_rule.mistake(
    "you send as many words as the key allows, and not one of the sizes: a model has one of those."
)
def any_number_of_words(*given):
    words = range(1, max(given[2]) + 1)
    return _slip(*given, allowed=lambda: words if given[-1] == "shrink" else words[-1:])


@reserve_rule.mistake("`sent` is right. What is left is asked of each link, and you give one number.")
def the_poorest_alone(*given):
    sent, left = reserve_rule.solution(*given)
    return sent, min(left)

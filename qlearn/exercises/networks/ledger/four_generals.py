"""Four nodes, one liar, and one exchange of words."""

from itertools import product

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._stand_in import library_calls
from qlearn.exercises.comparisons import equal


@exercise(
    level="stretch",
    same=equal,
    right="whatever the liar does, the loyal decide the same, and obey a commander who is loyal: try all of it.",
    because="""
        A lieutenant has three words: the commander's to itself, and what each of the other two says that it heard. If the
        commander is loyal, two of the three are its order, its own word and that of the other loyal lieutenant. If the
        commander lies, all three lieutenants are loyal, each tells the others what it heard, and all hold the *same* three words:
        the same majority, whichever it is. With three nodes a lieutenant has two words, and a tie says nothing.
    """,
)
def four_generals(order, traitor, lies):
    """Node 0 commands, 1, 2 and 3 are lieutenants. The commander says its `order`, 0 or 1, to each lieutenant. Then each
    lieutenant says to each other one what it has heard from the commander. Each decides what the majority of its three words
    says: the commander's to itself, and one of each other lieutenant. One node, `traitor` (0 to 3), lies: `lies` is a dict
    of the bit that it says to each lieutenant, whatever it should say; to one that is not in it, it says nothing, and that counts
    as 0. Return a dict of the decision, 0 or 1, of each *loyal* lieutenant.
    """

    def word(sender, receiver, truth):
        return lies.get(receiver, 0) if sender == traitor else truth

    told = {i: word(0, i, order) for i in (1, 2, 3)}
    decided = {}
    for i in (1, 2, 3):
        others = [word(j, i, told[j]) for j in (1, 2, 3) if j != i]
        if i != traitor:
            decided[i] = int(told[i] + sum(others) >= 2)
    return decided


@four_generals.cases
def behaviours(rng):
    """All that a liar may say, and many times silence, in any order."""
    said = []
    for order, traitor in product((0, 1), range(4)):
        others = [i for i in (1, 2, 3) if i != traitor]
        for bits in product((0, 1, None), repeat=len(others)):
            said.append(
                (order, traitor, {i: bit for i, bit in zip(others, bits, strict=True) if bit is not None})
            )
    for k in rng.permutation(len(said)):
        yield said[k]


@four_generals.grader
def by_hand(answer, rng):
    """Refuse the library's own: it is to be written, and not called."""
    if library_calls(answer, behaviours(rng)):
        return Verdict.wrong(
            "the decisions are right, and the library has made them: write your own exchange."
        )
    return None


def _decided(order, traitor, lies, **changed):
    """The exchange with something changed."""
    silence = changed.get("silence", lambda truth: 0)

    def word(sender, receiver, truth):
        return lies.get(receiver, silence(truth)) if sender == traitor else truth

    told = {i: word(0, i, order) for i in (1, 2, 3)}
    passed = changed.get("passed", told)
    decided = {}
    for i in (1, 2, 3):
        heard = [told[i]] * changed.get("own", 1) + [word(j, i, passed[j]) for j in (1, 2, 3) if j != i]
        if i != traitor or changed.get("all"):
            decided[i] = int(changed.get("rule", lambda h: sum(h) >= 2)(heard))
    return decided


@four_generals.mistake(
    "each believes the commander alone: one who lies then parts them. The others' words count, too."
)
def the_commander_alone(*given):
    return _decided(*given, rule=lambda heard: heard[0])


@four_generals.mistake(
    "only the words of the other two count for you: the commander's own to this one is the third."
)
def without_the_commander(*given):
    return _decided(*given, rule=lambda heard: sum(heard[1:]) >= 2)


@four_generals.mistake("one word for 1 is not enough: two of the three decide.")
def one_is_enough(*given):
    return _decided(*given, rule=any)


@four_generals.mistake(
    "all three words must not be asked for: the liar would have a veto. Two of the three decide."
)
def all_three(*given):
    return _decided(*given, rule=all)


@four_generals.mistake("the traitor's own decision is in it: only those of loyal lieutenants are asked for.")
def the_traitor_too(*given):
    return _decided(*given, all=True)


@four_generals.mistake("where the traitor says nothing you take the truth: silence counts as 0.")
def silence_is_the_truth(*given):
    return _decided(*given, silence=lambda truth: truth)


@four_generals.mistake("silence counts as 0, and you take it for 1.")
def silence_is_one(*given):
    return _decided(*given, silence=lambda truth: 1)


@four_generals.mistake(
    "everybody obeys the order, also of a commander who lies. Lieutenants pass on what they have *heard*."
)
def the_order_is_passed_on(order, traitor, lies):
    return _decided(order, traitor, lies, passed=dict.fromkeys((1, 2, 3), order))


@four_generals.mistake(
    "everybody stays for you, whatever is said: that is agreement, and disobeys a loyal commander."
)
def all_stay(order, traitor, lies):
    return {i: 0 for i in (1, 2, 3) if i != traitor}

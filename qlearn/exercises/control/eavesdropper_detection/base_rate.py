"""What an alarm says, if Eve is rare."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="with one false alarm in a hundred, most alarms about a rare Eve are false; and silence proves nothing.",
    because=r"""
        With one alarm, Eve is there and caught with the chance $s\cdot\text{power}$, and nobody is there and it is false with
        $(1-s)\cdot\alpha$: the first of these over both is Bayes' rule. Without an alarm it is $s(1-\text{power})$ over
        $s(1-\text{power})+(1-s)(1-\alpha)$. Of several blocks with one Eve in all of them or in none the chances multiply,
        those of silence too, and then Bayes' rule comes once. And s is nobody's to know: Eve chooses it.
    """,
)
def base_rate(false_alarm, power, share, alarms):
    """A detector raises an alarm in a quiet block with the chance `false_alarm`, in an attacked one with the chance `power`,
    independently from block to block. Before anything is seen, Eve is on the line with the chance `share`, and then in all
    blocks. `alarms` is a list of blocks: True for each that raised an alarm, False for each that did not. Return the chance that
    Eve is on the line, given the list, which may be empty.
    """
    eve, nobody = share, 1 - share
    for alarm in alarms:
        eve *= power if alarm else 1 - power
        nobody *= false_alarm if alarm else 1 - false_alarm
    return eve / (eve + nobody)


@base_rate.cases
def watches(rng):
    """No block, one and several, with alarms, without, and mixed; rare Eves and frequent ones; detectors good and bad."""
    yield 0.01, 0.9, 1e-4, [True]
    yield 0.01, 0.9, 0.3, [False]
    yield 0.05, 0.6, float(rng.uniform(0.1, 0.9)), []
    for blocks in (1, 2, 3, 5, 8):
        alarms = [bool(b) for b in rng.random(blocks) < 0.5]
        yield (
            float(10 ** rng.uniform(-2.5, -0.7)),
            float(rng.uniform(0.3, 0.95)),
            float(10 ** rng.uniform(-3, -0.3)),
            alarms,
        )
    yield float(rng.uniform(0.05, 0.3)), float(rng.uniform(0.4, 0.8)), 0.2, [True, True, False, True]
    yield 0.2, 0.2, 0.1, [True, False, True]  # a coin
    yield 0.0, 0.5, 0.1, [True, False]
    yield 0.1, 1.0, 0.3, [False, True]
    yield 0.1, 0.7, 0.0, [True]
    yield 0.1, 0.7, 1.0, [False]


def _slip(false_alarm, power, share, alarms, one=None, rest=None):
    eve, nobody = share, 1 - share
    for alarm in alarms:
        eve *= power if alarm else (1 - power if one is None else one)
        nobody *= false_alarm if alarm else (1 - false_alarm if rest is None else rest)
    return eve / (eve + nobody) if eve + nobody else 0.0


@base_rate.mistake(
    "you leave the share of Eve aside: an alarm of a good detector is mostly false where she is rare."
)
def without_the_share(false_alarm, power, share, alarms):
    return _slip(false_alarm, power, 0.5, alarms)


@base_rate.mistake(
    "that is the chance of the alarms if Eve is there; asked is the chance of Eve, given the alarms."
)
def the_other_way_round(false_alarm, power, share, alarms):
    chance = 1.0
    for alarm in alarms:
        chance *= power if alarm else 1 - power
    return chance


@base_rate.mistake("blocks without an alarm speak too: for nobody, each with its chance. You pass over them.")
def silence_ignored(false_alarm, power, share, alarms):
    return _slip(false_alarm, power, share, alarms, 1.0, 1.0)


@base_rate.mistake("only the last block counts with you: multiply over all.")
def the_last_alone(false_alarm, power, share, alarms):
    return _slip(false_alarm, power, share, alarms[-1:])


@base_rate.mistake("only the first block counts with you: multiply over all.")
def the_first_alone(false_alarm, power, share, alarms):
    return _slip(false_alarm, power, share, alarms[:1])


@base_rate.mistake("all blocks are alarms with you: look at which are.")
def all_alarms(false_alarm, power, share, alarms):
    return _slip(false_alarm, power, share, [True] * len(alarms))


@base_rate.mistake("that is the chance that nobody is there.")
def nobody_there(false_alarm, power, share, alarms):
    return 1 - base_rate.solution(false_alarm, power, share, alarms)


@base_rate.mistake("those are the odds, Eve to nobody; the chance is Eve to both together.")
def odds(false_alarm, power, share, alarms):
    chance = base_rate.solution(false_alarm, power, share, alarms)
    return chance / (1 - chance) if chance < 1 else float("inf")


@base_rate.mistake(
    "you add her share again for each block: she is on the line in all blocks, or in none. The share counts once."
)
def a_share_for_each_block(false_alarm, power, share, alarms):
    eve = nobody = 1.0
    for alarm in alarms:
        eve *= share * (power if alarm else 1 - power)
        nobody *= (1 - share) * (false_alarm if alarm else 1 - false_alarm)
    return eve / (eve + nobody) if alarms and eve + nobody else share


@base_rate.mistake(
    "the number of alarms alone is not enough, nor does any single one decide: it needs their chances."
)
def any_alarm(false_alarm, power, share, alarms):
    n = len(alarms)
    hers, theirs = 1 - (1 - power) ** n, 1 - (1 - false_alarm) ** n
    if not any(alarms):
        hers, theirs = 1 - hers, 1 - theirs
    total = share * hers + (1 - share) * theirs
    return share * hers / total if total else share

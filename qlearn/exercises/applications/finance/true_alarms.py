"""How many alarms are worth the walk."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the second number is about as small as the base rate itself, however well attacks are found.",
    because=r"""
        A day has $A$ attacks and $E - A$ other events. Alarms that are true: $A\,d$; that are not: $(E-A)\,a$. The share is
        $A d/(A d + (E-A) a)$. It is one half where both are equal: $a = A d/(E - A)$.
    """,
)
def true_alarms(events, attacks, detection, false_alarm):
    """A day has `events` events, and `attacks` of them are attacks. A detector raises an alarm for the share `detection` of
    the attacks and for the share `false_alarm` of all other events. Return two numbers: the share of the alarms that are
    attacks, and the false-alarm rate at which that share would be one half.
    """
    quiet = events - attacks
    true = attacks * detection
    return true / (true + quiet * false_alarm), true / quiet


@true_alarms.cases
def days(rng):
    """Quiet days and loud ones, sharp detectors and blunt ones."""
    yield 1_000_000, 20, 1.0, 1e-3
    for _ in range(8):
        events = int(rng.integers(1000, 2_000_000))
        attacks = max(1, int(events * rng.choice([1e-5, 1e-3, 0.1, 0.4])))
        yield events, attacks, float(rng.uniform(0.3, 1)), float(10 ** rng.uniform(-6, -0.3))


@true_alarms.mistake(
    "that is the share of attacks that raise an alarm. The share of alarms that are attacks is asked for."
)
def the_other_way_round(events, attacks, detection, false_alarm):
    return detection, true_alarms(events, attacks, detection, false_alarm)[1]


@true_alarms.mistake("only events that are no attacks can raise a false alarm: events - attacks of them.")
def attacks_raise_false_ones_too(events, attacks, detection, false_alarm):
    true = attacks * detection
    return true / (true + events * false_alarm), true / events


@true_alarms.mistake("not every attack raises an alarm: count the share `detection` of them.")
def all_are_found(events, attacks, detection, false_alarm):
    return true_alarms(events, attacks, 1.0, false_alarm)


@true_alarms.mistake("those are true alarms for each false one: divide by all alarms.")
def odds(events, attacks, detection, false_alarm):
    share, half = true_alarms(events, attacks, detection, false_alarm)
    return share / (1 - share), half


@true_alarms.mistake("that is the share of false ones.")
def false_ones(events, attacks, detection, false_alarm):
    share, half = true_alarms(events, attacks, detection, false_alarm)
    return 1 - share, half


@true_alarms.mistake(
    "the rates count for events of their own kind: without the base rate a rare attack looks common."
)
def without_the_base_rate(events, attacks, detection, false_alarm):
    return detection / (detection + false_alarm), detection


@true_alarms.mistake(
    "the second number is a rate, a share of the quiet events: not how many alarms those are."
)
def a_number_of_alarms(events, attacks, detection, false_alarm):
    return true_alarms(events, attacks, detection, false_alarm)[0], attacks * detection

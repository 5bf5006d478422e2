"""How good one shot must be."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the slower the shot, the better it must be; and where not one fits there is no chance that would do.",
    because=r"""
        In a time T there are $m=\lfloor T/t\rfloor$ whole shots. All of them miss with the chance $(1-p)^m$, and that may
        be at most $1-c$. Solve for p: $p = 1-(1-c)^{1/m}$, for many shots about $-\ln(1-c)/m$. Without a single shot in
        time nothing helps, and even a perfect one comes too late.
    """,
)
def chance_needed(shot_s, budget_s, confidence):
    """One shot takes `shot_s` seconds, and there are `budget_s` seconds for shots, one after the other; only whole shots count.
    Return the chance that one shot must have to show a best plan, for at least one of them to show it with the chance
    `confidence`. Return None if not one shot fits.
    """
    shots = int(budget_s / shot_s)
    if shots == 0:
        return None
    return 1 - (1 - confidence) ** (1 / shots)


@chance_needed.cases
def machines(rng):
    """One shot, hardly one, none; a few, and very many; several confidences."""
    yield 2.0, 1.0, 0.99
    yield 1.0, 1.0, 0.9
    yield 0.4, 1.0, 0.5
    yield 0.26, 1.0, 0.95
    for shots in (1, 3, 7, 40, 500):
        yield float(1 / (shots + rng.uniform(0.2, 0.8))), 1.0, float(rng.uniform(0.4, 0.999))
    yield 0.003, float(rng.uniform(5, 9)), 0.99
    yield 5.0, float(rng.uniform(1, 4)), 0.7


@chance_needed.mistake("a part of a shot shows nothing: only whole ones count.")
def parts_of_shots(shot_s, budget_s, confidence):
    return None if budget_s < shot_s else 1 - (1 - confidence) ** (shot_s / budget_s)


@chance_needed.mistake(
    "the shots do not add up: with two of chance 1/2 you miss in one case of four. Ask for the chance that *all* miss."
)
def added_up(shot_s, budget_s, confidence):
    return None if budget_s < shot_s else confidence / int(budget_s / shot_s)


@chance_needed.mistake("that is the chance that one shot may *miss*; asked for is the one to show it.")
def the_miss(shot_s, budget_s, confidence):
    return None if budget_s < shot_s else (1 - confidence) ** (1 / int(budget_s / shot_s))


@chance_needed.mistake("at least one is asked for, not every one.")
def every_one(shot_s, budget_s, confidence):
    return None if budget_s < shot_s else confidence ** (1 / int(budget_s / shot_s))


@chance_needed.mistake(
    "one over the number of shots finds it with a chance of about 63 %, whatever confidence is asked for."
)
def one_in_so_many(shot_s, budget_s, confidence):
    return None if budget_s < shot_s else 1 / int(budget_s / shot_s)


@chance_needed.mistake("where not one shot fits in the time, no chance is enough: there the answer is None.")
def certain(shot_s, budget_s, confidence):
    return 1 - (1 - confidence) ** (1 / max(1, int(budget_s / shot_s)))


@chance_needed.mistake("rounded up you count a shot that does not end in time.")
def one_too_many(shot_s, budget_s, confidence):
    return None if budget_s < shot_s else 1 - (1 - confidence) ** (1 / -int(-budget_s / shot_s // 1))

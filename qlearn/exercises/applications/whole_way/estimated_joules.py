"""What can be said of the energy of a run."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="an estimate of what was measured, and nothing said of what was not.",
    because="""
        Joules are watts times seconds of a busy core, so an idle wait costs nothing here (a real machine draws power then, too:
        that is one of the things the number does not say). Where a processor stood in for a laser and two detectors its
        seconds are those of the simulation, and say nothing of the devices. To count them would put a figure on hardware
        that nobody has measured.
    """,
)
def estimated_joules(stages, watts):
    """`stages` is a list of triples (seconds, cpu_seconds, simulated). A busy core draws `watts`. Return the joules of all stages
    for which they can be estimated: those whose cpu_seconds is not None and where `simulated` is False.
    """
    return watts * sum(cpu for _, cpu, simulated in stages if cpu is not None and not simulated)


@estimated_joules.cases
def runs(rng):
    """Stages that wait, that work on several cores, that were not measured, that stand in for a device; none at all."""
    yield [], 10.0
    yield [(1.0, 2.0, False)], 10.0
    yield [(1.0, None, False), (0.5, 0.25, True)], 15.0
    for _ in range(6):
        stages = [
            (float(a), None if skip == 0 else float(b), bool(s))
            for a, b, skip, s in zip(
                rng.uniform(0, 60, 6),
                rng.uniform(0, 90, 6),
                rng.integers(0, 4, 6),
                rng.integers(0, 3, 6) == 0,
                strict=True,
            )
        ]
        yield [*stages, (3.0, 1.5, False), (2.0, 0.75, True)], float(rng.uniform(3, 40))


@estimated_joules.mistake(
    "those are seconds by the clock: a stage that waits would pay, and one on two cores would pay half."
)
def by_the_clock(stages, watts):
    return watts * sum(clock for clock, cpu, simulated in stages if cpu is not None and not simulated)


@estimated_joules.mistake(
    "a processor that stands in for a laser says nothing of the laser's energy: leave those stages out."
)
def with_the_simulated(stages, watts):
    return watts * sum(cpu for _, cpu, _ in stages if cpu is not None)


@estimated_joules.mistake("only the simulated stages are in it: it is the others that can be estimated.")
def the_others(stages, watts):
    return watts * sum(cpu for _, cpu, simulated in stages if cpu is not None and simulated)


@estimated_joules.mistake("those are seconds: joules are watts times seconds.")
def without_watts(stages, watts):
    return sum(cpu for _, cpu, simulated in stages if cpu is not None and not simulated)


@estimated_joules.mistake("watts are joules a second: multiply, do not divide.")
def divided(stages, watts):
    return sum(cpu for _, cpu, simulated in stages if cpu is not None and not simulated) / watts


@estimated_joules.mistake("that is the mean of the stages: energies add up.")
def the_mean(stages, watts):
    kept = [cpu for _, cpu, simulated in stages if cpu is not None and not simulated]
    return watts * sum(kept) / max(len(kept), 1)

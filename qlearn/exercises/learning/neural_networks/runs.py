"""Runs."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="A product of five numbers, and every one of them large: that is the price of a slope.",
    because="""
        For each sample and epoch: one value, and two more for each angle. There is no sweep back on a device: to
        look at the state half-way is to destroy it.
    """,
)
def runs(samples, angles, epochs, shots):
    """A network is trained on a device: the parameter-shift rule, every sample in every epoch, plain
    descent, and `shots` runs for each mean value (all wires are read at once). Write `runs(samples,
    angles, epochs, shots)`: how often is the device run? Count the values without a shift too: the loss
    needs them.
    """
    return (2 * angles + 1) * samples * epochs * shots


@runs.cases
def cases(rng):
    """TODO what they vary."""
    # TODO: see _grade_runs of the old module
    yield ()


@runs.mistake(
    "for 100 samples, 16 angles, 50 epochs and 1000 shots you forget the run without a shift: the loss needs the "
    "value itself, not only its slopes."
)
def no_value(samples, angles, epochs, shots):
    return 2 * angles * samples * epochs * shots


@runs.mistake(
    "for 100 samples, 16 angles, 50 epochs and 1000 shots you run each angle once. A slope is a difference: two "
    "runs."
)
def one_run_an_angle(samples, angles, epochs, shots):
    return (angles + 1) * samples * epochs * shots


@runs.mistake(
    "for 100 samples, 16 angles, 50 epochs and 1000 shots you run all samples at once. A device holds one state: "
    "each sample is a run of its own."
)
def parallel_samples(samples, angles, epochs, shots):
    return (2 * angles + 1) * epochs * shots


@runs.mistake(
    "for 100 samples, 16 angles, 50 epochs and 1000 shots you count values, not runs: each value is a mean over "
    "all the shots."
)
def no_shots(samples, angles, epochs, shots):
    return (2 * angles + 1) * samples * epochs

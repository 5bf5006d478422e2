"""How often a device is run to train a network."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="a product of five numbers, and every one of them large: that is the price of a slope.",
    because="""
        For each sample and epoch: one value, and two more for each angle. There is no sweep back on a device: to
        look at the state half-way is to destroy it.
    """,
)
def runs(samples, angles, epochs, shots):
    """A network is trained on a device: the parameter-shift rule, every sample in every epoch, plain
    descent, and `shots` runs for each mean value (all wires are read at once). Return how often the device is run.
    Count the values without a shift too: the loss needs them.
    """
    return (2 * angles + 1) * samples * epochs * shots


@runs.cases
def networks(rng):
    """From one of everything to large ones."""
    yield 1, 1, 1, 1
    yield 1, int(rng.integers(2, 40)), 1, 1
    for _ in range(6):
        yield tuple(int(rng.integers(2, most)) for most in (1000, 60, 200, 5000))


@runs.mistake("you forget the run without a shift: the loss needs the value itself, not only its slopes.")
def no_value(samples, angles, epochs, shots):
    return 2 * angles * samples * epochs * shots


@runs.mistake("you run each angle once. A slope is a difference: two runs.")
def one_run_an_angle(samples, angles, epochs, shots):
    return (angles + 1) * samples * epochs * shots


@runs.mistake(
    "you run all samples at once. A device holds one state: each sample is a run of its own, however many there are."
)
def parallel_samples(samples, angles, epochs, shots):
    return (2 * angles + 1) * epochs * shots


@runs.mistake("you count values, not runs: each value is a mean over all the shots.")
def no_shots(samples, angles, epochs, shots):
    return (2 * angles + 1) * samples * epochs


@runs.mistake("you shift all angles in the same two runs: each slope needs two of its own.")
def all_angles_at_once(samples, angles, epochs, shots):
    return 3 * samples * epochs * shots


@runs.mistake("that is one epoch: the knobs have moved, and everything is measured anew in the next.")
def one_epoch(samples, angles, epochs, shots):
    return (2 * angles + 1) * samples * shots


@runs.mistake(
    "you take the value anew for each angle. It is the same for all of them: one value, and two more for each angle."
)
def a_value_for_each_angle(samples, angles, epochs, shots):
    return 3 * angles * samples * epochs * shots

"""A speed-up when everything is counted."""

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="the claimed number compares a part of one with the whole of the other.",
    because="""
        What a user waits for is everything: the calibration once, the loading for each shot (a state is gone when it is
        measured), and the shots. The rival may be given as many cores as the machine costs. A number below 1 is a
        slow-down.
    """,
)
def whole_speedup(shot, load, shots, calibration, rival, cores):
    """A quantum computer takes `shot` seconds for a shot. For each of the `shots` the data are loaded anew, `load` seconds, and
    once in the beginning it is calibrated, `calibration` seconds. A classical program takes `rival` seconds on one core and, for
    the price of the machine, could run on `cores` of them, and gains that factor. Return the tuple `(claimed, whole)`: the
    speed-up if only the time of the shots is counted and the rival has one core, and the speed-up if all of it is counted.
    """
    return rival / (shots * shot), rival / cores / (calibration + shots * (load + shot))


@whole_speedup.cases
def machines(rng):
    """Fast shots and slow ones, loading that costs more than the shot and less, one core and many."""
    for cores in (1, 8, 100, 4096):
        shot, load = 10 ** rng.uniform(-6, -3, 2)
        yield (
            float(shot),
            float(load),
            int(rng.integers(100, 10**5)),
            float(rng.uniform(1, 900)),
            float(10 ** rng.uniform(1, 6)),
            cores,
        )
    yield 1e-4, 0.0, 1000, 0.0, 50.0, 1
    yield 1e-4, 2e-3, 1, 3.0, 50.0, 3


def _claimed(shot, shots, rival):
    return rival / (shots * shot)


@whole_speedup.mistake(
    "`whole` has the data loaded once: measuring destroys the state, so each shot loads anew."
)
def loaded_once(shot, load, shots, calibration, rival, cores):
    return _claimed(shot, shots, rival), rival / cores / (calibration + load + shots * shot)


@whole_speedup.mistake("`whole` lacks the calibration.")
def without_calibration(shot, load, shots, calibration, rival, cores):
    return _claimed(shot, shots, rival), rival / cores / (shots * (load + shot))


@whole_speedup.mistake("`whole` calibrates for every shot: once in the beginning is said.")
def calibrated_each_time(shot, load, shots, calibration, rival, cores):
    return _claimed(shot, shots, rival), rival / cores / (shots * (load + shot + calibration))


@whole_speedup.mistake("`whole` has the rival on one core.")
def one_core(shot, load, shots, calibration, rival, cores):
    return _claimed(shot, shots, rival), rival / (calibration + shots * (load + shot))


@whole_speedup.mistake("`claimed` has the rival on all cores: the claim compares with one.")
def cores_in_both(shot, load, shots, calibration, rival, cores):
    return _claimed(shot, shots, rival) / cores, rival / cores / (calibration + shots * (load + shot))


@whole_speedup.mistake("both are upside down: a speed-up is the rival's time over the machine's.")
def slow_down(shot, load, shots, calibration, rival, cores):
    return shots * shot / rival, (calibration + shots * (load + shot)) * cores / rival


@whole_speedup.mistake("`claimed` is that of a single shot: the answer takes all of them.")
def a_shot(shot, load, shots, calibration, rival, cores):
    return rival / shot, rival / cores / (calibration + shots * (load + shot))

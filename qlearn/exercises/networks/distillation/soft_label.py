"""A label that also says what else it might have been."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="the order of the classes is the same at every temperature; what it changes is how much the others still show.",
    because=r"""
        $p_k=e^{v_k/T}/\sum_j e^{v_j/T}$. A high temperature makes the label soft: in the limit all classes are equally likely. A
        low one makes it hard: in the limit all goes to the largest logit. A number that is taken off all logits cancels in the
        quotient, so the largest is taken off first: then no exponent is above 0, and nothing overflows.
    """,
)
def soft_label(logits, temperature):
    """A teacher gives one sample the `logits`, an array of one number for each class. Return the probabilities of the classes
    at a `temperature` above 0: the softmax of the logits divided by it. Logits may be in the thousands, of either sign.
    """
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max())
    return powers / powers.sum()


@soft_label.cases
def logits(rng):
    """Two classes to ten, hot and cold; classes that tie; logits that overflow if one is careless, of both signs,
    in one sample too."""
    yield from ((np.array([2.0, 1.0, 0.0]), 1.0), (np.array([2.0, 1.0, 0.0]), 4.0))
    for classes in (2, 3, 5, 10):
        yield 3 * rng.normal(size=classes), float(rng.uniform(0.3, 6))
    tie = rng.normal(size=4)
    tie[1] = tie[3]
    yield tie, 2.5
    for far in (5000.0, -5000.0):
        yield far + 20 * rng.normal(size=3), float(rng.uniform(1, 5))
    yield np.array([-3000.0, 3000.0]), 1.0
    yield np.array([3000.0, 2999.0, -3000.0]), 2.0


def _softmax(z):
    powers = np.exp(z - np.max(z))
    return powers / powers.sum()


@soft_label.mistake("that is the label at temperature 1: divide the logits by the temperature first.")
def without_temperature(logits, temperature):
    return _softmax(logits)


@soft_label.mistake(
    "the logits are to be divided by the temperature: multiplied, they get harder as it rises."
)
def multiplied(logits, temperature):
    return _softmax(logits * temperature)


@soft_label.mistake(
    "the temperature divides the logits, and not the probabilities: your numbers do not add up to 1."
)
def probabilities_divided(logits, temperature):
    return _softmax(logits) / temperature


@soft_label.mistake("the sign is wrong: the largest logit has the largest probability.")
def sign_exchanged(logits, temperature):
    return _softmax(-logits / temperature)


@soft_label.mistake("those are powers of e; divide them by their sum to make probabilities of them.")
def not_divided(logits, temperature):
    scaled = logits / temperature
    return np.exp(scaled - scaled.max())


@soft_label.mistake("that is the hard label: 1 for the largest logit and nothing for the others.")
def hard_label(logits, temperature):
    return (np.arange(len(logits)) == np.argmax(logits)).astype(float)


@soft_label.mistake("those are logarithms of the probabilities.")
def logarithms(logits, temperature):
    return np.log(_softmax(logits / temperature))


@soft_label.mistake("that is a sigmoid for each class by itself: the classes of a softmax share one sum.")
def a_sigmoid_each(logits, temperature):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-logits / temperature))


@soft_label.mistake(
    "with the mean taken off, logits that lie thousands apart still overflow: take the largest off, then no power is above 1."
)
def mean_taken_off(logits, temperature):
    scaled = logits / temperature
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scaled - scaled.mean())
        return powers / powers.sum()


@soft_label.mistake(
    "right for small logits. `exp` of more than 709 is infinite, and below -745 all powers are 0: take the largest off first."
)
def overflows(logits, temperature):
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits / temperature)
        return powers / powers.sum()

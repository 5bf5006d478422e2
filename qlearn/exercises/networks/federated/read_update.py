"""A patient, read from the update of a model."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="stretch",
    right="one division and one sign: an update of one sample is the sample.",
    because=r"""
        The gradients are $(p-y)\,x$ and $p-y$, with $0<p<1$. Their ratio is $x$; the sign of $p-y$ tells $y$. The
        rate cancels. The quantum network has the same two in its readout, with $z(x)$ for $x$: the chapter inverts
        that too.
    """,
)
def read_update(before, after, rate):
    """A client of a federated *logistic regression* has a single patient and makes one step of plain gradient descent
    with the learning rate `rate`. `before` and `after` are `(weights, offset)`, an array and a number. Return
    `(features, label)` of that patient, exactly; the label is 0 or 1.
    """
    for_weights = (before[0] - after[0]) / rate  # (p - y) x
    for_offset = (before[1] - after[1]) / rate  # p - y
    return for_weights / for_offset, int(for_offset < 0)


@read_update.cases
def patients(rng):
    """Of both labels, with one feature to six, for a model that says the right thing or the wrong one."""
    for label in (1, 0):
        for says in (0, 1):
            x, weights = rng.normal(size=(2, rng.integers(1, 7)))
            offset = (2 * says - 1) * rng.uniform(0.3, 2) - weights @ x  # the model says p near 1/2, or surer
            rate = float(10 ** rng.uniform(-1.5, 0.5))
            error = 1 / (1 + np.exp(-(weights @ x + offset))) - label
            yield (weights, float(offset)), (weights - rate * error * x, float(offset - rate * error)), rate


@read_update.mistake(
    "that is (p - y) x, the gradient of the weights: the offset's gradient is p - y. Divide."
)
def not_divided(before, after, rate):
    return (before[0] - after[0]) / rate, int(before[1] < after[1])


@read_update.mistake(
    "that is the step of the weights. It is the rate times (p - y) x, and the offset's step is the rate times p - y."
)
def the_step(before, after, rate):
    return before[0] - after[0], int(before[1] < after[1])


@read_update.mistake("the features have the wrong sign: both gradients are (before - after) / rate.")
def wrong_sign(before, after, rate):
    step = before[1] - after[1]
    return (after[0] - before[0]) / step, int(step < 0)


@read_update.mistake("upside down: you divide the offset's gradient by that of the weights.")
def upside_down(before, after, rate):
    step = before[1] - after[1]
    return step / (before[0] - after[0]), int(step < 0)


@read_update.mistake(
    "you divide by the rate once too often: it is in the steps of weights and offset alike, and cancels."
)
def rate_left_over(before, after, rate):
    step = before[1] - after[1]
    return (before[0] - after[0]) / step / rate, int(step < 0)


@read_update.mistake(
    "the features are right, the label is not: what sign has p - y for y = 1, and what sign for y = 0?"
)
def label_exchanged(before, after, rate):
    step = before[1] - after[1]
    return (before[0] - after[0]) / step, int(step > 0)


@read_update.mistake(
    "the features are right. The label you give is what the *model* says of them; what the patient has, the update "
    "says: look at the sign of p - y."
)
def label_of_the_model(before, after, rate):
    x = (before[0] - after[0]) / (before[1] - after[1])
    return x, int(before[0] @ x + before[1] > 0)


@read_update.mistake("the features are right; the label is 1 for every patient of yours.")
def always_one(before, after, rate):
    return (before[0] - after[0]) / (before[1] - after[1]), 1


@read_update.mistake("the features are right; the label is 0 for every patient of yours.")
def always_zero(before, after, rate):
    return (before[0] - after[0]) / (before[1] - after[1]), 0

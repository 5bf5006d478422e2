"""Which way a student is pulled by what its teacher says."""

import numpy as np
from scipy.special import softmax

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="where student and teacher say the same nothing is left to learn, whatever the true label is.",
    because=r"""
        Of the cross-entropy $-\sum_k p_k\ln q_k$ with $q=\mathrm{softmax}(z/T)$ the derivative by $z_k$ is $(q_k-p_k)/T$: the
        quotient rule gives $q-p$, the inner derivative $1/T$. The factor $T^2$ leaves $T(q-p)$. For a large T both are
        nearly uniform, $q_k\approx\frac1N(1+\frac{z_k-\bar z}{T})$, and the gradient becomes $\frac1N$ times the difference of
        the logits, both centred: it does not vanish. That is what the factor is for (Hinton, Vinyals and Dean 2015,
        arXiv:1503.02531): once T is high, the size of the gradient hardly depends on it, nor does its balance with true labels.
    """,
)
def distil_gradient(student, teacher, temperature):
    r"""`student` and `teacher` are the logits z and v of two models, arrays of shape (samples, classes). The student learns by
    the loss

    $T^2\cdot\frac1n\sum_{i=1}^n\Big(-\sum_k p_{ik}\ln q_{ik}\Big),\qquad p=\mathrm{softmax}(v/T),\quad
    q=\mathrm{softmax}(z/T)$

    over n samples at `temperature` T, with the softmax over the classes. Return its gradient by the student's logits, an array
    of their shape.
    """
    p = softmax(teacher / temperature, axis=1)
    q = softmax(student / temperature, axis=1)
    return temperature * (q - p) / len(student)


@distil_gradient.cases
def pairs(rng):
    """One sample and many, two classes and more, cold to hot; as many samples as classes; two that agree."""
    v, z = np.array([[2.0, 1.0, 0.0]]), np.array([[0.5, 0.0, -0.2]])
    for temperature in (1.0, 20.0, 1000.0):
        yield z, v, temperature
    for n, classes in ((1, 2), (4, 3), (3, 3), (2, 6), (10, 4)):
        z, v = 2 * rng.normal(size=(2, n, classes))
        yield z, v, float(rng.uniform(0.4, 8))
    yield z, z + rng.normal(size=(len(z), 1)), 2.0  # a number more on all logits of a sample is no difference


def _slip(student, teacher, temperature, scale, n=None):
    p, q = softmax(teacher / temperature, axis=1), softmax(student / temperature, axis=1)
    return scale * (q - p) / (len(student) if n is None else n)


@distil_gradient.mistake("the inner derivative is missing: q depends on z/T, which gives a factor 1/T.")
def without_the_inner_derivative(student, teacher, temperature):
    return _slip(student, teacher, temperature, temperature**2)


@distil_gradient.mistake("that is the gradient without the factor T² of the loss.")
def without_the_square(student, teacher, temperature):
    return _slip(student, teacher, temperature, 1 / temperature)


@distil_gradient.mistake("T² times 1/T is T: your gradient is that of temperature 1 with softer labels.")
def without_a_factor(student, teacher, temperature):
    return _slip(student, teacher, temperature, 1)


@distil_gradient.mistake("the loss is a mean over the samples: divide by their number.")
def a_sum(student, teacher, temperature):
    return _slip(student, teacher, temperature, temperature, 1)


@distil_gradient.mistake("the loss is a mean over the samples alone; you divide by the classes as well.")
def mean_over_classes_too(student, teacher, temperature):
    return _slip(student, teacher, temperature, temperature, student.size)


@distil_gradient.mistake("you divide by the number of classes: the mean goes over the samples.")
def mean_over_classes(student, teacher, temperature):
    return _slip(student, teacher, temperature, temperature, student.shape[1])


@distil_gradient.mistake(
    "that is the way *down*, the step of the student: its gradient points up, away from the teacher."
)
def downhill(student, teacher, temperature):
    return _slip(student, teacher, temperature, -temperature)


@distil_gradient.mistake("the temperature is not in your labels: both models are read at temperature T.")
def labels_at_one(student, teacher, temperature):
    return temperature * (softmax(student, axis=1) - softmax(teacher, axis=1)) / len(student)


@distil_gradient.mistake("the student is read at temperature 1: it is heated as the teacher is.")
def student_at_one(student, teacher, temperature):
    p = softmax(teacher / temperature, axis=1)
    return temperature * (softmax(student, axis=1) - p) / len(student)


@distil_gradient.mistake("the teacher is read at temperature 1: it is heated as the student is.")
def teacher_at_one(student, teacher, temperature):
    q = softmax(student / temperature, axis=1)
    return temperature * (q - softmax(teacher, axis=1)) / len(student)


@distil_gradient.mistake("you take the softmax over the samples: each sample has its own, over the classes.")
def over_samples(student, teacher, temperature):
    p, q = softmax(teacher / temperature, axis=0), softmax(student / temperature, axis=0)
    return temperature * (q - p) / len(student)


@distil_gradient.mistake(
    "you take one softmax over the whole array: each sample has its own, over the classes (`axis=1`)."
)
def over_all(student, teacher, temperature):
    return temperature * (softmax(student / temperature) - softmax(teacher / temperature)) / len(student)


@distil_gradient.mistake(
    "that is the limit of high temperatures; at this one the labels are not yet uniform."
)
def the_limit(student, teacher, temperature):
    gap = student - teacher
    return (gap - gap.mean(axis=1, keepdims=True)) / student.size


@distil_gradient.mistake("you turn the teacher into hard labels: its soft ones are what it teaches by.")
def hard_labels(student, teacher, temperature):
    p = np.eye(teacher.shape[1])[teacher.argmax(axis=1)]
    return temperature * (softmax(student / temperature, axis=1) - p) / len(student)


@distil_gradient.mistake("that is the loss itself; its derivative by each logit of the student is asked for.")
def the_loss(student, teacher, temperature):
    p, q = softmax(teacher / temperature, axis=1), softmax(student / temperature, axis=1)
    return -(temperature**2) * (p * np.log(q)).sum(axis=1).mean()

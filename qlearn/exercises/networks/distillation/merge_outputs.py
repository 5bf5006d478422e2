"""Several models, one opinion: two ways to a mean."""

import numpy as np

from qlearn.exercises import exercise


@exercise(
    level="core",
    right="two means of the same opinions: in the second a single model that is sure enough against a class can keep it out.",
    because=r"""
        The first is $\sum_m s_m p_m$ with the shares $s_m=w_m/\sum w$. For the second, logits are logarithms of probabilities
        up to a number that is the same for all classes, and softmax takes no notice of that: the mean of the logits becomes the
        weighted *geometric* mean $\prod_m p_m^{s_m}$, divided by its sum over the classes. A probability of 0 from one model
        makes its class 0 there, a veto; in the first mean it only lowers it. The two can disagree on the class.
    """,
)
def merge_outputs(probabilities, weights):
    """`probabilities` is an array of shape (models, samples, classes): what several models say of the same samples. `weights`
    holds one number above 0 for each model, of any sum. Return the tuple `(linear, logarithmic)` of two arrays of
    shape (samples, classes): the weighted mean of the probabilities; and the softmax of the weighted mean of the *logits*, at
    temperature 1. Logits are logarithms of the probabilities; a probability may be 0, but in each sample there
    is a class that no model gives 0.
    """
    shares = weights / weights.sum()
    linear = np.tensordot(shares, probabilities, axes=1)
    product = np.prod(probabilities ** shares[:, None, None], axis=0)
    return linear, product / product.sum(axis=1, keepdims=True)


@merge_outputs.cases
def opinions(rng):
    """One model to six, two classes to five, as many samples as models and as classes; the sure and the unsure; vetoes; weights
    of any sum."""
    yield np.array([[[0.9, 0.1]], [[0.2, 0.8]]]), np.array([1.0, 1.0])
    yield (
        np.array([[[0.98, 0.01, 0.01]], [[0.0, 0.55, 0.45]], [[0.9, 0.06, 0.04]]]),
        np.array([2.0, 1.0, 1.0]),
    )
    for models, samples, classes in ((1, 3, 2), (2, 4, 3), (3, 3, 3), (6, 2, 4), (4, 5, 5), (3, 1, 4)):
        logits = rng.normal(size=(models, samples, classes)) * rng.uniform(0.3, 4, (models, 1, 1))
        p = np.exp(logits)
        if models > 2:
            p[:, :, 1:] *= rng.random((models, samples, classes - 1)) > 0.2
        yield p / p.sum(axis=2, keepdims=True), rng.uniform(0.2, 5, models)


def _linear(probabilities, weights):
    return np.einsum("m,mnk->nk", weights / weights.sum(), probabilities)


def _logarithmic(probabilities, weights):
    product = np.prod(probabilities ** (weights / weights.sum())[:, None, None], axis=0)
    return product / product.sum(axis=1, keepdims=True)


@merge_outputs.mistake("every model counts the same with you: each has a weight.")
def unweighted(probabilities, weights):
    return merge_outputs.solution(probabilities, np.ones(len(weights)))


@merge_outputs.mistake("the weights have any sum: divide by it, or your first mean does not add up to 1.")
def any_sum(probabilities, weights):
    product = np.prod(probabilities ** weights[:, None, None], axis=0)
    return np.einsum("m,mnk->nk", weights, probabilities), product / product.sum(axis=1, keepdims=True)


@merge_outputs.mistake(
    "the first mean is right. In the second the weights have to be divided by their sum, too: twice the weight for all is no "
    "difference."
)
def any_sum_of_logits(probabilities, weights):
    product = np.prod(probabilities ** weights[:, None, None], axis=0)
    return _linear(probabilities, weights), product / product.sum(axis=1, keepdims=True)


@merge_outputs.mistake(
    "the first mean is right. The second is a geometric mean that does not add up to 1: divide each sample by its sum."
)
def not_normalised(probabilities, weights):
    return _linear(probabilities, weights), np.prod(
        probabilities ** (weights / weights.sum())[:, None, None], axis=0
    )


@merge_outputs.mistake(
    "the first mean is right. The second is divided by one sum over all samples: each sample has its own."
)
def one_sum_for_all(probabilities, weights):
    product = np.prod(probabilities ** (weights / weights.sum())[:, None, None], axis=0)
    return _linear(probabilities, weights), product / product.sum()


@merge_outputs.mistake(
    "the first mean is right, and the second is the softmax of *probabilities*: the logits are their logarithms."
)
def probabilities_for_logits(probabilities, weights):
    powers = np.exp(_linear(probabilities, weights))
    return _linear(probabilities, weights), powers / powers.sum(axis=1, keepdims=True)


@merge_outputs.mistake(
    "both are the mean of the probabilities: log and softmax of a mean give that mean again."
)
def linear_twice(probabilities, weights):
    return (_linear(probabilities, weights),) * 2


@merge_outputs.mistake("both are the mean of the logits; the first is to be that of the probabilities.")
def logarithmic_twice(probabilities, weights):
    return (_logarithmic(probabilities, weights),) * 2


@merge_outputs.mistake("the two are in the reverse order: the mean of the probabilities comes first.")
def reversed_order(probabilities, weights):
    return _logarithmic(probabilities, weights), _linear(probabilities, weights)


@merge_outputs.mistake(
    "the first mean is right. The second multiplies the probabilities as if the models had seen independent evidence: a mean of "
    "logits is a geometric *mean*, with exponents that add up to 1."
)
def a_product(probabilities, weights):
    product = np.prod(probabilities, axis=0)
    return _linear(probabilities, weights), product / product.sum(axis=1, keepdims=True)


@merge_outputs.mistake(
    "the first mean is right. In the second a probability of 0 is -infinity as a logit, and stays 0 in the mean: no small number "
    "in its place."
)
def a_small_number_for_zero(probabilities, weights):
    return _linear(probabilities, weights), _logarithmic(np.maximum(probabilities, 1e-3), weights)


@merge_outputs.mistake("right for two models. There may be more, or one: sum over all.")
def of_two_models(probabilities, weights):
    return merge_outputs.solution(probabilities[:2], weights[:2])


@merge_outputs.mistake("you let the model of the largest weight speak alone: all are to be merged.")
def the_heaviest(probabilities, weights):
    return (probabilities[np.argmax(weights)],) * 2

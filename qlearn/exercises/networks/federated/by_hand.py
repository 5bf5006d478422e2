"""The weighted mean of two hospitals, by hand."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    right="the large hospital has three of every four patients, so it pulls three times as hard.",
    because=r"""
        Federated averaging weighs each model by the samples behind it: $(300\cdot1-100\cdot1)/400=1/2$. That is
        what makes one step of it equal to a step on the pooled data.
    """,
)
def by_hand():
    """A hospital with 300 patients ends its round with the parameter 1, one with 100 patients with -1.
    What is the parameter of the global model?
    """
    return (300 * 1 + 100 * (-1)) / (300 + 100)


@by_hand.mistake("0 is the plain mean of 1 and -1: weigh each model by its patients, 300 and 100.")
def plain_mean():
    return (1 - 1) / 2


@by_hand.mistake("200 is the weighted sum; divide it by the 400 patients to get a mean.")
def not_divided():
    return 300 * 1 + 100 * (-1)


@by_hand.mistake("100 divides by the two hospitals; divide by the 400 patients.")
def divided_by_hospitals():
    return (300 * 1 + 100 * (-1)) / 2


@by_hand.mistake("-0.5 gives the large weight to the small hospital: 300 patients stand behind +1.")
def weights_exchanged():
    return (100 * 1 - 300 * 1) / 400


@by_hand.mistake("3/4 is the weight of the large hospital. The other pulls too, and it pulls back.")
def the_weight():
    return 300 / 400


@by_hand.mistake("1 would be the mean if both had ended at +1: the small hospital ends at -1.")
def sign_forgotten():
    return (300 * 1 + 100 * 1) / 400

"""The sign of each product of X and Y on a GHZ state."""

from qlearn.exercises import exercise


@exercise(
    level="warm-up",
    stub='signs = ...  # {"XXX": ..., "XXY": ..., "XYY": ..., "YYY": ..., "XYYX": ..., "YYYY": ...}\n',
    right="i to the power of the number of Y, where that is real: 1 for none or four, -1 for two, 0 for an odd number.",
    because=r"""
        X takes $|0\rangle$ to $|1\rangle$ and back; Y does so with a factor $i$ on the way up and $-i$ on the way
        down. With k of them $|0\dots0\rangle$ gets $i^k$ and $|1\dots1\rangle$ gets $(-i)^k$. For even k the two are
        equal, and the GHZ state is an eigenstate with the sign $(-1)^{k/2}$. For odd k they are opposite: the state
        is turned into $|0\dots0\rangle - |1\dots1\rangle$, which is orthogonal, so the mean is 0.
    """,
)
def signs():
    r"""All parties measure their qubits of a GHZ state of as many qubits as the word has letters, each X or Y as the
    word says, and multiply their outcomes +1 and -1. What is the mean of the product: 1, -1 or 0? By hand.
    """
    return {"XXX": 1, "XXY": 0, "XYY": -1, "YYY": 0, "XYYX": -1, "YYYY": 1}


@signs.mistake("two Y bring a minus: i times i is -1. Only words with no Y at all, or four, have +1.")
def y_is_like_x():
    return {"XXX": 1, "XXY": 0, "XYY": 1, "YYY": 0, "XYYX": 1, "YYYY": 1}


@signs.mistake("with an odd number of Y the product is not certain: both signs come as often, the mean is 0.")
def each_y_a_minus():
    return {"XXX": 1, "XXY": -1, "XYY": 1, "YYY": -1, "XYYX": 1, "YYYY": 1}


@signs.mistake("four Y bring two minus signs, and they cancel: +1.")
def a_minus_for_any_y():
    return {"XXX": 1, "XXY": 0, "XYY": -1, "YYY": 0, "XYYX": -1, "YYYY": -1}


@signs.mistake("YYY is no fourth word of the set: an odd number of Y has the mean 0, three as well as one.")
def three_are_certain():
    return {"XXX": 1, "XXY": 0, "XYY": -1, "YYY": -1, "XYYX": -1, "YYYY": 1}

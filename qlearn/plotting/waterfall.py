"""The waterfall: where the bits of a sifted key went, one bar a step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from qlearn.plotting.look import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class _Entry(Protocol):
    @property
    def what(self) -> str: ...
    @property
    def bits(self) -> int: ...


class _Ledger(Protocol):
    @property
    def entries(self) -> Sequence[_Entry]: ...
    @property
    def balances(self) -> Sequence[int]: ...


def waterfall(ledger: _Ledger, ax: "Axes | None" = None) -> "Axes":
    """Draw a ledger: a bar for what it begins with, one for each loss hanging from the last, one for the rest.

    Parameters
    ----------
    ledger : Ledger
        Of a session (:class:`~qlearn.communication.postprocessing.Ledger`).
    ax : matplotlib.axes.Axes, optional
        Where to draw. None: a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the bits on the horizontal axis, so that the words fit beside the bars.

    Raises
    ------
    ValueError
        If the ledger is empty.

    Examples
    --------
    >>> from qlearn.communication.postprocessing import Ledger
    >>> ax = waterfall(Ledger().add("sift", "sifted", 100).add("estimate", "compared", -20))
    >>> [text.get_text() for text in ax.texts]
    ['100', '−20', '80']

    Taught in :doc:`/communication/secret_key`.
    """
    from matplotlib import pyplot as plt

    if not ledger.entries:
        raise ValueError("ledger must have at least one entry: there is nothing to draw")
    if ax is None:
        _, ax = plt.subplots(figsize=(6.2, 0.42 * len(ledger.entries) + 1.1))
    names = [entry.what for entry in ledger.entries]
    most = max(ledger.balances)
    left = 0
    for row, (entry, after) in enumerate(zip(ledger.entries, ledger.balances, strict=True)):
        gain = entry.bits >= 0
        ax.barh(row, entry.bits, left=left, height=0.62, color=colour("alice" if gain else "eve"))
        number = f"{entry.bits:,}".replace("-", "−")
        ax.text(max(left, after) + 0.01 * most, row, number, va="center", ha="left", fontsize=10)
        left = after
    if left > 0:
        names.append("secret key")
        ax.barh(len(ledger.entries), left, height=0.62, color=colour("bob"))
        ax.text(left + 0.01 * most, len(ledger.entries), f"{left:,}", va="center", ha="left", fontsize=10)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set_xlim(min(0, *ledger.balances), 1.2 * most)
    ax.set_xlabel("bits")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.locator_params(axis="x", nbins=4)
    return ax

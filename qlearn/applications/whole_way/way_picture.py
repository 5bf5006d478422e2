"""Picture of the way: what is left of the pulses after each stage, and what the model is worth."""

from typing import TYPE_CHECKING

from qlearn.applications.whole_way.demo import DemoRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WORD = {"pulses": "pulses sent", "sift": "bits sifted", "key": "secret key", "store": "in the store"}


def draw_way(done: DemoRun) -> "Figure":
    """Draw the way of a run as one strip: bits that are left, stage by stage, and the accuracy, round by round.

    Parameters
    ----------
    done : DemoRun
        What :func:`run_demo` returned, however it ended.

    Returns
    -------
    matplotlib.figure.Figure
        Not shown and not saved; in the style that Matplotlib has been given.

    Examples
    --------
    >>> from qlearn.applications.whole_way import Demo, run_demo
    >>> figure = draw_way(run_demo(Demo(eavesdropped=1.0), say=lambda line: None))
    >>> [text.get_text() for text in figure.axes[0].get_yticklabels()]
    ['pulses sent', 'bits sifted', 'secret key', 'in the store']
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    if not isinstance(done, DemoRun):
        raise TypeError(f"done must be a DemoRun, as run_demo returns it, not {type(done).__name__}")
    bars = [(_WORD[e.stage], e.bits_out or 0) for e in done.ledger.entries if e.stage in _WORD]
    spent = [e for e in done.ledger.entries if e.stage.startswith("round") and e.bits_spent is not None]
    bars += [(f"spent in {e.stage}", e.bits_spent or 0) for e in spent]
    scores = list(done.history.central_accuracy) if done.history is not None and done.trained else []
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    values = [value for _, value in bars]
    colors = ["C0" if name in _WORD.values() else "C2" for name, _ in bars]
    left.barh(range(len(bars)), values, color=colors)
    room = max([*values, 1])
    for row, value in enumerate(values):
        left.text(value + 0.02 * room, row, f"{value:,}", va="center", fontsize=11)
    left.set(xlim=(0, 1.42 * room), xlabel="bits", title="What is left")
    left.xaxis.set_major_locator(MaxNLocator(3))
    left.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    left.set_yticks(range(len(bars)), [name for name, _ in bars])
    left.invert_yaxis()
    left.grid(axis="y", visible=False)
    right.set(title="What it buys", xlabel="round", ylabel="accuracy", ylim=(0, 1))
    if scores:
        right.plot(range(1, len(scores) + 1), scores, "o-", color="C2")
        right.set_xticks(range(1, len(scores) + 1))
        right.set_xlim(0.5, len(scores) + 0.5)
    else:
        right.text(0.5, 0.5, "no model", ha="center", va="center", transform=right.transAxes)
        right.set_xticks([])
    return figure

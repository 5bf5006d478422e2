"""Orders: what an orchestrator tells its network for the next round."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qlearn._checks import as_choice, as_count, as_real

Rule = Literal["home", "usable", "balanced"]
RULES = ("home", "usable", "balanced")


@dataclass(frozen=True)
class Orders:
    """What is to be done in a round.

    Parameters
    ----------
    update_every : int
        Units train and send in every so many rounds, those whose number it divides; in the others they rest, links make
        keys, and queues empty.
    local_epochs : int
        Passes over its samples that a unit makes before it sends.
    model_size : float
        Share of the model's numbers that travel in this round, above 0 to 1. The rest keep their value of the last
        round; the share moves on from round to round, so that all numbers get their turn.
    assignment : {"home", "usable", "balanced"} or mapping of str to str
        To which aggregator a unit sends: "home", the nearest, whatever happens to it; "usable", the nearest over a link
        that gives keys, to an aggregator that is there; "balanced", of those the one with the shortest queue; or a
        mapping from unit to aggregator (who is not in it, goes home).
    on_empty : {"wait", "shrink"}
        What a unit does whose link has too few key bits: wait until the link has made them, or send fewer numbers, the first of
        its share; the last ones of a share wait for a round with more keys. It never sends unsealed.

    Examples
    --------
    >>> Orders(update_every=2, model_size=0.5)
    Orders(update_every=2, local_epochs=1, model_size=0.5, assignment='home', on_empty='wait')
    """

    update_every: int = 1
    local_epochs: int = 1
    model_size: float = 1.0
    assignment: Rule | Mapping[str, str] = "home"
    on_empty: Literal["wait", "shrink"] = "wait"

    def __post_init__(self) -> None:
        # Plain numbers and a dictionary of its own: orders are sent as JSON, and kept in checkpoints.
        for name in ("update_every", "local_epochs"):
            object.__setattr__(self, name, int(as_count(getattr(self, name), name)))
        object.__setattr__(self, "model_size", float(as_real(self.model_size, "model_size", above=0, most=1)))
        as_choice(self.on_empty, ("wait", "shrink"), "on_empty")
        if isinstance(self.assignment, Mapping):
            wrong = [
                pair for pair in self.assignment.items() if not all(isinstance(end, str) for end in pair)
            ]
            if wrong:
                raise TypeError(f"assignment must map names of units to names of aggregators, not {wrong[0]}")
            object.__setattr__(self, "assignment", dict(self.assignment))
        else:
            as_choice(self.assignment, RULES, "assignment")

"""Stage comparison: the indicators of the four stages, measured in the same worlds, and their paired differences."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from qlearn._checks import as_count
from qlearn.evidence import Difference, average, paired, seeds as seeds_for
from qlearn.networks.orchestration._run_identity import made_of
from qlearn.networks.orchestration.orchestration_history import OrchestrationHistory
from qlearn.networks.orchestration.stages import HEALING, STAGES, UNLEARNED, Stage

MEASURES = {
    "accuracy": "of the last model, on new samples",
    "latency_s": "mean of the rounds with an update, seconds",
    "slowest_s": "the longest of them, seconds",
    "updates": "sealed updates of units merged, a round",
    "key_bits": "bits of key for each of them, on all quantum links together",
    "lost": "updates ordered and not merged: no keys, no line, no aggregator, a round",
}
"""What is measured of a run."""
_LOSSES = ("keys", "link", "aggregator", "unit", "orders", "seal", "fit")


def run_measures(history: OrchestrationHistory) -> dict[str, float]:
    """Return what is told of one run, by the names in :data:`MEASURES`.

    Parameters
    ----------
    history : OrchestrationHistory
        A run with at least one round.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> from qlearn.networks.orchestration.stages import stage
    >>> measured = run_measures(stage(1).run(seed=0, rounds=4))
    >>> measured["updates"], measured["key_bits"]
    (1.0, 1920.0)
    """
    if not history.rounds:
        raise ValueError("history must hold a round; an empty run has nothing to measure")
    merged = sum(len(record.sent) for record in history.rounds)
    lost = sum(event.stage in _LOSSES and event.client != "policy" for _, event in history.events)
    n, times = len(history.rounds), history.latencies
    with_update = times[~np.isnan(times)]
    return {
        "accuracy": float(history.learning.central_accuracy[-1]),
        "latency_s": float(with_update.mean()) if with_update.size else np.nan,
        "slowest_s": float(with_update.max(initial=0.0)) if with_update.size else np.nan,
        "updates": merged / n,
        "key_bits": float(history.key_bits.sum()) / merged if merged else np.nan,
        "lost": lost / n,
    }


@dataclass(frozen=True, eq=False)
class StageTable:
    """Measures of several stages in the same worlds.

    Parameters
    ----------
    stages : tuple of Stage
        The rows.
    seeds : tuple of int
        Worlds in which all of them ran.
    measures : dict of str to ndarray, shape (n_stages, n_seeds)
        By name.

    Examples
    --------
    >>> table = compare_stages(seeds=[1_000_000, 1_000_001], rounds=4, progress=False)
    >>> table.measures["updates"][0]
    array([1., 1.])
    >>> MEASURES["updates"]
    'sealed updates of units merged, a round'
    >>> from qlearn.networks.orchestration.stages import HEALING
    >>> bool(run_measures(HEALING.run(1_000_000, 4))["updates"] == table.measures["updates"][3, 0])
    True

    Of what stage 4 gains on stage 3, a rule of one line (`HEALING`) and fixed orders (`UNLEARNED`) have their parts:

    >>> from qlearn.networks.orchestration import KPIs
    >>> from qlearn.networks.orchestration.stages import UNLEARNED
    >>> table.stages[5] is UNLEARNED, UNLEARNED.policy().decide(KPIs()).model_size
    (True, 0.5)
    """

    stages: tuple[Stage, ...]
    seeds: tuple[int, ...]
    measures: dict[str, NDArray[np.float64]]

    def difference(self, measure: str, later: int, earlier: int) -> Difference:
        """Return the paired difference of two rows: row `later` minus row `earlier`, over the seeds.

        Parameters
        ----------
        measure : str
            One of :data:`MEASURES`.
        later, earlier : int
            Rows, from 0.

        Returns
        -------
        Difference
        """
        if measure not in self.measures:
            raise ValueError(f"measure must be one of {', '.join(self.measures)}, not {measure!r}")
        rows = self.measures[measure]
        return paired(rows[later], rows[earlier])

    @property
    def cells(self) -> list[list[str]]:
        """The table as texts: a head, then a row for each stage with mean ± standard error."""
        head = ["stage", *MEASURES]
        rows = [
            [f"{s.number} {s.name}", *(_cell(self.measures[name][i]) for name in MEASURES)]
            for i, s in enumerate(self.stages)
        ]
        return [head, *rows]

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self.cells, strict=True)]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
            for row in self.cells
        ]
        return "\n".join([*lines, f"{len(self.seeds)} worlds; mean ± standard error"])

    def _repr_html_(self) -> str:
        head, *rows = self.cells
        top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th>'
            + "".join(f"<td>{escape(cell).replace(' ± ', '&nbsp;±&nbsp;')}</td>" for cell in cells)
            + "</tr>"
            for name, *cells in rows
        )
        return (
            '<div class="qlearn-verdicts" role="region" tabindex="0" aria-label="Indicators of the stages" '
            'style="overflow-x:auto"><table>'
            f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def compare_stages(
    seeds: Iterable[int] | None = None,
    rounds: int = 30,
    *,
    stages: Sequence[Stage] | None = None,
    file: str | os.PathLike | None = None,
    progress: bool = True,
) -> StageTable:
    """Run the stages in the same worlds, and lay out what was measured.

    Parameters
    ----------
    seeds : iterable of int, optional
        Worlds. None: the 20 first seeds that judge.
    rounds : int
        Rounds of each run.
    stages : sequence of Stage, optional
        None: the four, stage 3 with the healing of stage 4, and, last, stage 4 with fixed orders.
    file : path, optional
        Where measures are kept as they come, in JSON, and taken from if they are there: an interrupted comparison goes on.
    progress : bool
        Show a bar.

    Returns
    -------
    StageTable
        Of the worlds in which all stages ran; after an interrupt of those that were complete.

    Raises
    ------
    ValueError
        If the file is of other rounds, of a stage of the same name with another network, policy or reward, or of something else.
    KeyboardInterrupt
        If the user stops it before one world is complete.

    Examples
    --------
    >>> from qlearn.networks.orchestration.stages import stage
    >>> compare_stages(seeds=range(7), rounds=3, stages=[stage(1), stage(3)], progress=False).difference("updates", 1, 0).mean > 5
    True
    """
    as_count(rounds, "rounds")
    rows = (*STAGES[:3], HEALING, *STAGES[3:], UNLEARNED) if stages is None else tuple(stages)
    worlds = [
        as_count(seed, "seeds", least=0) for seed in (seeds_for("judge", 20) if seeds is None else seeds)
    ]
    if not worlds or not rows:
        raise ValueError("seeds and stages must hold at least one each")
    made = {f"{row.number} {row.name}": made_of(_parts(row)) for row in rows}
    known = _read(file, rounds, made)
    jobs = [(seed, row) for seed in worlds for row in rows if _name(seed, row) not in known]
    try:
        for seed, row in tqdm(jobs, "runs", disable=not progress):
            history = row.run(seed, rounds, progress=False)
            if history.interrupted:  # it kept its complete rounds, but a part of a run is no run
                raise KeyboardInterrupt
            known[_name(seed, row)] = run_measures(history)
            _write(file, rounds, made, known)
    except KeyboardInterrupt:
        worlds = [seed for seed in worlds if all(_name(seed, row) in known for row in rows)]
        if not worlds:
            raise
    found = {
        name: np.array([[known[_name(seed, row)][name] for seed in worlds] for row in rows])
        for name in MEASURES
    }
    return StageTable(rows, tuple(worlds), found)


def _cell(values: NDArray[np.float64]) -> str:
    known = values[~np.isnan(values)]
    if not known.size:
        return "none"
    if known.size == 1:
        return f"{known[0]:.4g}"
    found = average(known)
    # of a thousand bits nobody reads the thousandths, and seven columns have to fit on a page
    return f"{found:.0f}" if abs(found.mean) >= 100 else f"{found:.2f}"


def _parts(row: Stage) -> tuple[Any, ...]:
    """Return what tells a stage from another of its name; one without a reward is known as before it could have one."""
    return (row.join, row.policy) if row.reward is None else (row.join, row.policy, row.reward)


def _name(seed: int, row: Stage) -> str:
    return f"{seed} {row.number} {row.name}"


def _read(file: str | os.PathLike | None, rounds: int, made: dict[str, str]) -> dict[str, dict[str, float]]:
    if file is None or not Path(file).exists():
        return {}
    try:
        told = json.loads(Path(file).read_text())
        was, runs, kept = told["rounds"], dict(told["runs"]), dict(told["stages"])
        if not all(set(one) == set(MEASURES) for one in runs.values()):
            raise ValueError("it holds other measures")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"file must be one of compare_stages; {os.fspath(file)!r} is of something else: {error}"
        ) from error
    if was != rounds:
        raise ValueError(
            f"file must be of runs of {rounds} rounds; {os.fspath(file)!r} is of {was}. Take another file"
        )
    for name in kept.keys() & made.keys():
        if kept[name] != made[name]:
            raise ValueError(
                f"file must be of these stages; in {os.fspath(file)!r} stage {name!r} has another network, policy or "
                "reward. Take another file"
            )
    made.update({name: kept[name] for name in kept.keys() - made.keys()})
    return runs


def _write(
    file: str | os.PathLike | None, rounds: int, made: dict[str, str], known: dict[str, dict[str, float]]
) -> None:
    if file is None:
        return
    beside = Path(f"{os.fspath(file)}.part")
    beside.write_text(json.dumps({"rounds": rounds, "stages": made, "runs": known}, indent=1))
    os.replace(beside, file)

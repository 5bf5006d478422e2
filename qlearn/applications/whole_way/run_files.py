"""Files of a run: the picture, the ledger as JSON and CSV, and the model, in a folder that was free before."""

import os
from pathlib import Path

import numpy as np

from qlearn.applications.whole_way.demo import DemoRun
from qlearn.applications.whole_way.way_picture import draw_way

_NAME = "qlearn-demo"
_CLAIM = "unfinished"


def claim_folder(folder: str | Path | None = None) -> Path:
    """Make the folder for what a run keeps, and refuse one that holds something or cannot be written to.

    Until :func:`write_run` or ``release_folder`` the folder holds a file `unfinished`, so that a second run that begins
    meanwhile takes another one.

    Parameters
    ----------
    folder : str or Path, optional
        A new one, or an empty one. None: the first of qlearn-demo, qlearn-demo-2, ... here that is free.

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     claim_folder(place + "/run").name
    ...     _ = Path(place, "run", "ledger.csv").write_text("of another run")
    ...     claim_folder(place + "/run")
    Traceback (most recent call last):
    ...
    ValueError: folder must be a new or an empty one, but ... holds ledger.csv: name another
    """
    path = _first_free() if folder is None else Path(folder)
    if path.exists() and not path.is_dir():
        raise ValueError(f"folder must be a folder, but {path} is a file: name another")
    try:
        path.mkdir(parents=True, exist_ok=True)
        held = next(path.iterdir(), None)
    except OSError as fault:
        raise ValueError(
            f"folder must be one that can be made and written to, but {path} cannot: {fault}"
        ) from None
    if held is not None:
        raise ValueError(f"folder must be a new or an empty one, but {path} holds {held.name}: name another")
    if not os.access(path, os.W_OK | os.X_OK):
        raise ValueError(f"folder must be one that can be written to, but {path} cannot: name another")
    try:
        (path / _CLAIM).touch(exist_ok=False)
    except OSError as fault:
        raise ValueError(
            f"folder must be one that can be written to, but {path} cannot: {fault}; name another"
        ) from None
    return path


def release_folder(path: Path, *, made: bool) -> None:
    """Give back what was claimed: the folder of a run that keeps nothing goes, if the run had made it."""
    (path / _CLAIM).unlink(missing_ok=True)
    if made and path.is_dir() and not any(path.iterdir()):
        path.rmdir()


def _first_free() -> Path:
    """Make the first folder of our name that is not there: two runs that look at the same time make two."""
    number = 1
    while True:
        path = Path(_NAME if number == 1 else f"{_NAME}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            number += 1
        except OSError as fault:
            raise ValueError(
                f"folder must be one that can be made, but {path} cannot: {fault}; name one by --folder"
            ) from None
        else:
            return path


def write_run(done: DemoRun, folder: Path) -> list[Path]:
    """Write what a run leaves into a folder, and return the files: a run that was broken off leaves the ledger alone.

    A round that made no sum has changed no model: what a run that failed would leave for one is not written.

    Parameters
    ----------
    done : DemoRun
        What :func:`run_demo` returned.
    folder : Path
        As :func:`claim_folder` made it.

    Returns
    -------
    list of Path
        `ledger.json`, `ledger.csv`, `way.png`, and `model.npz` where there is a model.

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.applications.whole_way import Demo, run_demo
    >>> tapped = run_demo(Demo(eavesdropped=1.0), say=lambda line: None)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     [path.name for path in write_run(tapped, Path(place))]
    ['ledger.json', 'ledger.csv', 'way.png']
    """
    demo = done.demo
    about = {
        "pulses": demo.pulses,
        "noise": demo.noise,
        "eavesdropped": demo.eavesdropped,
        "clients": demo.clients,
        "seed": demo.seed,
        "trained": done.trained,
        "reason": done.reason,
        "accuracy": [float(a) for a in done.history.central_accuracy]
        if done.history and done.trained
        else [],
    }
    folder.mkdir(parents=True, exist_ok=True)  # two minutes have passed since it was claimed
    files = [folder / "ledger.json", folder / "ledger.csv"]
    files[0].write_text(done.ledger.to_json(**about), encoding="utf8")
    files[1].write_text(done.ledger.to_csv(), encoding="utf8")
    if done.signal is not None:
        return files
    files.append(folder / "way.png")
    draw_way(done).savefig(files[-1], dpi=150)
    if done.history is not None and done.trained:
        files.append(folder / "model.npz")
        np.savez(files[-1], *done.history.parameters)
    return files

"""A checkpoint: numbers and arrays in one file, which is there whole or not at all, and is read without running code."""

import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

_ARRAY = "\u0000array"
_TUPLE = "\u0000tuple"


def save(path: str | Path, tree: Any) -> None:
    """Write dictionaries, lists, tuples, numbers, texts and arrays; whoever reads sees the old file or the new one."""
    arrays: dict[str, np.ndarray] = {}
    skeleton = json.dumps(_flat(tree, arrays))
    whole = io.BytesIO()
    np.savez(whole, skeleton=np.array(skeleton), **arrays)  # type: ignore[arg-type]
    place = Path(path)
    handle, beside = tempfile.mkstemp(dir=place.parent, prefix=place.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(whole.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def load(path: str | Path) -> Any:
    """Read what :func:`save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        return _grown(json.loads(str(file["skeleton"])), file)


def _flat(tree: Any, arrays: dict[str, np.ndarray]) -> Any:
    """Return the tree with the names of its arrays in their places."""
    if isinstance(tree, np.ndarray):
        if tree.dtype == object:
            raise TypeError("an array of objects cannot be written: a checkpoint holds numbers")
        name = f"a{len(arrays)}"
        arrays[name] = tree
        return {_ARRAY: name}
    if isinstance(tree, np.generic):
        return tree.item()
    if isinstance(tree, dict):
        if not all(isinstance(key, str) for key in tree):
            raise TypeError("a dictionary with other keys than texts cannot be written")
        return {key: _flat(value, arrays) for key, value in tree.items()}
    if isinstance(tree, tuple):
        return {_TUPLE: [_flat(value, arrays) for value in tree]}
    if isinstance(tree, list):
        return [_flat(value, arrays) for value in tree]
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    raise TypeError(f"a {type(tree).__name__} cannot be written: a checkpoint holds numbers, texts and arrays")


def _grown(tree: Any, arrays: Any) -> Any:
    if isinstance(tree, list):
        return [_grown(value, arrays) for value in tree]
    if isinstance(tree, dict):
        if _ARRAY in tree:
            return arrays[tree[_ARRAY]]
        if _TUPLE in tree:
            return tuple(_grown(value, arrays) for value in tree[_TUPLE])
        return {key: _grown(value, arrays) for key, value in tree.items()}
    return tree

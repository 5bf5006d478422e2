"""Published data: records of what was built and measured, one JSON file each, read when they are asked for."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Generic, TypeVar, cast

Record = TypeVar("Record")


class Published(Mapping[str, Record], Generic[Record]):
    """The records of one folder of a package by name: the file ``NAME.json`` is the record NAME.

    `make` is called with ``name=NAME`` and the fields of the file, of which `source` is demanded, and `provenance`
    and `published` come as mappings that nobody can change. `table` is what the mapping is called where it is public.
    """

    def __init__(self, table: str, make: Callable[..., Record], package: str, folder: str = "data") -> None:
        self._table, self._make, self._package, self._folder = table, make, package, folder
        self._read: dict[str, Record] = {}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        found = files(self._package).joinpath(*self._folder.split("/")).iterdir()
        return tuple(sorted(path.name.removesuffix(".json") for path in found if path.name.endswith(".json")))

    def __getitem__(self, name: str) -> Record:
        if name not in self._names:
            raise KeyError(f"{self._table} has no {name!r}; it has {', '.join(self._names)}")
        if name not in self._read:
            file = files(self._package).joinpath(*self._folder.split("/"), f"{name}.json")
            fields = json.loads(file.read_text(encoding="utf8"))
            if not fields.get("source"):
                raise ValueError(f"{file.name} must say in `source` where its numbers come from")
            frozen = {
                key: MappingProxyType(fields[key]) for key in ("provenance", "published") if key in fields
            }
            self._read[name] = self._make(name=name, **{**fields, **frozen})
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"{self._table}: {', '.join(self._names)}"


def as_record(x: object, name: str, kind: type[Record], known: Mapping[str, Record]) -> Record:
    """Return `x` if it is a record of this kind; what is not is told of those there are."""
    if not isinstance(x, kind):
        table = cast(Published[Record], known)._table
        such = ", ".join(f'{table}["{one}"]' for one in known)
        raise TypeError(f"{name} must be a {kind.__name__}, such as {such}, not {x!r}")
    return x

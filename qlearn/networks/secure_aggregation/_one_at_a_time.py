"""One step at a time, in one process: what keeps a party that uses each pad once from being two."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

_Step = TypeVar("_Step", bound=Callable[..., Any])


def one_at_a_time(step: _Step) -> _Step:
    """Let one step end before the next begins, in the process that has the keys: two at a time would use one pad twice."""

    @wraps(step)
    def guarded(self: Any, *arguments: Any, **named: Any) -> Any:
        if os.getpid() != self._home:
            raise ValueError(
                f"this MaskedClient belongs to process {self._home} and is asked in process {os.getpid()}: after a fork both "
                "would use the same pads. Make a client of its own in each process"
            )
        with self._lock:
            return step(self, *arguments, **named)

    return guarded  # type: ignore[return-value]

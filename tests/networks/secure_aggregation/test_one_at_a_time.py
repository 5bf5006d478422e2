"""One step at a time, in one process."""

import os
import threading
import time

import pytest

from qlearn.networks.secure_aggregation._one_at_a_time import one_at_a_time


class Party:
    """Counts how many of its steps are under way."""

    def __init__(self) -> None:
        self._lock, self._home = threading.RLock(), os.getpid()
        self.inside, self.most = 0, 0

    @one_at_a_time
    def step(self, value: int, *, twice: bool = False) -> int:
        """Stay for a while, and say the value."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.02)
        self.inside -= 1
        return 2 * value if twice else value


def test_threads_wait_for_one_another():
    party, answers = Party(), []
    threads = [threading.Thread(target=lambda i=i: answers.append(party.step(i))) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 1, 2, 3, 4]
    assert party.most == 1


def test_arguments_docstring_and_errors_pass_through():
    assert Party().step(3, twice=True) == 6
    assert Party.step.__doc__ == "Stay for a while, and say the value."
    with pytest.raises(TypeError):
        Party().step()


def test_another_process_is_refused():
    party = Party()
    party._home = os.getpid() + 1
    with pytest.raises(
        ValueError, match=f"belongs to process {party._home} and is asked in process {os.getpid()}"
    ):
        party.step(1)
    assert party.most == 0

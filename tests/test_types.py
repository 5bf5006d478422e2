"""What the library says of its types: mypy reads this file, and each line is true when it runs."""

from typing import assert_type

import numpy as np
from numpy.typing import NDArray

from qlearn.qubits import Circuit, Run


def test_what_a_circuit_gives_is_known_to_a_type_checker() -> None:
    bell, coin = Circuit(2).h(0).cx(0, 1), Circuit(1, bits=1).h(0).measure(0, 0)
    assert_type(bell.run(), NDArray[np.complex128])
    assert_type(bell.inverse().then(bell).at(()).run(), NDArray[np.complex128])
    assert_type(coin.run(rng=1), Run)
    assert_type(Circuit(1).h(0).then(coin).run(rng=1), Run)
    assert isinstance(bell.run(), np.ndarray)
    assert isinstance(coin.run(rng=1), Run)
    assert isinstance(Circuit(1).h(0).then(coin).run(rng=1), Run)

"""The Qiskit adapter: runs on a V2 primitive, draws wire 0 on top."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from qiskit.primitives import StatevectorSampler

from qlearn.qubits import Circuit


def test_runs_on_a_v2_primitive():
    circuit = Circuit(2, bits=2).x(1).measure(0, 0).measure(1, 1)
    result = StatevectorSampler(seed=1).run([circuit.to_qiskit()], shots=7).result()[0]
    assert result.data.bits.get_counts() == {"01": 7}


def test_draws_our_names_in_our_order():
    text = str(Circuit(2, bits=2).h(0).cx(0, 1).measure(0, 0).x(1, where=0).draw(output="text"))
    names = [line.split(":")[0].strip() for line in text.splitlines() if ":" in line]
    assert [name.removesuffix(" 1/") for name in names[:4]] == ["wire 0", "wire 1", "bit 0", "bit 1"]


def test_draws_a_figure():
    assert isinstance(Circuit(1).rx(0.3, 0).draw(), Figure)


def test_a_drawing_breaks_into_rows_that_a_phone_can_show():
    def widths(circuit):
        return circuit.draw().get_figwidth(), circuit.draw(fold=-1).get_figwidth()

    short, long = Circuit(1).h(0).x(0), Circuit(1)
    for _ in range(20):
        long = long.h(0).rx(0.3, 0)
    assert widths(short)[0] == widths(short)[1]
    folded, straight = widths(long)
    assert folded < 7 < straight


def test_a_mask_of_one_element_is_a_gate_or_none():
    assert Circuit(1).x(0, where=True).to_qiskit().count_ops() == {"x": 1}
    assert not Circuit(1).x(0, where=False).to_qiskit().count_ops()


def test_refuses_a_batch():
    with pytest.raises(ValueError, match=r"batch of shape \(3,\).*circuit\.at\(i\)"):
        Circuit(1).rx(np.zeros(3), 0).to_qiskit()

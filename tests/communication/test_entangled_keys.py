"""Entangled keys from end to end, through their public names alone."""

import subprocess
import sys

from hypothesis import given, settings, strategies as st

from qlearn.communication import entangled_keys as ek
from qlearn.qubits.entanglement import chsh, werner

sources = st.one_of(
    st.builds(werner, st.floats(0.25, 1)),
    st.builds(ek.intercepted_pairs, st.floats(-4, 4), st.floats(0, 1)),
    st.just(ek.SharedDirection()),
    st.floats(2 / 3, 1),  # the efficiency of an impostor
)


@settings(max_examples=40)
@given(sources, st.sampled_from([ek.EKERT, ek.ACIN]), st.floats(0.7, 1), st.integers(0, 2**32))
def test_a_rate_is_only_promised_to_sources_that_deserve_it(source, table, efficiency, seed):
    # Both bounds fail with 1e-10: no example may promise more than the true source, without loss, allows.
    source = ek.DetectionLoopholeSource(source, table) if isinstance(source, float) else source
    session = ek.e91(
        30_000, sample_size=2_000, source=source, settings=table, efficiency=efficiency, rng=seed
    )
    if isinstance(source, ek.SharedDirection | ek.DetectionLoopholeSource):
        best = 2.0
    else:
        best = float(chsh(source.average if isinstance(source, ek.PairSource) else source))
    assert session.chsh_bound <= max(best, 2.0) + 1e-9
    assert session.rate <= ek.device_independent_rate(0.0, chsh=best)
    assert (session.reason is None) == (session.rate > 0) == (session.alice is not None)


def test_the_fast_path_imports_no_sdk():
    code = (
        "import sys; from qlearn.communication import entangled_keys as ek; ek.e91(9000, sample_size=100); "
        "print([sdk for sdk in ('qiskit', 'pennylane', 'matplotlib') if sdk in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

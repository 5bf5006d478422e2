"""BB84 from end to end, through its public names alone."""

import subprocess
import sys

from hypothesis import given, settings, strategies as st

from qlearn.communication import bb84

lines = st.fixed_dictionaries(
    {
        "noise": st.floats(0, 0.2),
        "loss_db": st.floats(0, 10),
        "p_x": st.floats(0.1, 0.9),
        "eavesdropper": st.none()
        | st.builds(
            bb84.InterceptResend, st.floats(0, 1), st.sampled_from(["random", "Z", "X", "breidbart"])
        ),
        "rng": st.integers(0, 2**32),
    }
)


@settings(max_examples=60)
@given(lines)
def test_a_rate_is_only_promised_to_lines_that_deserve_it(line):
    # The bounds fail with 1e-10 a basis: in no example may the promise exceed what the true errors allow.
    keys = bb84.sift(bb84.exchange(60_000, **line))
    if min(keys.bits_by_basis.values()) < 400:
        return
    seen = bb84.estimate(keys, 300, rng=line["rng"])
    q = {"Z": 0.0, "X": 0.0}
    eve, noise = line["eavesdropper"], line["noise"]
    if eve is not None:
        share = {"Z": (0, 1 / 2), "X": (1 / 2, 0)}.get(eve.basis, (1 / 4, 1 / 4))
        q = dict(zip("ZX", (eve.fraction * part for part in share), strict=True))
    true = {basis: noise * (1 - e) + e * (1 - noise) for basis, e in q.items()}
    assert all(seen.bounds[basis] >= true[basis] for basis in "ZX")
    assert seen.rate <= bb84.asymptotic_rate(true["Z"], phase=true["X"])


def test_a_quiet_line_ends_in_equal_keys_and_a_rate_near_one():
    keys = bb84.sift(bb84.exchange(400_000, loss_db=3, rng=1))
    seen = bb84.estimate(keys, 40_000, rng=2)
    assert (seen.remaining.alice == seen.remaining.bob).all()
    assert 0.98 < seen.rate < 1


def test_the_fast_path_imports_no_sdk():
    code = (
        "import sys; from qlearn.communication import bb84; bb84.sift(bb84.exchange(100)); "
        "print([sdk for sdk in ('qiskit', 'pennylane', 'matplotlib') if sdk in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

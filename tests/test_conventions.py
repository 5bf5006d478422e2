"""The conventions of the book, one test each; the page `appendix/conventions` names them."""

import inspect
import json
import re

import numpy as np
import pytest
from qiskit.quantum_info import Statevector
from scipy.linalg import block_diag, expm

from qlearn.communication import bb84, repeaters, teleportation
from qlearn.learning import QSVC
from qlearn.qubits import (
    BELL_NAMES,
    Circuit,
    Parameter,
    bell_state,
    density,
    expectations,
    fidelity,
    ket,
    measure,
    parameters,
    random_state,
)
from qlearn.qubits.entropies import binary_entropy


def test_wire_0_is_the_most_significant():
    assert ket("10").tolist() == [0, 0, 1, 0]
    flip_wire_0 = Circuit(2).x(0)
    assert flip_wire_0.run().argmax() == 2
    assert Statevector(flip_wire_0.to_qiskit()).data.argmax() == 2  # the adapter has converted


def test_states_are_batched_complex128():
    states = random_state(3, size=(5, 2), rng=1)
    assert states.dtype == np.complex128
    assert states.shape == (5, 2, 2**3)
    assert density(states).shape == (5, 2, 8, 8)


def test_fidelity_is_squared():
    assert fidelity(ket("0"), ket("+")) == pytest.approx(1 / 2)  # unsquared it would be 0.707


def test_entropy_is_in_bits():
    assert binary_entropy(0.5) == pytest.approx(1)


def test_bell_states_are_numbered_by_their_corrections():
    x, z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])
    for index, name in enumerate(BELL_NAMES):
        bit_z, bit_x = divmod(index, 2)
        on_wire_0 = np.linalg.matrix_power(z, bit_z) @ np.linalg.matrix_power(x, bit_x)
        moved = np.kron(on_wire_0, np.eye(2)) @ bell_state("phi+")
        assert abs(np.vdot(moved, bell_state(name))) == pytest.approx(1)


def test_bell_diagonal_vectors_have_their_own_order():
    for chances, name in zip(np.eye(4), ("phi+", "psi-", "psi+", "phi-"), strict=True):
        np.testing.assert_allclose(repeaters.bell_diagonal(chances), density(bell_state(name)), atol=1e-12)
        np.testing.assert_allclose(repeaters.bell_vector(bell_state(name)), chances, atol=1e-12)


@pytest.mark.parametrize(
    ("letter", "pauli"), [("x", [[0, 1], [1, 0]]), ("y", [[0, -1j], [1j, 0]]), ("z", [[1, 0], [0, -1]])]
)
def test_rotations_turn_by_half_the_angle(letter, pauli):
    rotated = getattr(Circuit(1), f"r{letter}")(0.7, 0)
    np.testing.assert_allclose(rotated.matrix(), expm(-0.35j * np.array(pauli)), atol=1e-12)
    together = getattr(Circuit(2), f"r{letter}{letter}")(0.7, 0, 1)
    np.testing.assert_allclose(together.matrix(), expm(-0.35j * np.kron(pauli, pauli)), atol=1e-12)
    controlled = getattr(Circuit(2), f"cr{letter}")(0.7, 0, 1).matrix()
    np.testing.assert_allclose(controlled, block_diag(np.eye(2), rotated.matrix()), atol=1e-12)


def test_free_angles_are_bound_by_first_use_or_by_name():
    x = parameters("x", 2)
    circuit = Circuit(2).ry(x[1], 0).rz(Parameter("a"), 0).ry(x[0], 1).rx(Parameter("x[1]"), 1)
    assert [free.name for free in circuit.parameters] == ["x[1]", "a", "x[0]"]
    numbers = Circuit(2).ry(0.1, 0).rz(0.2, 0).ry(0.3, 1).rx(0.1, 1)
    for values in ([0.1, 0.2, 0.3], {"x": [0.3, 0.1], "a": 0.2}):
        assert repr(circuit.bind(values)) == repr(numbers)


def test_an_observable_has_a_letter_for_each_wire():
    got = expectations(Circuit(2).x(1), ["ZI", "IZ", {"ZI": 2.0, "IZ": 0.5}])
    np.testing.assert_allclose(got, [1, -1, 1.5], atol=1e-12)


def test_bits_are_uint8():
    keys = bb84.sift(bb84.exchange(1000, rng=1))
    sent = teleportation.teleport(random_state(1, size=10, rng=1), rng=1)
    for bits in (keys.alice, keys.bob, sent.bits, measure(ket("+"), rng=1).outcomes):
        assert bits.dtype == np.uint8
        assert set(np.unique(bits)) <= {0, 1}


def test_basis_0_is_z_and_1_is_x():
    mostly_z = bb84.exchange(1000, p_x=0.0, rng=1)  # p_x is the chance of X
    assert not mostly_z.alice_bases.any()
    always_x = bb84.exchange(1000, p_x=1.0, rng=1)
    assert (always_x.alice_bases == 1).all()


def test_loss_is_in_positive_db():
    # 10 dB lets one pulse in ten through; n = 1e5, sd 0.00095, 6 sd: false alarm 2e-9
    assert bb84.exchange(100_000, loss_db=10, rng=1).detected.mean() == pytest.approx(0.1, abs=0.0057)
    with pytest.raises(ValueError, match="loss_db"):
        bb84.exchange(100, loss_db=-1)


def test_a_generator_is_used_not_copied():
    rng = np.random.default_rng(5)
    first, second = random_state(1, rng=rng), random_state(1, rng=rng)
    assert not np.allclose(first, second)
    assert (random_state(1, rng=5) == first).all()


def test_errors_name_the_parameter_and_what_came():
    with pytest.raises(ValueError, match=r"noise must be .* not 1\.5"):
        bb84.exchange(100, noise=1.5)
    with pytest.raises(TypeError, match="n_pulses must be a whole number"):
        bb84.exchange("many")


def test_what_is_learned_ends_in_an_underscore():
    given = set(vars(QSVC()))
    assert given == set(inspect.signature(QSVC).parameters)
    model = QSVC().fit([[0.0, 1], [1, 0], [2, 1], [3, 3]], [0, 1, 0, 1])
    learned = set(vars(model)) - given
    assert learned
    assert all(name.endswith("_") for name in learned)


# What is printed or glued behind a ±: a name, with or without an index or an attribute, or an expression.
_BEHIND = re.compile(r"± \{([^{}:]+)")
_GLUED = re.compile(r"glue\(\s*f?\"([\w{}]+)\",[^\n]*± \{")
# The spread of the single values; divided by the root of their number it is a standard error.
_SPREAD = re.compile(r"\bstd\((?:[^()]|\([^()]*\))*\)(?! / (?:np\.)?sqrt\()")


def spreads(code: str) -> list[str]:
    """What stands behind a ± in this code and is a standard deviation, there or where its name is given."""
    found = []
    for behind in _BEHIND.findall(code):
        name = re.match(r"\w+", behind)
        given = re.findall(rf"^[^=\n]*\b{name[0]}\b[^=\n]* = (.*)$", code, re.MULTILINE) if name else []
        found += [behind] * any(_SPREAD.search(each) for each in [behind, *given])
    return found


def test_behind_plus_minus_stands_a_standard_error(root):
    # as a page had it, and as it should
    assert spreads('mean[k], bar[k] = f.mean(), f.std(axis=1)\nprint(f"{mean[k]} ± {bar[k][2]:.3f}")') == [
        "bar[k][2]"
    ]
    assert not spreads('mean, bar = f.mean(), f.std(ddof=1) / np.sqrt(len(f))\nprint(f"{mean} ± {bar:.3f}")')
    pages = sorted((root / "book").glob("*/*.ipynb"))
    assert pages
    for page in pages:
        cells = json.loads(page.read_text(encoding="utf8"))["cells"]
        glued = []
        for cell in cells:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                assert not spreads(source), f"{page.name}, {cell['id']}: {spreads(source)}"
                glued += [re.sub(r"\\{\w*\\}", r"\\w+", re.escape(name)) for name in _GLUED.findall(source)]
        for cell in cells:
            for paragraph in re.split(r"\n\s*\n", "".join(cell["source"])):
                shown = [name for name in glued if re.search(rf"`{name}`", paragraph)]
                told = re.search(r"\([^()]*standard deviation[^()]*\)", paragraph)
                assert cell["cell_type"] == "code" or not (shown and told), f"{page.name}: {paragraph[:100]}"


def test_the_page_of_conventions_names_each_of_these(root):
    page = (root / "book" / "appendix" / "conventions.md").read_text(encoding="utf8")
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named == {name for name in globals() if name.startswith("test_")} - {
        "test_the_page_of_conventions_names_each_of_these"
    }

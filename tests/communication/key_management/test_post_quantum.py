"""Post-quantum families: sizes against the formulas of the standards, and against keys made here."""

from math import ceil

import pytest

from qlearn.communication.key_management import FAMILIES, MEASURABLE, measured_sizes, post_quantum_schemes

TABLE = {scheme.name: scheme for scheme in post_quantum_schemes()}


@pytest.mark.parametrize(
    ("name", "k", "du", "dv"), [("512", 2, 10, 4), ("768", 3, 10, 4), ("1024", 4, 11, 5)]
)
def test_ml_kem_by_fips_203(name, k, du, dv):
    scheme = TABLE[f"ML-KEM-{name}"]
    assert (scheme.public_key, scheme.output) == (384 * k + 32, 32 * (du * k + dv))
    # The key written out is 768 k + 96 bytes; `cryptography` keeps the 64 of the seed.
    assert scheme.private_key == (768 * k + 96 if name == "512" else 64)


@pytest.mark.parametrize(
    ("name", "k", "l", "strength", "bits", "omega"),
    [("44", 4, 4, 128, 18, 80), ("65", 6, 5, 192, 20, 55), ("87", 8, 7, 256, 20, 75)],
)
def test_ml_dsa_by_fips_204(name, k, l, strength, bits, omega):  # noqa: E741
    scheme = TABLE[f"ML-DSA-{name}"]
    assert (scheme.public_key, scheme.private_key) == (32 + 320 * k, 32)
    assert scheme.output == strength // 4 + 32 * l * bits + omega + k


@pytest.mark.parametrize(
    ("name", "n", "h", "d", "a", "k"),
    [
        ("128s", 16, 63, 7, 12, 14),
        ("128f", 16, 66, 22, 6, 33),
        ("192s", 24, 63, 7, 14, 17),
        ("192f", 24, 66, 22, 8, 33),
        ("256s", 32, 64, 8, 14, 22),
        ("256f", 32, 68, 17, 9, 35),
    ],
)
def test_slh_dsa_by_fips_205(name, n, h, d, a, k):
    scheme = TABLE[f"SLH-DSA-{name}"]
    assert (scheme.public_key, scheme.private_key) == (2 * n, 4 * n)
    assert scheme.output == (1 + k * (1 + a) + h + d * (2 * n + 3)) * n


@pytest.mark.parametrize(
    ("name", "m", "n", "t"),
    [
        ("348864f", 12, 3488, 64),
        ("460896f", 13, 4608, 96),
        ("6960119f", 13, 6960, 119),
        ("8192128f", 13, 8192, 128),
    ],
)
def test_mceliece_is_the_matrix_of_a_code(name, m, n, t):
    scheme = TABLE[f"Classic McEliece {name}"]
    rows = m * t
    assert scheme.public_key == rows * ceil((n - rows) / 8)
    assert scheme.output == ceil(rows / 8)


@pytest.mark.parametrize(("name", "q_bits", "n", "m"), [("UOV-Is", 4, 160, 64), ("UOV-Ip", 8, 112, 44)])
def test_uov_is_m_quadratic_forms_in_n_unknowns(name, q_bits, n, m):
    scheme = TABLE[name]
    assert scheme.public_key == m * n * (n + 1) // 2 * q_bits // 8
    assert scheme.output == n * q_bits // 8 + 16  # the solution and a salt


@pytest.mark.parametrize("name", MEASURABLE)
def test_what_is_measurable_is_measured(name):
    assert measured_sizes(name) == (TABLE[name].public_key, TABLE[name].private_key, TABLE[name].output)
    assert TABLE[name].source.startswith("measured here with cryptography ")


def test_every_row_is_whole():
    assert {scheme.family for scheme in TABLE.values()} == set(FAMILIES)
    for scheme in TABLE.values():
        assert scheme.kind in {"kem", "signature"}
        assert scheme.on_the_line == scheme.public_key + scheme.output
        assert min(scheme.public_key, scheme.private_key, scheme.output) > 0
        assert scheme.source


def test_refuses():
    with pytest.raises(ValueError, match=r"name must be one of ML-KEM-768, .*, not 'ML-KEM-512'"):
        measured_sizes("ML-KEM-512")

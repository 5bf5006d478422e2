"""What clients hold before the first round: theirs alone, and the public halves for all."""

import stat

import pytest

from qlearn.networks.flower_app import Federation, _vault
from qlearn.networks.secure_aggregation import verify_signature

NAMES = ["client 0", "a/b", "c"]


def test_signers_are_those_of_the_roster(tmp_path):
    vault = _vault.Vault(tmp_path / "vault")
    vault.fill(NAMES, url="https://127.0.0.1:1", kme_id="KME1", pki=tmp_path)
    roster = vault.roster()
    assert list(roster) == NAMES
    for name in NAMES:
        signed = _vault.Vault(tmp_path / "vault").signer(name).sign(b"list")
        assert [other for other in NAMES if verify_signature(roster[other], b"list", signed)] == [name]
    seeds = list((tmp_path / "vault").glob("*.seed"))
    assert len(seeds) == 3
    assert {stat.S_IMODE(seed.stat().st_mode) for seed in seeds} == {0o600}
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o700
    with pytest.raises(FileExistsError):  # keys are not made anew under a roster that others have
        vault.fill(NAMES, url="https://127.0.0.1:1", kme_id="KME1", pki=tmp_path)


def test_terms_have_a_word_for_each_number_and_the_weight():
    federation = Federation(model="qnn", n_clients=5)
    terms = _vault.Vault.terms(federation)
    assert terms.size == sum(p.size for p in federation.client(0).initial(0)) + 1 == 22
    assert terms.clients == tuple(federation.names)
    # 5 clients, each with all rows and every number moved by 100: there is room
    assert terms.numbers.largest(5) > 100 * 285


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"n_clients": 2}, "n_clients must be at least 3, not 2"),
        ({"strategy": "FedMedian()"}, r"must be FedAvg where updates are masked, not 'FedMedian\(\)'"),
        ({"strategy": "FedProx(proximal_mu=0.1)"}, "must be FedAvg"),
        ({"strategy": "flwr.FedAvg()"}, "must be FedAvg"),
    ],
)
def test_refuses(changed, says):
    with pytest.raises(ValueError, match=says):
        _vault.refuse_unmaskable(Federation(**{"n_clients": 3, **changed}))


def test_a_mark_is_made_once(tmp_path):
    vault = _vault.Vault(tmp_path)
    vault.once("a/b", "mask", "1f")
    vault.once("a/b", "sign", "1f")
    vault.once("a/b", "mask", "20")
    vault.once("c", "mask", "1f")
    for _ in range(2):
        with pytest.raises(ValueError, match="a/b refuses: it did mask in this round already"):
            _vault.Vault(tmp_path).once("a/b", "mask", "1f")


def test_a_memory_is_opened_by_its_owner_alone(tmp_path):
    vault = _vault.Vault(tmp_path / "vault")
    vault.fill(["Ann", "Ben"], url="https://127.0.0.1:1", kme_id="KME1", pki=tmp_path)
    sealed = vault.sealed("Ann", b"pads", "1f")
    assert sealed != vault.sealed("Ann", b"pads", "1f")
    assert _vault.Vault(tmp_path / "vault").opened("Ann", sealed, "1f") == b"pads"
    for name, altered, of in [
        ("Ben", sealed, "1f"),
        ("Ann", sealed, "20"),
        ("Ann", sealed, ""),
        ("Ann", sealed[:-1] + bytes([sealed[-1] ^ 1]), "1f"),
        ("Ann", sealed[::-1], "1f"),
    ]:
        with pytest.raises(
            ValueError, match=f"{name} refuses: what it was given to remember is not what it sealed"
        ):
            vault.opened(name, altered, of)


def test_a_run_of_the_federation_that_was_agreed_on_is_known_and_no_other(tmp_path):
    federation, service = (
        Federation(model="qnn", n_clients=3),
        {"url": "https://127.0.0.1:1", "kme_id": "KME1"},
    )
    vault = _vault.Vault(tmp_path / "vault")
    vault.fill(federation.names, **service, pki=tmp_path, federation=federation)
    longer = Federation(model="qnn", n_clients=3, rounds=9)
    assert vault.circle(longer.config() | {"timeout": 9.0}).terms == _vault.Vault.terms(federation)
    for changed in ({"model": "logistic"}, {"n_clients": 4}, {"strategy": "FedMedian()"}, {"seed": 1}):
        assert vault.circle(federation.config() | changed) is None
    assert vault.circle({}) is None
    other = _vault.Vault(tmp_path / "other")
    other.fill(federation.names, **service, pki=tmp_path)
    assert other.circle(federation.config()) is None
    with pytest.raises(ValueError, match="names must be those of the federation"):
        _vault.Vault(tmp_path / "third").fill(NAMES, **service, pki=tmp_path, federation=federation)
    third = Federation(n_clients=3, strategy="FedMedian()")
    with pytest.raises(ValueError, match="must be FedAvg"):
        _vault.Vault(tmp_path / "third").fill(third.names, **service, pki=tmp_path, federation=third)
    assert not (tmp_path / "third").exists()

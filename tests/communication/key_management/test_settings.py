"""Settings: kept as they are, and refused before anything listens."""

import json

import pytest

from qlearn.communication.key_management import KMESettings


def test_what_is_saved_is_what_is_loaded(tmp_path):
    settings = KMESettings("KME1", "KME2", ("Alice", "a/b é\n"), max_key_size=8192, burst=7)
    settings.save(tmp_path / "kme.json")
    assert KMESettings.load(tmp_path / "kme.json") == settings
    assert json.loads((tmp_path / "kme.json").read_text(encoding="utf8"))["sae_ids"] == ["Alice", "a/b é\n"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sae_ids": ("",)}, "must be texts of 1 to 256 letters, not ''"),
        ({"sae_ids": ("x" * 257,)}, "must be texts of 1 to 256"),
        ({"kme_id": ""}, "must be texts of 1 to 256"),
        ({"max_key_per_request": 0}, "max_key_per_request must be at least 1"),
        ({"at_once": 0}, "at_once must be at least 1"),
        ({"max_sae_id_count": -1}, "max_sae_id_count must be at least 0"),
        ({"min_key_size": 12}, "min_key_size must be a multiple of 8 bits, not 12"),
        ({"max_key_size": 56}, "min_key_size must be at most max_key_size, not 64 > 56"),
        ({"requests_per_second": 0}, "requests_per_second must be above 0"),
        ({"silence_seconds": float("nan")}, "silence_seconds must be a finite number"),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        KMESettings(**{"kme_id": "KME1", "peer_id": "KME2", "sae_ids": ("Alice",)} | options)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is none: Expecting property name"),
        ("[]", "a JSON object, but .* holds list"),
        ('{"kme_id": "KME1"}', "lacks peer_id, sae_ids"),
        ('{"kme_id": "K", "peer_id": "L", "sae_ids": [], "brust": 3}', "are no settings: brust"),
        ('{"kme_id": "K", "peer_id": "L", "sae_ids": "Alice"}', "sae_ids must be a list of names, not str"),
        ('{"kme_id": "K", "peer_id": "L", "sae_ids": null}', "sae_ids must be a list of names, not NoneType"),
        ('{"kme_id": "K", "peer_id": "L", "sae_ids": ["\\ud800"]}', "text that UTF-8 can write"),
        ('{"kme_id": "K", "peer_id": "L", "sae_ids": ["A"], "monitor_ids": ["A"]}', "'A' is in sae_ids"),
    ],
)
def test_a_file_that_is_no_settings_is_refused(tmp_path, text, says):
    (tmp_path / "kme.json").write_text(text)
    with pytest.raises((ValueError, TypeError), match=says):
        KMESettings.load(tmp_path / "kme.json")


def test_the_ids_of_the_largest_request_fit_into_a_body():
    from qlearn.communication.key_management.admission import MOST_BODY
    from qlearn.communication.key_management.settings import MOST_KEYS

    item = {"key_ID": "01234567-89ab-cdef-0123-456789abcdef"}
    assert len(json.dumps({"key_IDs": [item] * MOST_KEYS})) <= MOST_BODY
    with pytest.raises(ValueError, match="max_key_per_request must be at most 1024, not 1025"):
        KMESettings("KME1", "KME2", ("Alice", "Bob"), max_key_per_request=1025)


def test_the_largest_answer_is_one_that_a_client_reads():
    from qlearn.communication.key_management.settings import MOST_ANSWER

    key = {"key_ID": "01234567-89ab-cdef-0123-456789abcdef", "key": "A" * (4 * -(-768_000 // 24))}
    assert len(json.dumps({"keys": [key] * 128})) <= MOST_ANSWER
    KMESettings("KME1", "KME2", ("Alice", "Bob"), max_key_size=768_000)
    with pytest.raises(ValueError, match="128 keys fit into an answer of 16777216 bytes, not 1048576 bits"):
        KMESettings("KME1", "KME2", ("Alice", "Bob"), max_key_size=2**20)

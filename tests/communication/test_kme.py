"""The command: a folder, a server, and keys fetched by curl, gone the second time."""

import json
import stat
import subprocess
import sys

import pytest

from qlearn.communication.kme import main


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A service as a reader starts it, with a link as its source."""
    folder = tmp_path_factory.mktemp("reader") / "kme"
    main(["init", str(folder)])
    command = [sys.executable, "-m", "qlearn.communication.kme", "serve", str(folder), "--port", "0"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    url = server.stdout.readline().split()[-1]
    yield folder, url
    server.terminate()
    assert server.wait(20) == 0
    server.stdout.close()


def curl(folder, name, *arguments):
    files = ["--cacert", "ca.crt", "--cert", f"{name}.crt", "--key", f"{name}.key"]
    command = ["curl", "--silent", "--show-error", "--write-out", "\n%{http_code}", *files, *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30)
    assert ran.returncode == 0, ran.stderr
    body, _, code = ran.stdout.rpartition("\n")
    return int(code), json.loads(body)


def test_init_writes_what_serve_needs(tmp_path, capsys):
    folder = tmp_path / "kme"
    main(["init", str(folder), "--kme", "K", "--sae", "A", "--sae", "B", "--sae", "C"])
    assert {path.name for path in folder.iterdir()} == {
        *("ca.crt", "ca.key", "kme.json"),
        *(f"{name}.{kind}" for name in "KABC" for kind in ("crt", "key")),
    }
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.glob("*.key"))
    assert "A.crt" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="folder must be a new one"):
        main(["init", str(folder)])


def test_a_key_fetched_by_curl_is_gone_the_second_time(served, capsys):
    folder, url = served
    keys = f"{url}/api/v1/keys"
    for _ in range(100):
        code, status = curl(folder, "Alice", f"{keys}/Bob/status")
        assert code == 200
        if status["stored_key_count"]:
            break
    main(["status", str(folder), "--url", url])
    assert "target_KME_ID: KME2" in capsys.readouterr().out
    code, mine = curl(folder, "Alice", f"{keys}/Bob/enc_keys")
    assert code == 200
    key_id = mine["keys"][0]["key_ID"]
    assert curl(folder, "Bob", f"{keys}/Alice/dec_keys?key_ID={key_id}") == (200, mine)
    code, error = curl(folder, "Bob", f"{keys}/Alice/dec_keys?key_ID={key_id}")
    assert (code, error) == (400, {"message": "one or more keys specified are not found on KME"})


def test_the_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("init", "serve", "status"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "nowhere"], "folder must be one that `init` made"),
        (["init", "FOLDER", "--sae", "KME1"], "must be different names"),
        (["init", "FOLDER", "--sae", ""], "must be texts of 1 to"),
    ],
)
def test_refuses(tmp_path, arguments, says):
    with pytest.raises(SystemExit, match=says):
        main([str(tmp_path / "new") if word == "FOLDER" else word for word in arguments])
    assert not (tmp_path / "new").exists()


def test_serve_and_status_refuse_before_they_begin(tmp_path):
    folder = tmp_path / "kme"
    main(["init", str(folder)])
    with pytest.raises(SystemExit, match="there is no file"):
        main(["serve", str(folder), "--source", str(tmp_path / "none")])
    with pytest.raises(SystemExit, match=r"127.0.0.1:1 did not answer"):
        main(["status", str(folder), "--url", "https://127.0.0.1:1"])

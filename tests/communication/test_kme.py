"""The command: a folder, a server, and keys fetched by curl, gone the second time."""

import base64
import json
import os
import re
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qlearn.communication.kme import main

PORT = "8443"


def blocks(root: Path) -> list[str]:
    """The blocks of commands of the chapter."""
    cells = json.loads((root / "book/communication/key_management.ipynb").read_text(encoding="utf8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S)


def commands(block: str) -> list[str]:
    """The commands of a block, one of which may go over several lines."""
    return re.sub(r"\\\n\s*", "", block).splitlines()


def test_a_key_fetched_by_the_commands_of_the_chapter_is_gone_the_second_time(root, tmp_path, capsys):
    begin, ask, take = blocks(root)
    init, serve = begin.splitlines()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    env = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(root),
    }

    def run(script: str) -> str:
        assert PORT in script
        words = ["bash", "-euc", script.replace(f":{PORT}/", f":{port}/")]
        return subprocess.run(
            words, cwd=tmp_path, env=env, capture_output=True, text=True, check=True, timeout=60
        ).stdout

    subprocess.run(init, shell=True, cwd=tmp_path, env=env, check=True, capture_output=True)
    # the chapter's port may be taken here: that alone is changed
    words = [sys.executable, *serve.split()[1:], "--port", port]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(words, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"KME1 listens on https://127.0.0.1:{port}\n"
        end = time.monotonic() + 60
        status = commands(ask)[0]
        while not json.loads(run(status))["stored_key_count"]:
            assert time.monotonic() < end, "the link makes no keys"
            time.sleep(0.2)
        assert json.loads(run(ask))["slave_SAE_ID"] == "Bob"
        assert json.loads(run(take)) == {"message": "one or more keys specified are not found on KME"}
        alice, bob = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("alice", "bob"))
        assert alice == bob
        main(["status", str(tmp_path / "demo"), "--url", f"https://127.0.0.1:{port}"])
        assert "target_KME_ID: KME2" in capsys.readouterr().out
        [key] = alice["keys"]
        assert len(base64.b64decode(key["key"], validate=True)) == 32
        # Alice cannot take it either: it was kept for Bob
        other = commands(take)[-1].replace("Bob.", "Alice.").replace("/Alice/", "/Bob/")
        assert "message" in json.loads(run(f"ID={key['key_ID']}\n{other}"))
    finally:
        server.terminate()
        code = server.wait(20)
        server.stdout.close()
    assert code == 0


def test_the_commands_are_those_of_the_service(root):
    begin, ask, take = blocks(root)
    assert begin.splitlines() == [
        f"python -m qlearn.communication.kme {verb} demo" for verb in ("init", "serve")
    ]
    calls = re.findall(r"https://127\.0\.0\.1:(\d+)/api/v1/keys/(\w+)/(\w+)", ask + take)
    assert calls == [
        (PORT, "Bob", "status"),
        (PORT, "Bob", "enc_keys"),
        (PORT, "Alice", "dec_keys"),
        (PORT, "Alice", "dec_keys"),
    ]


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


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
@pytest.mark.parametrize("part", ["", "kme.json", "ca.crt"])
def test_settings_that_others_may_write_serve_nobody(tmp_path, part):
    folder = tmp_path / "kme"
    main(["init", str(folder)])
    (folder / part).chmod(0o777 if not part else 0o666)
    if part:  # no harm while nobody else comes into the folder: it fails for want of a server
        with pytest.raises(SystemExit, match=r"no answer|refused|ConnectError"):
            main(["status", str(folder), "--url", "https://127.0.0.1:1"])
        folder.chmod(0o755)
    for command in ("serve", "status"):
        with pytest.raises(SystemExit, match=f"{folder / part} has the permissions .*chmod go-w"):
            main([command, str(folder)])


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone can give a folder away"
)
@pytest.mark.parametrize("part", ["", "kme.json", "ca.crt"])
def test_what_somebody_else_owns_serves_nobody(tmp_path, part):
    main(["init", str(tmp_path / "kme")])
    os.chown(tmp_path / "kme" / part, 12345, -1)
    with pytest.raises(SystemExit, match="belongs to user 12345, who says who is served"):
        main(["status", str(tmp_path / "kme")])


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

"""A key management entity to try: ``python -m qlearn.communication.kme init FOLDER``, then ``serve FOLDER``.

``init`` writes an authority, certificates for the KME and for the applications, and the settings `kme.json`. ``serve``
delivers keys by ETSI GS QKD 014 V1.1.1 over mutual TLS, from a simulated link or from a file. ``status`` asks it, as one
of the applications, how many keys there are.

>>> main(["status", "nowhere"])
Traceback (most recent call last):
...
SystemExit: folder must be one that `init` made, but there is no nowhere/kme.json

Taught in :doc:`/communication/key_management`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def _init(given: argparse.Namespace) -> None:
    from qlearn.communication.key_management import DemoPKI, KMESettings

    folder: Path = given.folder
    if (folder / "kme.json").exists():
        raise ValueError(
            f"folder must be a new one, but {folder} holds a kme.json: remove it by hand if you mean it"
        )
    saes = tuple(given.sae or ("Alice", "Bob"))
    if len({given.kme, *saes}) < 1 + len(saes):
        raise ValueError("kme and sae must be different names: each has a certificate of its own")
    settings = KMESettings(given.kme, given.peer, saes)
    authority = DemoPKI(folder)
    for certificate, private_key in (
        authority.server(given.kme, *(given.host or ())),
        *map(authority.client, saes),
    ):
        print(f"{certificate}  {private_key}")
    settings.save(folder / "kme.json")


def _serve(given: argparse.Namespace) -> None:
    from urllib.parse import quote

    from qlearn.communication.key_management import KeyStore, KMESettings, file_source, link_source, serve
    from qlearn.communication.key_management.replenishment import Source

    folder = _made(given.folder)
    settings = KMESettings.load(folder / "kme.json")
    if given.source == "link":
        source: Source | None = link_source()
    else:
        source = None if given.source == "none" else file_source(given.source)
    stem = quote(settings.kme_id, safe="")
    serve(
        settings,
        KeyStore(folder / "keys.db"),
        certificate=folder / f"{stem}.crt",
        private_key=folder / f"{stem}.key",
        authority=folder / "ca.crt",
        host=given.host,
        port=given.port,
        source=source,
    )


def _status(given: argparse.Namespace) -> None:
    from urllib.parse import quote

    import httpx

    from qlearn.communication.key_management import KMEClient, KMEError, KMESettings

    folder = _made(given.folder)
    settings = KMESettings.load(folder / "kme.json")
    if len(settings.sae_ids) < 2:
        raise ValueError(
            "the settings must name two applications: the first asks for its keys with the second"
        )
    master, slave, *_ = settings.sae_ids
    stem = quote(master, safe="")
    client = KMEClient(
        given.url,
        certificate=folder / f"{stem}.crt",
        private_key=folder / f"{stem}.key",
        authority=folder / "ca.crt",
        kme_id=settings.kme_id,
    )
    try:
        with client:
            for name, value in client.status(slave).items():
                print(f"{name}: {value}")
    except (KMEError, httpx.HTTPError) as fault:
        raise ValueError(f"{given.url} did not answer: {fault}") from None


def _keep_to_itself() -> None:
    """Let no file of this process be read by others, and let it leave none of its memory behind when it falls."""
    os.umask(0o077)
    try:
        import resource
    except ImportError:  # Windows writes no core files
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _made(folder: Path) -> Path:
    if not (folder / "kme.json").exists():
        raise ValueError(f"folder must be one that `init` made, but there is no {folder / 'kme.json'}")
    if os.name == "posix":
        shared = folder.stat().st_mode & 0o077  # into one of 0700 nobody else comes
        for part in (folder, folder / "kme.json", folder / "ca.crt"):
            if not part.exists():
                continue
            found = part.stat()
            if found.st_uid not in (0, os.geteuid()):
                raise ValueError(
                    f"folder must be yours with all in it, but {part} belongs to user {found.st_uid}, "
                    "who says who is served"
                )
            if shared and (mode := found.st_mode & 0o777) & 0o022:
                raise ValueError(
                    f"folder must hold what its owner alone can write, but {part} has the permissions {mode:04o}: "
                    f"who writes there says who is served. Try chmod go-w {part}"
                )
    return folder


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and do what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m qlearn.communication.kme", description=(__doc__ or "").split(":")[0]
    )
    commands = parser.add_subparsers(required=True, metavar="init | serve | status")
    init = commands.add_parser("init", help="write a demo PKI and the settings into a folder")
    init.add_argument("folder", type=Path)
    init.add_argument("--kme", default="KME1", help="ID of this KME (KME1)")
    init.add_argument("--peer", default="KME2", help="ID of the KME at the other end (KME2)")
    init.add_argument("--sae", action="append", help="ID of an application, again for each (Alice, Bob)")
    init.add_argument(
        "--host", action="append", help="host of the server's certificate (localhost and its addresses)"
    )
    init.set_defaults(run=_init)
    serving = commands.add_parser("serve", help="deliver keys until a signal ends it")
    serving.add_argument("folder", type=Path)
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serving.add_argument("--port", type=int, default=8443, help="port, 0 for a free one (8443)")
    serving.add_argument(
        "--source", default="link", help="link (a simulated one), none, or a file of key material (link)"
    )
    serving.set_defaults(run=_serve)
    status = commands.add_parser("status", help="ask how many keys there are")
    status.add_argument("folder", type=Path)
    status.add_argument(
        "--url", default="https://127.0.0.1:8443", help="where it listens (https://127.0.0.1:8443)"
    )
    status.set_defaults(run=_status)
    given = parser.parse_args(arguments)
    try:
        given.run(given)
    except (ValueError, TypeError, OSError, RuntimeError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    _keep_to_itself()
    main()

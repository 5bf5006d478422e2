"""Key delivery: the interface of ETSI GS QKD 014 by which applications get their keys, as an ASGI application."""

import asyncio
import base64
import json
import logging
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from qlearn.communication.key_management.admission import CALLER, UNKNOWN, Admission, refuse
from qlearn.communication.key_management.key_store import (
    DeliveredKey,
    KeysNotFound,
    KeyStore,
    NotEnoughKeys,
    NotNamed,
)
from qlearn.communication.key_management.messages import (
    Error,
    KeyContainer,
    KeyIDs,
    KeyRequest,
    Refusal,
    Status,
    parse_body,
    parse_query,
    whole,
)
from qlearn.communication.key_management.settings import MOST_ID, KMESettings
from qlearn.communication.key_management.store_file import StoreBusy, StoreUnavailable
from qlearn.communication.key_management.throttling import TokenBucket

log = logging.getLogger("qlearn.kme")

PATIENCE = 2.0
"""Seconds to wait for a store that is busy."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_Result = TypeVar("_Result")


def key_delivery_app(settings: KMESettings, store: KeyStore) -> FastAPI:
    """Return the application that delivers the keys of a store by ETSI GS QKD 014 V1.1.1.

    It has the standard's three calls, `/metrics` (counts for Prometheus) and `/openapi.json`. Whatever else is asked, and
    however, gets 400, 401 or 503 with the standard's Error object, and no key. The server below it must put the ID of the
    client's certificate into ``scope["qlearn.caller"]``: :func:`serve` does, after TLS has checked the certificate.

    Parameters
    ----------
    settings : KMESettings
        Who it is, whom it serves.
    store : KeyStore
        Where its keys are; one with ``patience=0``, else the application stands still while another process writes.

    Returns
    -------
    fastapi.FastAPI

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = KeyStore(folder + "/keys.db")
    ...     app = key_delivery_app(KMESettings("KME1", "KME2", ("Alice", "Bob")), store)
    ...     store.close()
    >>> sorted(app.openapi()["paths"]["/api/v1/keys/{slave_SAE_ID}/enc_keys"]["post"]["responses"])
    ['200', '400', '401', '503']

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), "Protocol and data format of REST-based key delivery API".
    """
    app = FastAPI(
        title="Key delivery, ETSI GS QKD 014 V1.1.1",
        version="1.1.1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    desk = _Desk(settings, store)
    refused: dict[int | str, Any] = {status: {"model": Error} for status in (400, 401, 503)}

    def call(path: str, verb: str, endpoint: Any, model: Any, query: list[str], body: Any = None) -> None:
        who = path.split("{")[1].split("}")[0]
        extra: dict[str, Any] = {
            "parameters": [_parameter(who, "path"), *(_parameter(name, "query") for name in query)]
        }
        if body is not None:
            schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update({body.__name__: schema, **schema.pop("$defs", {})})
            extra["requestBody"] = {
                "content": {
                    "application/json": {"schema": {"$ref": f"#/components/schemas/{body.__name__}"}}
                },
                "required": body is KeyIDs,
            }
        app.add_api_route(
            path, endpoint, methods=[verb], response_model=model, responses=refused, openapi_extra=extra
        )

    schemas: dict[str, Any] = {}
    slave, master = "/api/v1/keys/{slave_SAE_ID}", "/api/v1/keys/{master_SAE_ID}"
    call(slave + "/status", "GET", desk.status, Status, [])
    call(slave + "/enc_keys", "GET", desk.enc_keys, KeyContainer, ["number", "size"])
    call(slave + "/enc_keys", "POST", desk.enc_keys, KeyContainer, [], KeyRequest)
    call(master + "/dec_keys", "GET", desk.dec_keys, KeyContainer, ["key_ID"])
    call(master + "/dec_keys", "POST", desk.dec_keys, KeyContainer, [], KeyIDs)
    app.add_route("/metrics", desk.metrics, methods=["GET"], include_in_schema=False)

    document = app.openapi

    def openapi() -> dict[str, Any]:
        made = document()
        made["components"]["schemas"].update(schemas)
        return made

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_exception_handler(HTTPException, _no_such_call)
    app.add_exception_handler(Refusal, refuse)
    app.add_middleware(Admission, settings=settings, count=desk.count)
    return app


def _parameter(name: str, where: str) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "number": {"type": "integer", "minimum": 1},
        "size": {"type": "integer", "minimum": 8, "multipleOf": 8},
        "key_ID": {"type": "string", "format": "uuid"},
    }
    schema = kinds.get(name, {"type": "string", "minLength": 1, "maxLength": MOST_ID})
    return {"name": name, "in": where, "required": where == "path" or name == "key_ID", "schema": schema}


async def _no_such_call(request: Request, fault: Exception) -> Response:
    """Say 400 where Starlette would say 404 or 405: the standard knows neither."""
    known = getattr(fault, "status_code", 404) == 405
    message = "this path is not called by this verb" if known else "there is no such call"
    return await refuse(request, Refusal(400, message))


class _Desk:
    """The standard's three calls."""

    def __init__(self, settings: KMESettings, store: KeyStore) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge

        settings.refuse(store)
        self.settings, self.store = settings, store
        self._taking = TokenBucket(settings.keys_per_second, settings.key_burst)
        self._known = frozenset(settings.sae_ids)
        self.registry = CollectorRegistry()
        self._answers = Counter("kme_answers", "Answers given", ["call", "status"], registry=self.registry)
        self._delivered = Counter("kme_keys_delivered", "Keys delivered", ["call"], registry=self.registry)
        self._stored = Gauge("kme_keys_stored", "Keys in the stock", registry=self.registry)

    async def _ask(self, work: Callable[[], _Result]) -> _Result:
        """Let the store do its work, and turn its refusals into answers.

        A hand-out takes about as long as a change of threads would: it is done on the spot, and only a busy store is waited for.
        """
        end = asyncio.get_running_loop().time() + PATIENCE
        try:
            while True:
                try:
                    return work()
                except StoreBusy:
                    if asyncio.get_running_loop().time() > end:
                        raise
                await asyncio.sleep(0.005)
        except KeysNotFound as fault:
            raise Refusal(400, str(fault)) from None
        except NotNamed as fault:
            raise Refusal(401, str(fault)) from None
        except NotEnoughKeys as fault:
            raise Refusal(503, str(fault)) from None
        except StoreUnavailable as fault:
            log.error("the key store: %s", fault)
            raise Refusal(503, "the key store cannot be used now") from None

    def _parties(self, request: Request) -> tuple[str, str]:
        """Return the caller and the application that the path names."""
        caller, (raw,) = request.scope[CALLER], request.path_params.values()
        if caller not in self._known:
            raise Refusal(401, UNKNOWN)
        try:
            other = unquote(raw, errors="strict")
        except UnicodeDecodeError:
            raise Refusal(400, "the SAE ID in the path is not UTF-8") from None
        self._refuse_unknown([other])
        if other == caller:
            raise Refusal(400, "the SAE ID in the path is the caller's own")
        return caller, other

    def _refuse_unknown(self, saes: list[str]) -> None:
        if unknown := [sae for sae in saes if sae not in self._known]:
            raise Refusal(
                400, "no such SAE is known to this KME", [{"SAE_ID": sae[:MOST_ID]} for sae in unknown[:8]]
            )

    async def status(self, request: Request) -> Response:
        """Get status: how many keys there are, and how they may be asked for."""
        caller, slave = self._parties(request)
        parse_query(request.scope["query_string"], {})
        settings, store = self.settings, self.store
        stored = await self._ask(lambda: store.stored)
        return _json(
            {
                "source_KME_ID": settings.kme_id,
                "target_KME_ID": settings.peer_id,
                "master_SAE_ID": caller,
                "slave_SAE_ID": slave,
                "key_size": store.key_size,
                "stored_key_count": stored,
                "max_key_count": store.capacity,
                "max_key_per_request": settings.max_key_per_request,
                "max_key_size": settings.max_key_size,
                "min_key_size": settings.min_key_size,
                "max_SAE_ID_count": settings.max_sae_id_count,
            }
        )

    async def enc_keys(self, request: Request) -> Response:
        """Get key: fresh keys for the caller, a copy of each kept for the slaves."""
        caller, slave = self._parties(request)
        if request.method == "POST":
            parse_query(request.scope["query_string"], {})
            body = await request.body()
            asked = parse_body(KeyRequest, body) if body else KeyRequest()
        else:
            asked = KeyRequest(**parse_query(request.scope["query_string"], {"number": whole, "size": whole}))
        number = 1 if asked.number is None else asked.number
        size = self.store.key_size if asked.size is None else asked.size
        more = asked.additional_slave_SAE_IDs or []
        settings = self.settings
        if size % 8:
            raise Refusal(400, "size shall be a multiple of 8")
        if not settings.min_key_size <= size <= settings.max_key_size:
            raise Refusal(400, f"size must be {settings.min_key_size} to {settings.max_key_size} bits")
        if not 1 <= number <= settings.max_key_per_request:
            raise Refusal(400, f"number must be 1 to {settings.max_key_per_request}")
        if asked.extension_mandatory:
            raise Refusal(400, "not all extension_mandatory parameters are supported")
        if len(more) > settings.max_sae_id_count:
            raise Refusal(400, f"additional_slave_SAE_IDs must be at most {settings.max_sae_id_count}")
        self._refuse_unknown(more)
        if len({caller, slave, *more}) < 2 + len(more):
            raise Refusal(
                400, "additional_slave_SAE_IDs must be others than the caller and the slave, each once"
            )
        wanted = number * self.store.pieces(size)
        if not self._taking.allows(caller, wanted):
            raise Refusal(503, f"more than {settings.keys_per_second:g} keys a second: try again later")
        try:
            keys = await self._ask(
                lambda: self.store.hand_out(caller, slave, number=number, size=size, additional=more)
            )
        except Refusal:
            self._taking.give_back(caller, wanted)
            raise
        return self._deliver("enc_keys", keys)

    async def dec_keys(self, request: Request) -> Response:
        """Get key with key IDs: the caller's copies of keys that the master was given."""
        caller, master = self._parties(request)
        if request.method == "POST":
            parse_query(request.scope["query_string"], {})
            ids = [item.key_ID for item in parse_body(KeyIDs, await request.body()).key_IDs]
        else:
            ids = list(parse_query(request.scope["query_string"], {"key_ID": str}).values())
            if not ids:
                raise Refusal(400, "key_ID is missing")
        if len(ids) > self.settings.max_key_per_request:
            raise Refusal(400, f"key_IDs must be at most {self.settings.max_key_per_request}")
        if not all(_UUID.fullmatch(key_id) for key_id in ids):
            raise Refusal(400, "each key_ID must be a UUID")
        if len({key_id.lower() for key_id in ids}) < len(ids):
            raise Refusal(400, "each key_ID must be named once")
        return self._deliver("dec_keys", await self._ask(lambda: self.store.take(caller, master, ids)))

    def _deliver(self, call: str, keys: list[DeliveredKey]) -> Response:
        self._delivered.labels(call).inc(len(keys))
        return _json(
            {"keys": [{"key_ID": key.key_id, "key": base64.b64encode(key.key).decode()} for key in keys]}
        )

    def count(self, call: str, status: int) -> None:
        """Count an answer."""
        self._answers.labels(call, str(status)).inc()

    async def metrics(self, request: Request) -> Response:
        """Show counts for Prometheus, and nothing about whom or which key."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        self._stored.set(await self._ask(lambda: self.store.stored))
        lines = generate_latest(self.registry).splitlines(keepends=True)
        counts = b"".join(line for line in lines if b"_created" not in line)  # those are times
        return Response(counts, media_type=CONTENT_TYPE_LATEST)


def _json(content: dict[str, Any]) -> Response:
    # Keys are for one reader: nothing between may keep them.
    return Response(json.dumps(content), media_type="application/json", headers={"cache-control": "no-store"})

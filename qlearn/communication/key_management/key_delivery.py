"""Key delivery: the interface of ETSI GS QKD 014 by which applications get their keys, as an ASGI application."""

import asyncio
import base64
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError
from starlette.exceptions import HTTPException

from qlearn._checks import as_count, as_real
from qlearn.communication.key_management.key_store import (
    DeliveredKey,
    KeysNotFound,
    KeyStore,
    NotEnoughKeys,
    NotNamed,
    StoreUnavailable,
)
from qlearn.communication.key_management.throttling import TokenBucket

log = logging.getLogger("qlearn.kme")

CALLER = "qlearn.caller"
"""Where the scope of a request holds the ID that the client's certificate names."""
MOST_ID = 256
"""Letters of an ID of an application, at most."""
MOST_BODY = 64 * 1024
"""Bytes of a request that are looked at; more are read, thrown away and refused."""
MOST_DRAINED = 16 * 1024 * 1024
"""Bytes of a refused request that are read before the connection is dropped instead."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_Result = TypeVar("_Result")
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


@dataclass(frozen=True)
class KMESettings:
    """What a key management entity says of itself, whom it serves, and how much of it.

    Parameters
    ----------
    kme_id, peer_id : str
        This KME, and the one at the other end of the link.
    sae_ids : tuple of str
        Applications that may call and be named. No certificate makes an application known that is not here.
    max_key_per_request, max_key_size, min_key_size, max_sae_id_count : int
        As in the standard's status; sizes in bits, multiples of 8.
    requests_per_second, burst : float, int
        What one application gets before it is told 503.
    at_once : int
        Requests in work at a time, of all applications; the others are told 503.
    body_seconds, silence_seconds : float
        How long the body of a request may take; and the handshake of TLS, and the head of a request, before the connection
        is dropped.
    connections : int
        Connections open at a time; more are closed at once.
    key_lifetime : float
        Seconds after which a key that no reader fetched is dropped.

    Examples
    --------
    >>> KMESettings("KME1", "KME2", ("Alice", "Bob")).max_key_size
    4096
    """

    kme_id: str
    peer_id: str
    sae_ids: tuple[str, ...]
    max_key_per_request: int = 128
    max_key_size: int = 4096
    min_key_size: int = 64
    max_sae_id_count: int = 4
    requests_per_second: float = 200.0
    burst: int = 400
    at_once: int = 64
    body_seconds: float = 10.0
    silence_seconds: float = 5.0
    connections: int = 500
    key_lifetime: float = 86_400.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sae_ids", tuple(self.sae_ids))
        for name in (self.kme_id, self.peer_id, *self.sae_ids):
            if not isinstance(name, str) or not 0 < len(name) <= MOST_ID:
                raise ValueError(
                    f"kme_id, peer_id and sae_ids must be texts of 1 to {MOST_ID} letters, not {name!r}"
                )
        for name in ("max_key_per_request", "burst", "at_once", "connections"):
            as_count(getattr(self, name), name)
        as_count(self.max_sae_id_count, "max_sae_id_count", 0)
        for name in ("min_key_size", "max_key_size"):
            if as_count(getattr(self, name), name, 8) % 8:
                raise ValueError(f"{name} must be a multiple of 8 bits, not {getattr(self, name)}")
        if self.min_key_size > self.max_key_size:
            raise ValueError(
                f"min_key_size must be at most max_key_size, not {self.min_key_size} > {self.max_key_size}"
            )
        for name in ("requests_per_second", "body_seconds", "silence_seconds", "key_lifetime"):
            as_real(getattr(self, name), name, above=0)

    def save(self, path: str | Path) -> None:
        """Write the settings as JSON."""
        Path(path).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf8")

    @classmethod
    def load(cls, path: str | Path) -> "KMESettings":
        """Read the settings that `save` wrote."""
        return cls(**json.loads(Path(path).read_text(encoding="utf8")))


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class KeyRequest(_Model):
    """The body of *Get key*; every member may be left out."""

    number: StrictInt | None = None
    size: StrictInt | None = None
    additional_slave_SAE_IDs: list[StrictStr] | None = None
    extension_mandatory: list[dict[str, Any]] | None = None
    extension_optional: list[dict[str, Any]] | None = None


class KeyID(_Model):
    """One ID of a key."""

    key_ID: StrictStr
    key_ID_extension: dict[str, Any] | None = None


class KeyIDs(_Model):
    """The body of *Get key with key IDs*."""

    key_IDs: list[KeyID] = Field(min_length=1)
    key_IDs_extension: dict[str, Any] | None = None


class Key(BaseModel):
    """A key in base64, with its ID."""

    key_ID: str
    key: str


class KeyContainer(BaseModel):
    """The answer that holds keys."""

    keys: list[Key]


class Status(BaseModel):
    """What a KME says of the keys between the caller and a slave."""

    source_KME_ID: str
    target_KME_ID: str
    master_SAE_ID: str
    slave_SAE_ID: str
    key_size: int
    stored_key_count: int
    max_key_count: int
    max_key_per_request: int
    max_key_size: int
    min_key_size: int
    max_SAE_ID_count: int


class Error(BaseModel):
    """The body of every answer that is not 200."""

    message: str
    details: list[dict[str, Any]] | None = None


class Refusal(Exception):
    """An answer of the standard's form that is not 200."""

    def __init__(self, status: int, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.details = status, message, details

    @property
    def body(self) -> bytes:
        """The Error object as JSON."""
        error: dict[str, Any] = {"message": self.message}
        if self.details:
            error["details"] = self.details
        return json.dumps(error).encode()


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
        Where its keys are.

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
    app.add_exception_handler(Refusal, _refuse)
    app.add_middleware(_Gate, settings=settings, desk=desk)
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
    return await _refuse(request, Refusal(400, message))


async def _refuse(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Refusal)
    headers = {"retry-after": "1"} if fault.status == 503 else None
    return Response(fault.body, fault.status, headers, media_type="application/json")


class _Desk:
    """The standard's three calls."""

    def __init__(self, settings: KMESettings, store: KeyStore) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge

        self.settings, self.store = settings, store
        self._known = frozenset(settings.sae_ids)
        # One thread: SQLite writes one transaction at a time, and the loop goes on meanwhile.
        self._clerk = ThreadPoolExecutor(1, "key-store")
        self.registry = CollectorRegistry()
        self.answers = Counter("kme_answers", "Answers given", ["call", "status"], registry=self.registry)
        self.delivered = Counter("kme_keys_delivered", "Keys delivered", ["call"], registry=self.registry)
        self.stored = Gauge("kme_keys_stored", "Keys in the stock", registry=self.registry)

    async def _ask(self, work: Callable[[], _Result]) -> _Result:
        """Let the store do its work, and turn its refusals into answers."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._clerk, work)
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
        _query(request, {})
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
            _query(request, {})
            body = await request.body()
            asked = _parse(KeyRequest, body) if body else KeyRequest()
        else:
            asked = KeyRequest(**_query(request, {"number": _whole, "size": _whole}))
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
        keys = await self._ask(
            lambda: self.store.hand_out(caller, slave, number=number, size=size, additional=more)
        )
        return self._deliver("enc_keys", keys)

    async def dec_keys(self, request: Request) -> Response:
        """Get key with key IDs: the caller's copies of keys that the master was given."""
        caller, master = self._parties(request)
        if request.method == "POST":
            _query(request, {})
            ids = [item.key_ID for item in _parse(KeyIDs, await request.body()).key_IDs]
        else:
            ids = list(_query(request, {"key_ID": str}).values())
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
        self.delivered.labels(call).inc(len(keys))
        return _json(
            {"keys": [{"key_ID": key.key_id, "key": base64.b64encode(key.key).decode()} for key in keys]}
        )

    async def metrics(self, request: Request) -> Response:
        """Show counts for Prometheus, and nothing about whom or which key."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        self.stored.set(await self._ask(lambda: self.store.stored))
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)


def _json(content: dict[str, Any]) -> Response:
    # Keys are for one reader: nothing between may keep them.
    return Response(json.dumps(content), media_type="application/json", headers={"cache-control": "no-store"})


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)


def _query(request: Request, kinds: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Read a query that has no parameters but these, each at most once."""
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
        )
    except ValueError:
        raise Refusal(400, "the query is not UTF-8") from None
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in kinds:
            raise Refusal(400, "the query has a parameter that this call does not know")
        if name in values:
            raise Refusal(400, f"{name} must be given once")
        try:
            values[name] = kinds[name](text)
        except ValueError:
            raise Refusal(400, f"{name} must be a whole number") from None
    return values


_Body = TypeVar("_Body", bound=BaseModel)


def _parse(model: type[_Body], body: bytes) -> _Body:
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        errors = fault.errors(include_input=False, include_url=False, include_context=False)[:8]
        details = [{".".join(map(str, error["loc"]))[:MOST_ID] or "body": error["msg"]} for error in errors]
        raise Refusal(400, "the body is not what this call takes", details) from None


class _Gate:
    """What every request passes: who calls, how often, how much; and what every answer passes: the form, a line in the log."""

    def __init__(self, app: Any, settings: KMESettings, desk: _Desk) -> None:
        self.app, self.settings, self.desk = app, settings, desk
        self._known = frozenset(settings.sae_ids)
        self._bucket = TokenBucket(settings.requests_per_second, settings.burst)
        self._working = 0

    async def __call__(self, scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answered: list[int] = []

        async def answer(message: _Message) -> None:
            if message["type"] == "http.response.start":
                answered.append(message["status"])
            await send(message)

        # The raw path keeps %2F and %0A of an ID apart from the slashes and the end of a path.
        scope = {**scope, "path": scope["raw_path"].decode("ascii")}
        self._working += 1
        try:
            body = await self._admit(scope, receive)
            await self.app(scope, _once(body, receive), answer)
        except Refusal as fault:
            await (await _refuse(Request(scope), fault))(scope, receive, answer)
        except ConnectionError:
            log.info("%r hung up", scope.get(CALLER))
        except Exception as fault:
            # The text of a fault may hold what it stumbled over; its name and place do not.
            trace = fault.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
            log.error("a request failed: %s at %s", type(fault).__name__, place)
            if not answered:
                failed = Refusal(503, "the request could not be served")
                await (await _refuse(Request(scope), failed))(scope, receive, answer)
        finally:
            self._working -= 1
            call = scope["path"].rpartition("/")[2]
            call = call if call in {"status", "enc_keys", "dec_keys", "metrics"} else "other"
            status = answered[0] if answered else 0
            self.desk.answers.labels(call, str(status)).inc()
            log.info("%r %s %s", scope.get(CALLER), call, status)

    async def _admit(self, scope: dict[str, Any], receive: _Receive) -> bytes:
        """Return the body of a request that may go on."""
        caller = scope.get(CALLER)
        if caller not in self._known:
            raise Refusal(401, "the client certificate names no SAE that is known to this KME")
        if not self._bucket.allows(caller):
            raise Refusal(
                503, f"more than {self.settings.requests_per_second:g} requests a second: try again later"
            )
        if self._working > self.settings.at_once:
            raise Refusal(503, f"more than {self.settings.at_once} requests at once: try again later")
        try:
            async with asyncio.timeout(self.settings.body_seconds):
                return await _read(receive)
        except TimeoutError:
            raise Refusal(400, f"the body took longer than {self.settings.body_seconds:g} s") from None


async def _read(receive: _Receive) -> bytes:
    body, size, more = b"", 0, True
    while more and size <= MOST_DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        size += len(message.get("body", b""))
        body = body + message.get("body", b"") if size <= MOST_BODY else b""
        more = message.get("more_body", False)
    if size > MOST_BODY:
        raise Refusal(400, f"the body must be at most {MOST_BODY} bytes")
    return body


def _once(body: bytes, receive: _Receive) -> _Receive:
    """Give a body that was read already, and then what comes after it."""
    waiting: list[_Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> _Message:
        return waiting.pop() if waiting else await receive()

    return again

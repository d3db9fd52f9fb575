"""The server itself: routes, and starting it."""

import hashlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from extractors.sandbox.server.faults import BrokenOffError, Fault, Faults, done_to, wanted_faults
from extractors.sandbox.server.gate import Gate, Ledger
from extractors.sandbox.server.shelf import Shelf
from extractors.sandbox.server.wire import Endpoint, Wire, unserved
from extractors.sandbox.server.wires import SITES, WIRES
from lake.errors import LakeError

HOST, PORT = "127.0.0.1", 8700
_UNSEEN = {Fault.DRIFT, None}
"""Faults after which the answer went out whole all the same."""


def make_app(delivery: Path, faults: Faults | None = None, speed: float = 1.0) -> Starlette:
    """The server over a delivery of the sandbox world.

    Args:
        delivery: folder that `extractors.sandbox.delivery.deliver` filled.
        faults: what goes wrong; nothing unless given.
        speed: how many times as fast as the providers' their limits are here.

    Raises:
        OSError: the delivery is not whole.
    """
    gate = Gate(faults or Faults(), speed)
    routes = [
        Route("/_sandbox/ledger", _ledger(gate), methods=["GET", "DELETE"]),
        Route("/_sandbox/faults", _faults(gate), methods=["GET", "PUT"]),
    ]
    for wire in (*WIRES.values(), *SITES.values()):
        shelves = {
            stream: Shelf.of(delivery / wire.provider / f"{stream}.jsonl", telling)
            for stream, telling in wire.streams.items()
        }
        if wire.token is not None:
            routes.append(Route(wire.token, _token(gate, wire), methods=["POST"]))
        routes += [
            Route(path, _guarded(gate, wire, shelves, point), methods=["GET", "POST"])
            for path, point in wire.routes.items()
        ]
    routes.append(Route("/{path:path}", _not_served, methods=["GET", "POST"]))
    return Starlette(routes=routes)


def listening(port: int = PORT) -> socket.socket:
    """A socket that listens on loopback.

    Raises:
        LakeError: the port is taken, or not for us.
    """
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise LakeError(
            f"port {port} of {HOST} cannot be listened on ({os.strerror(error.errno or 0)})",
            "end what listens there, or choose another port with --port",
        ) from error


def serve(app: Starlette, listener: socket.socket) -> None:
    """Serve until interrupted."""
    quiet()
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    with suppress(KeyboardInterrupt):  # uvicorn hands it on once it has ended
        uvicorn.Server(config).run(sockets=[listener])


def quiet() -> None:
    """Keep what the server breaks off on purpose out of uvicorn's log."""
    logging.getLogger("uvicorn.error").addFilter(_not_on_purpose)


def _not_on_purpose(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], BrokenOffError))


def _guarded(
    gate: Gate, wire: Wire, shelves: dict[str, Shelf], endpoint: Endpoint
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        request.state.form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        instead, fault = gate.enter(wire, request)
        if instead is not None:
            return instead
        if fault is Fault.ERROR_503 and wire.trouble is not None:
            return wire.trouble()
        response = endpoint(shelves, request)
        if response.status_code == 200:
            etag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:16]}"'
            if request.headers.get("if-none-match") == etag:
                response = Response(status_code=304)
            response.headers["etag"] = etag
        if fault in _UNSEEN:
            gate.leave(wire, request, response)
        return await done_to(fault, response)

    return answer


async def _not_served(request: Request) -> Response:
    """Paths that a provider has and the sandbox has not: a refusal, never "not found"."""
    return unserved(request)


def _token(gate: Gate, wire: Wire) -> Callable[[Request], Awaitable[Response]]:
    async def token(request: Request) -> Response:
        return gate.give_token(wire.provider, request)

    return token


def _ledger(gate: Gate) -> Callable[[Request], Awaitable[Response]]:
    async def ledger(request: Request) -> Response:
        if request.method == "DELETE":
            gate.ledgers.update({name: Ledger() for name in gate.ledgers})
        return JSONResponse({name: one.told() for name, one in gate.ledgers.items()})

    return ledger


def _faults(gate: Gate) -> Callable[[Request], Awaitable[Response]]:
    async def faults(request: Request) -> Response:
        if request.method == "PUT":
            try:
                gate.faults.set(wanted_faults(await request.json(), gate.ledgers))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(gate.faults.shares)

    return faults

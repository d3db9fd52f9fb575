"""The gate: who may ask, how fast, and what is noted of it.

What belongs here: what providers do before they look at a request. Limits here are the providers' own, not
those that our clients keep; a request above them is a *violation*, a question that was answered before is a
*repeat*.
"""

import base64
import binascii
import secrets
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from extractors.sandbox.server.faults import Fault, Faults, dead
from extractors.sandbox.server.wire import WIRES, Auth, Wire

_TOKEN_SECONDS = 3600.0


@dataclass
class Ledger:
    """What one provider saw.

    Attributes:
        requests: arrived, tokens apart.
        answered: answered with an answer, "not found" included.
        violations: arrived above the provider's limit.
        repeats: asked for what had been answered, and not only for changes.
        refused: arrived without acceptable credentials.
        faults: what went wrong, by fault.
    """

    requests: int = 0
    answered: int = 0
    violations: int = 0
    repeats: int = 0
    refused: int = 0
    tokens: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, object]:
        """As JSON."""
        return {**vars(self), "faults": dict(self.faults)}


class Gate:
    """One for all providers.

    Args:
        faults: what goes wrong.
        speed: how many times as fast as the providers' the limits are.
    """

    def __init__(self, faults: Faults, speed: float = 1.0) -> None:
        self.faults = faults
        self.ledgers: dict[str, Ledger] = {name: Ledger() for name in WIRES}
        self._speed = speed
        self._arrivals: dict[str, deque[float]] = defaultdict(deque)
        self._tokens: dict[str, float] = {}
        self._answered: set[str] = set()
        self._sent: dict[tuple[str, int] | None, str] = {}

    def give_token(self, provider: str, request: Request) -> Response:
        """The answer of the provider's token endpoint."""
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        try:
            known = kind.lower() == "basic" and b":" in base64.b64decode(value)
        except binascii.Error:
            known = False
        if self.faults.pick(provider, -1) is Fault.DEAD:
            return dead()
        if not known:
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        self.ledgers[provider].tokens += 1
        token = secrets.token_urlsafe(16)
        self._tokens[token] = time.monotonic() + _TOKEN_SECONDS
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": int(_TOKEN_SECONDS)}
        )

    def enter(self, wire: Wire, request: Request) -> tuple[Response | None, Fault | None]:
        """Let a request in: None and its fault, or the response that it gets instead of an answer."""
        self._received(request)
        ledger = self.ledgers[wire.provider]
        ledger.requests += 1
        fault = self.faults.pick(wire.provider, ledger.requests)
        if fault is not None:
            ledger.faults[fault] += 1
        if fault is Fault.DEAD:
            return dead(), fault
        if self._above_limit(wire):
            ledger.violations += 1
            return self._too_fast(wire), fault
        if fault is Fault.TOO_FAST:
            return self._too_fast(wire), fault
        if not self._known(wire, request, expired=fault is Fault.EXPIRED):
            ledger.refused += 1
            return wire.unknown(), fault
        return None, fault

    def leave(self, wire: Wire, request: Request, response: Response) -> None:
        """Note an answer that went out whole, and tell the caller where it stands with its limit."""
        ledger = self.ledgers[wire.provider]
        ledger.answered += 1
        question = f"{wire.provider} {request.url.path}?{'&'.join(sorted(request.url.query.split('&')))}"
        conditional = "if-none-match" in request.headers or "if-modified-since" in request.headers
        if question in self._answered and not conditional:
            ledger.repeats += 1
        self._sent[_caller(request)] = question
        used = len(self._arrivals[wire.provider])
        response.headers["x-ratelimit-limit"] = str(wire.requests)
        response.headers["x-ratelimit-remaining"] = str(max(wire.requests - used, 0))

    def _received(self, request: Request) -> None:
        """An answer counts as received once its connection carries the next request.

        Whoever was killed before may ask again: it never had the answer.
        """
        question = self._sent.pop(_caller(request), None)
        if question is not None:
            self._answered.add(question)

    def _too_fast(self, wire: Wire) -> Response:
        response = wire.too_fast()
        if "retry-after" in response.headers:
            response.headers["retry-after"] = str(float(response.headers["retry-after"]) / self._speed)
        return response

    def _above_limit(self, wire: Wire) -> bool:
        now = time.monotonic()
        arrivals = self._arrivals[wire.provider]
        while arrivals and arrivals[0] <= now - wire.seconds / self._speed:
            arrivals.popleft()
        arrivals.append(now)
        return len(arrivals) > wire.requests

    def _known(self, wire: Wire, request: Request, *, expired: bool) -> bool:
        given = request.headers.get("authorization", "")
        if wire.auth is Auth.BEARER:
            token = given.removeprefix("Bearer ")
            if expired:
                self._tokens.pop(token, None)
            return self._tokens.get(token, 0.0) > time.monotonic()
        if wire.auth is Auth.DISCOGS:
            return given.startswith("Discogs token=") or "search" not in request.url.path
        return "(" in request.headers.get("user-agent", "")  # MusicBrainz: somebody with a contact


def _caller(request: Request) -> tuple[str, int] | None:
    return (request.client.host, request.client.port) if request.client else None

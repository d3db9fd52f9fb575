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
from extractors.sandbox.server.wire import Standing, Wire
from extractors.sandbox.server.wires import SITES, WIRES

_TOKEN_SECONDS = 3600.0
_WAITS = ("retry-after", "x-ratelimit-reset-in", "x-ratelimit-reset")
"""Headers that name a number of seconds to wait, where time may run faster."""


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
        self.ledgers: dict[str, Ledger] = {name: Ledger() for name in (*WIRES, *SITES)}
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
        if not self._known(wire, request, fault):
            ledger.refused += 1
            return wire.unknown(), fault
        return None, fault

    def leave(self, wire: Wire, request: Request, response: Response) -> None:
        """Note an answer that went out whole, and tell the caller where it stands with its limit."""
        ledger = self.ledgers[wire.provider]
        ledger.answered += 1
        asked = sorted([*request.url.query.split("&"), *(f"{a}={b}" for a, b in request.state.form.items())])
        question = f"{wire.provider} {request.url.path}?{'&'.join(asked)}"
        conditional = "if-none-match" in request.headers or "if-modified-since" in request.headers
        if question in self._answered and not conditional:
            ledger.repeats += 1
        self._sent[_caller(request)] = question
        response.headers.update(wire.standing(self._standing(wire)))

    def _received(self, request: Request) -> None:
        """An answer counts as received once its connection carries the next request.

        Whoever was killed before may ask again: it never had the answer.
        """
        question = self._sent.pop(_caller(request), None)
        if question is not None:
            self._answered.add(question)

    def _too_fast(self, wire: Wire) -> Response:
        response = wire.too_fast()
        for name in _WAITS:
            if name in response.headers:
                response.headers[name] = str(float(response.headers[name]) / self._speed)
        return response

    def _standing(self, wire: Wire) -> Standing:
        arrivals, now = self._arrivals[wire.provider], time.monotonic()
        return Standing(
            limit=wire.requests,
            left=max(wire.requests - len(arrivals), 0),
            reset_in=max(arrivals[-1] + wire.seconds / self._speed - now, 0.0) if arrivals else 0.0,
            now=time.time(),
            asked=self.ledgers[wire.provider].requests,
        )

    def _above_limit(self, wire: Wire) -> bool:
        now = time.monotonic()
        arrivals = self._arrivals[wire.provider]
        while arrivals and arrivals[0] <= now - wire.seconds / self._speed:
            arrivals.popleft()
        arrivals.append(now)
        return len(arrivals) > wire.requests

    def _known(self, wire: Wire, request: Request, fault: Fault | None) -> bool:
        if wire.token is None:
            return fault is not Fault.REVOKED and wire.known(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if fault in {Fault.EXPIRED, Fault.REVOKED}:
            self._tokens.pop(token, None)
        return self._tokens.get(token, 0.0) > time.monotonic()


def _caller(request: Request) -> tuple[str, int] | None:
    return (request.client.host, request.client.port) if request.client else None

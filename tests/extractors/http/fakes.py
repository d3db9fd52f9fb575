"""Clock and senders that tests hold in their hands."""

from collections.abc import Callable

from extractors.errors import FetchError
from extractors.http.message import Request, Response


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Script:
    """Answers with what it is given, in order; the last again and again."""

    def __init__(self, *steps: Response | FetchError | Callable[[Request], Response]) -> None:
        self._steps = list(steps)
        self.asked: list[Request] = []

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, FetchError):
            # a new one each time: layers write on errors
            raise type(step)(step.asked, step.came_back, status=step.status, retry_after=step.retry_after)
        return step(request) if callable(step) else step


def question(key: str = "tracks/1", **changes: object) -> Request:
    settings: dict[str, object] = {
        "provider": "spotify",
        "stream": "tracks_api",
        "key": key,
        "url": f"https://api.example/v1/{key}",
    }
    return Request(**(settings | changes))  # type: ignore[arg-type]


def answer(body: str = '{"id": 1}', status: int = 200, at: float = 1_000_000.0, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {"content-type": "application/json", **named}, body, fetched_at=at)

"""What providers have closed to accounts like ours is not asked for: a documented state, not a surprise."""

from collections.abc import Mapping

from extractors.errors import ClosedError
from extractors.http.message import Request, Response, Sender


class Closed:
    """Right below the cache: answers that bronze holds still count, new ones are not asked for.

    Args:
        inner: asks for everything else.
        streams: closed streams, and why each is.
    """

    def __init__(self, inner: Sender, streams: Mapping[str, str]) -> None:
        self._inner = inner
        self._streams = streams

    def send(self, request: Request) -> Response:
        """The inner layer's response.

        Raises:
            ClosedError: the request is about a closed stream.
            FetchError: of the inner layer.
        """
        why = self._streams.get(request.stream)
        if why is not None:
            raise ClosedError(request.asked, f"not asked: {why}")
        return self._inner.send(request)

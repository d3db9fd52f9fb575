"""The cache over bronze: what is there and fresh is not asked again, what is older is asked for changes."""

from extractors.errors import FetchError, MalformedError
from extractors.http.clock import Clock
from extractors.http.judge import NOT_MODIFIED
from extractors.http.message import Request, Response, Sender
from extractors.http.store import AnswerStore, Known


class Cached:
    """The top layer: answers from bronze, else asks and keeps the answer, or the note that there was none.

    Args:
        inner: asks.
        store: bronze.
        clock: for the age of answers.
        forever: whether any answer in bronze is good enough, however old (recorded mode).
    """

    def __init__(self, inner: Sender, store: AnswerStore, clock: Clock, *, forever: bool = False) -> None:
        self._inner = inner
        self._store = store
        self._clock = clock
        self._forever = forever

    def send(self, request: Request) -> Response:
        """The newest answer to the request.

        Raises:
            FetchError: there is none; noted.
        """
        known = self._store.find(request)
        if known is not None and self._fresh(request, known):
            return self._store.read(request, known)
        try:
            response = self._inner.send(_conditional(request, known) if known else request)
            if response.status != NOT_MODIFIED:
                self._store.keep(request, response)
                return response
            if known is None:
                raise MalformedError(request.asked, "HTTP 304, but nothing was known", status=response.status)
        except FetchError as error:
            self._store.note_failure(request, error)
            raise
        self._store.confirm(request, known, response)
        return self._store.read(request, known)

    def _fresh(self, request: Request, known: Known) -> bool:
        age = self._clock.time() - known.confirmed_at
        # an answer from the future (the clock was set back) is as good as no answer
        return self._forever or 0 <= age < request.ttl


def _conditional(request: Request, known: Known) -> Request:
    """The request, answered with 304 if nothing changed; "not found" is always asked anew."""
    validators = [("if-none-match", known.etag), ("if-modified-since", known.modified)]
    return request.with_headers(*((name, value) for name, value in validators if value and known.found))

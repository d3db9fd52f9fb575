"""The cache over bronze: what is there and fresh is not asked again, what is older is asked for changes."""

from math import inf

from extractors.errors import FetchError
from extractors.http.clock import Clock
from extractors.http.judge import NOT_MODIFIED
from extractors.http.known import Known
from extractors.http.message import Request, Response, Sender
from extractors.http.store import AnswerStore


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
        if known is None:
            return self._ask(request)
        fresh, conditional = self._fresh(request, known), _conditional(request, known)
        held = self._store.read(known) if fresh or conditional is not request else None
        if held is None:  # old and without validators, or somebody took it away
            return self._ask(request)
        if fresh:
            if request.record_ids:
                self._store.note_held(request, known)
            return held
        response = self._ask(conditional)
        if response.status != NOT_MODIFIED:
            return response
        self._store.confirm(request, known, response)
        return held

    def _ask(self, request: Request) -> Response:
        try:
            response = self._inner.send(request)
        except FetchError as error:
            self._store.note_failure(request, error)
            raise
        if response.status != NOT_MODIFIED:
            self._store.keep(request, response)
        return response

    def _fresh(self, request: Request, known: Known) -> bool:
        age = self._clock.time() - known.confirmed_at
        # an answer from the future (the clock was set back) is as good as no answer
        return self._forever or request.ttl == inf or 0 <= age < request.ttl


def _conditional(request: Request, known: Known) -> Request:
    """The request, to be answered with 304 if nothing changed; itself if there is nothing to compare by."""
    validators = (("if-none-match", known.etag), ("if-modified-since", known.modified))
    given = [(name, value) for name, value in validators if value and known.found]
    return request.with_headers(*given) if given else request

"""Errors of the outside world: what a person is told when a source cannot be read.

What belongs here: exceptions that every reader and client raises, worded for the person who runs the command.
"""

import re
from typing import ClassVar


class SourceError(Exception):
    """A source (file, page, answer) that is not what it should be, or cannot be read.

    The message names everything that is known, so that nobody needs a traceback:
    ``mixes.json.gz, row 12, field 'title': empty. Remedy: ...``.

    Attributes:
        file: name of the file (or address), never a directory of this machine.
        reason: what is wrong, in words.
        remedy: what the reader of the message can do.
        row: 1-based row, line or element number, where one is known.
        field: column, key or element name, where one is known.
    """

    def __init__(
        self, file: str, reason: str, remedy: str, row: int | None = None, field: str | None = None
    ) -> None:
        self.file = file
        self.reason = reason
        self.remedy = remedy
        self.row = row
        self.field = field
        super().__init__(file, reason, remedy, row, field)

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.field is not None:
            where += f", field '{self.field}'"
        return f"{where}: {self.reason.removesuffix('.')}. Remedy: {self.remedy}"


class FetchError(Exception):
    """A request to a provider that brought no answer.

    ::

        FetchError
        ├── PermanentError        asking the same again cannot help
        │   ├── RefusedError          the provider will not answer this request (400, 403, ...)
        │   │   └── ClosedError           not asked: the provider closed this to accounts like ours
        │   ├── CredentialsError      it does not accept who we are (401, bad key)
        │   ├── BlockedError          the site shows a barrier against robots: we stop
    │   ├── QuotaError            what the account may ask is used up, or the account is suspended
        │   └── NotRecordedError      recorded mode, and nobody recorded this answer
        └── TransientError        asking again later can help
            ├── UnreachableError      no connection, or no whole answer in time
            ├── UnavailableError      the provider is in trouble (5xx)
            ├── RateLimitedError      too fast (429 and what providers say instead)
            ├── MalformedError        an answer cut off, or in no shape to be read
            ├── CircuitOpenError      not asked: the host failed too often just now
            └── BudgetSpentError      not asked: the time for this track is used up

    Attributes:
        asked: method and address, without secrets.
        came_back: what the provider answered, in words.
        status: HTTP status, where there was one.
        retry_after: seconds until asking again makes sense, where the provider (or we) know.
        body: the raw answer, where it is worth keeping.
        tries: how many times it was asked.
    """

    may_help: ClassVar[str]
    whole_provider: ClassVar[bool] = False
    """Whether every other request to the provider would fare the same now."""

    def __init__(
        self,
        asked: str,
        came_back: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        body: str | None = None,
    ) -> None:
        super().__init__(asked, came_back)
        self.asked = asked
        self.came_back = came_back
        self.status = status
        self.retry_after = retry_after
        self.body = body
        self.tries = 1

    @property
    def outcome(self) -> str:
        """What to note of the request: ``rate_limited`` for a `RateLimitedError`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__.removesuffix("Error")).lower()

    def __str__(self) -> str:
        wait = f" (in {self.retry_after:.0f} s or later)" if self.retry_after is not None else ""
        tries = f" after {self.tries} tries" if self.tries > 1 else ""
        return f"{self.asked}: {self.came_back.removesuffix('.')}{tries}. {self.may_help}{wait}"


class PermanentError(FetchError):
    """Asking the same again cannot help."""

    may_help = "Asking again will not help"


class RefusedError(PermanentError):
    """The provider understood, and will not answer this request."""


class ClosedError(RefusedError):
    """Not asked: a documented state, not a surprise. The provider has closed this to accounts like ours."""


class CredentialsError(PermanentError):
    """The provider does not accept our credentials, or misses them."""

    may_help = "Asking again will not help before the credentials are mended"
    whole_provider = True


class QuotaError(PermanentError):
    """The account has used up what it may ask for a long time, or is suspended."""

    may_help = "Asking again will not help tonight"
    whole_provider = True


class BlockedError(PermanentError):
    """The site shows a barrier (interstitial, captcha): nobody asks again until a person says so."""

    may_help = "Open the page in a browser; `cratelake tracklists --resume` lets us ask again"
    whole_provider = True


class NotRecordedError(PermanentError):
    """In recorded mode: bronze holds no answer to this request."""

    may_help = "Ingest a recording of it, or switch the provider to live"


class TransientError(FetchError):
    """Asking again later can help; never a reason to call something not found."""

    may_help = "Asking again later can help"
    here: ClassVar[bool] = True
    """Whether waiting within the same request can be enough."""


class UnreachableError(TransientError):
    """No connection, or the answer did not come whole and in time."""


class UnavailableError(TransientError):
    """The provider is in trouble (HTTP 5xx, or its own words for it)."""


class RateLimitedError(TransientError):
    """The provider says that we ask too fast."""


class MalformedError(TransientError):
    """An answer that is cut off, or not in the provider's format."""


class CircuitOpenError(TransientError):
    """Not asked: the host failed too often just now and is left alone for a while."""

    here = False
    whole_provider = True


class BudgetSpentError(TransientError):
    """Not asked (again): the time given to this track is used up."""

    here = False

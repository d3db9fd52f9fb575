"""Why a saved answer cannot be read: what the provider meant with it, or what it lacks to be of a stream.

What belongs here: judging files that a person hands over, in words for that person.
"""

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from extractors.errors import FetchError, MalformedError, SourceError
from extractors.http.judge import Judge
from extractors.http.message import Request, Response

if TYPE_CHECKING:
    from extractors.sources.source import Stream

_AGAIN = "save the provider's answer again, as JSON and whole"
_REMEDY = "name the stream it belongs to, or save the provider's answer again"
_PROBLEMS = {"model_type": "an object is wanted here", "list_type": "a list is wanted here"}


def judged(judge: Judge, provider: str, text: str, file: str, status: int | None) -> Response:
    """What the provider means with a saved answer; errors name the file, and no status that nobody kept.

    Raises:
        SourceError: it cannot be read.
        FetchError: it is the provider's own error message.
    """
    request = Request(provider, "parse", file, url=file)
    try:
        answer = judge(request, Response(status or 200, {}, text, fetched_at=0.0))
        json.dumps(answer.data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise SourceError(file, "a text of it holds half a character (a lone surrogate)", _AGAIN) from None
    except MalformedError as error:
        raise SourceError(file, error.came_back.removeprefix("HTTP 200: "), _AGAIN) from None
    except FetchError as error:
        error.asked = file
        if status is None:
            error.came_back = error.came_back.removeprefix("HTTP 200: ")
        raise
    return answer


def unlike(
    provider: str, data: Any, file: str, problems: "list[tuple[Stream, ValidationError]]"
) -> SourceError:
    """Why a payload is none of these streams': of several, the one that comes closest tells most."""
    keys = set(data) if isinstance(data, dict) else set()

    def closeness(problem: "tuple[Stream, ValidationError]") -> tuple[int, int, int]:
        stream, error = problem
        places = [one["loc"] for one in error.errors(include_url=False, include_input=False)]
        return len(keys & stream.shape.keys()), -sum(len(place) <= 1 for place in places), -len(places)

    nearest, cause = max(problems, key=closeness)
    if len(problems) > 1 and keys and not keys & nearest.shape.keys():
        listed = ", ".join(sorted(map(str, keys))[:5])
        return SourceError(
            file, f"this is none of the answers of {provider}: none of them has {listed}", _REMEDY
        )
    first = min(cause.errors(include_url=False, include_input=False), key=lambda one: len(one["loc"]))
    what = f"no answer of {nearest.name} ({nearest.what})"
    if len(problems) > 1:
        what = f"none of the answers of {provider}, and {what}"
    return SourceError(
        file,
        f"this is {what}: {_PROBLEMS.get(first['type'], first['msg'].lower())}",
        _REMEDY,
        field=".".join(str(part) for part in first["loc"]) or "(answer)",
    )

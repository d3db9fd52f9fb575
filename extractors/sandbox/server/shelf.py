"""Payloads of one stream of the sandbox delivery, to be looked up by id, code, owner or words.

What belongs here: finding. Payloads stay in their file; memory holds where each is, and an index of words.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WORD = re.compile(r"\w+")
Payload = dict[str, Any]


def words(text: str) -> set[str]:
    """The words of a text, in lower case."""
    return set(_WORD.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class Telling:
    """How a stream's payloads are to be found.

    Attributes:
        number: what a payload is called.
        codes: ISRCs and other codes of it.
        titles: its titles.
        names: names of its artists.
        groups: whose it is, and what it is on: owners, releases, artists that payloads are listed by.
    """

    number: Callable[[Payload], object] = lambda payload: payload["id"]
    codes: Callable[[Payload], Iterable[str | None]] = lambda _: ()
    titles: Callable[[Payload], Iterable[str]] = lambda _: ()
    names: Callable[[Payload], Iterable[str | None]] = lambda _: ()
    groups: Callable[[Payload], Iterable[str]] = lambda _: ()


@dataclass
class Shelf:
    """The payloads of one file of JSON lines."""

    file: Path
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _codes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _groups: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _titles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _names: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path, telling: Telling) -> "Shelf":
        """The shelf of a file, indexed.

        Raises:
            OSError: the file is not there.
        """
        shelf = cls(file)
        offset = 0
        with file.open("rb") as lines:
            for line in lines:
                payload = json.loads(line)
                number = str(telling.number(payload))
                shelf._places[number] = (offset, len(line))
                offset += len(line)
                for code in telling.codes(payload):
                    if code:
                        shelf._codes[code.upper()].append(number)
                for group in telling.groups(payload):
                    shelf._groups[group].append(number)
                for word in words(" ".join(telling.titles(payload))):
                    shelf._titles[word].append(number)
                shelf._names[number] = words(" ".join(name for name in telling.names(payload) if name))
        return shelf

    def get(self, number: str) -> bytes | None:
        """A payload by id, as it stands in the file."""
        place = self._places.get(number)
        if place is None:
            return None
        with self.file.open("rb") as file:
            file.seek(place[0])
            return file.read(place[1]).rstrip(b"\n")

    def read(self, number: str) -> Payload | None:
        """A payload by id."""
        body = self.get(number)
        return None if body is None else dict(json.loads(body))

    def by_code(self, code: str) -> list[Payload]:
        """Payloads with an ISRC or another code."""
        return self._payloads(self._codes.get(code.upper(), []))

    def group(self, name: str) -> list[Payload] | None:
        """All payloads of a group, in the file's order; None if there is no such group."""
        return self._payloads(self._groups[name]) if name in self._groups else None

    def search(self, title: str, artist: str, most: int) -> list[Payload]:
        """Payloads that have all words of the title, those with most of the artist's first."""
        lists = [self._titles.get(word, []) for word in words(title)]
        if not lists:
            return []
        hits = set(lists[0]).intersection(*lists[1:])
        wanted = words(artist)
        ranked = sorted(hits, key=lambda number: (-len(self._names[number] & wanted), number))
        return self._payloads(
            [number for number in ranked if not wanted or self._names[number] & wanted][:most]
        )

    def page(self, offset: int, size: int) -> tuple[list[Payload], int]:
        """Some of all payloads, in the file's order, and how many there are."""
        numbers = list(self._places)
        return self._payloads(numbers[offset : offset + size]), len(numbers)

    def _payloads(self, numbers: Iterable[str]) -> list[Payload]:
        return [json.loads(self.get(number) or b"{}") for number in numbers]

"""Files of JSON documents (one per line, or elements of one array) -> answers; shared by kinds of that shape.

What belongs here: what every such kind does alike. A kind says which members a document must have and how it
is called; its text goes to bronze exactly as written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import SourceError
from extractors.files.json_text import array_elements, jsonl_lines, parse_object, text_of
from extractors.files.reading import DamagedError, Overlong, cut_off, refused
from lake.bronze import Answer, Rejected

_NAMES = {str: "a text", list: "a list", int: "a whole number", dict: "an object"}


@dataclass(frozen=True, slots=True)
class Documents:
    """What the documents of a kind look like.

    Attributes:
        stream: stream they go to.
        what: the kind in words, for messages.
        members: members that every document must have, with their type; texts must not be blank.
        key: request key of a document.
        entity_id: the provider's own id of what it describes, if it has one.
        url: address it was read from, if it says so; else the file's name.
    """

    stream: str
    what: str
    members: dict[str, type]
    key: Callable[[dict[str, Any]], str]
    entity_id: Callable[[dict[str, Any]], str | None] = lambda _: None
    url: Callable[[dict[str, Any]], str | None] = lambda _: None

    def _flaw(self, document: dict[str, Any]) -> tuple[str, str] | None:
        """Member and what is wrong with it, or None."""
        for name, kind in self.members.items():
            value = document.get(name)
            fits = text_of(value) is not None if kind is str else type(value) is kind
            if not fits:
                return name, f"the value is missing or is not {_NAMES[kind]}"
        return None

    def _read(self, path: Path, row: int, text: str) -> Answer | Rejected:
        document, problem = parse_object(text)
        field = "(row)"
        if not problem:
            field, problem = self._flaw(document) or ("", "")
        if problem:
            remedy = "correct the document and ingest the file again"
            return refused(self.stream, path, row, field=field, reason=problem, remedy=remedy, raw=text)
        return Answer(
            stream=self.stream,
            request_key=self.key(document),
            payload=text,
            source_entity_id=self.entity_id(document),
            source_url=self.url(document) or f"file:{path.name}",
            source_row=row,
        )

    def lines(self, path: Path) -> Iterator[Answer | Rejected]:
        """The documents of a JSON Lines file.

        Raises:
            SourceError: the first line has none of the members, or nothing of the file can be read.
        """
        return self._documents(path, jsonl_lines(path), "JSON Lines file")

    def elements(self, path: Path) -> Iterator[Answer | Rejected]:
        """The documents of a file that is one JSON array.

        Raises:
            SourceError: the first element has none of the members, or nothing of the file can be read.
        """
        return self._documents(path, enumerate(array_elements(path, self.what), start=1), "JSON array")

    def _documents(
        self, path: Path, found: Iterator[tuple[int, str]], form: str
    ) -> Iterator[Answer | Rejected]:
        row, fits = 0, False
        try:
            for row, text in found:
                document = self._read(path, row, text)
                named = isinstance(text, Overlong) or all(f'"{name}"' in text for name in self.members)
                if isinstance(document, Rejected) and not named and not fits:
                    reason = f"this is not a file of {self.what}: {document.reason}"
                    remedy = f"give a {form} of objects with " + ", ".join(self.members)
                    raise SourceError(path.name, reason, remedy, row, document.field)
                fits = True
                yield document
        except DamagedError as damage:
            yield cut_off(self.stream, path, row, damage)

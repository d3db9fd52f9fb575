"""JSON files -> the exact text of their elements, piece by piece; shared by all kinds of that shape."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.errors import SourceError
from extractors.files.reading import LONGEST, DamagedError, Overlong, flaw, lines, printable, text_chunks

_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_GAP = re.compile(r"[\s,]*+")
_STEP = re.compile(r'"(?:[^"\\]|\\.)*+"|["{}\[\]]', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]*+")


class _Window:
    """The part of the text that is being looked at; grows on demand and forgets what was handed on."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self.text = ""

    def grow(self) -> bool:
        """Read on; False at the end of the file.

        Raises:
            DamagedError: the file is cut off or an element has more than `LONGEST` characters.
        """
        if len(self.text) > LONGEST:
            raise DamagedError(f"an element has more than {LONGEST:,} characters", self.text)
        try:
            chunk = next(self._chunks, None)
        except DamagedError as damage:
            damage.rest = self.text
            raise
        if chunk is None:
            return False
        self.text += chunk
        return True

    def first(self) -> str:
        """First character that is neither space nor comma, with all before it dropped; empty at the end."""
        while True:
            self.text = self.text[_GAP.match(self.text).end() :]  # type: ignore[union-attr]  # matches always
            if self.text or not self.grow():
                return self.text[:1]

    def drop(self, length: int) -> str:
        """Hand on the first `length` characters."""
        taken, self.text = self.text[:length], self.text[length:]
        return taken


def _bracketed(window: _Window) -> str:
    """The bracketed element at the start of the window, whatever stands between its brackets."""
    depth, position = 0, 0
    while True:
        for step in _STEP.finditer(window.text, position):
            mark = step.group()
            if mark == '"':  # a string whose end is not in the window yet
                break
            position = step.end()
            if mark in "{[":
                depth += 1
            elif mark in "}]":
                depth -= 1
                if depth == 0:
                    return window.drop(position)
        if not window.grow():
            raise DamagedError("the file ends inside an element", window.text)


def _scalar(window: _Window) -> str:
    """The string, number or other text without brackets at the start of the window."""
    while True:
        found = _STEP.match(window.text) if window.text.startswith('"') else _SCALAR.match(window.text)
        whole = found is not None and found.end() < len(window.text) and found.group() != '"'
        if whole or not window.grow():
            return window.drop(max(1, found.end()) if found is not None and whole else len(window.text))


def array_elements(path: Path, what: str) -> Iterator[str]:
    """Exact text of each element of the array that the file consists of, in order.

    Elements need not be valid JSON themselves (`parse_object` says so); a broken one does not hide the others
    as long as its brackets are balanced.

    Raises:
        SourceError: the file does not start like a JSON array, or nothing of it can be read.
        DamagedError: after everything readable, if the file ends before the array does.
    """
    window = _begun(path, what, "[", "array")
    while True:
        start = window.first()
        if start == "]":
            return
        if not start:
            raise DamagedError("the file ends before its list does", window.text)
        yield _bracketed(window) if start in "{[" else _scalar(window)


def _begun(path: Path, what: str, bracket: str, kind: str) -> _Window:
    """The window behind the opening bracket, which the file must start with."""
    window = _Window(text_chunks(path))
    if window.first() != bracket:
        reason = f"this is not a file of {what}: it does not start with a JSON {kind}"
        raise SourceError(path.name, reason, f"give a JSON file of {what}", row=1)
    window.drop(1)
    return window


def object_members(path: Path, what: str) -> Iterator[tuple[str, str]]:
    """Name and exact text of each member of the object that the file consists of, in order.

    Raises:
        SourceError: the file does not start like a JSON object, or nothing of it can be read.
        DamagedError: after everything readable, if the file ends before the object does or is none from some
            place on.
    """
    window = _begun(path, what, "{", "object")
    while True:
        start = window.first()
        if start == "}":
            return
        if start != '"':
            raise DamagedError("a name in quotation marks is missing", window.text)
        written = _scalar(window)
        name, problem = _member_name(written)
        if problem or window.first() != ":":
            raise DamagedError(problem or "a colon is missing behind a name", written + window.text)
        window.drop(1)
        start = window.first()
        if not start:
            raise DamagedError("the file ends before its object does", window.text)
        yield name, _bracketed(window) if start in "{[" else _scalar(window)


def _member_name(written: str) -> tuple[str, str]:
    """A member's name, and what is wrong with it (empty if nothing is)."""
    try:
        name = json.loads(written)
    except ValueError as error:
        return "", f"a name is not valid JSON ({printable(str(error))})"
    problem = flaw(name)
    return name, problem or ""


def jsonl_lines(path: Path) -> Iterator[tuple[int, str]]:
    """1-based line number and text of each line that is not blank, without its end.

    Raises:
        SourceError: the file cannot be read.
        DamagedError: after everything readable, if the file is cut off.
    """
    for number, line in enumerate(lines(text_chunks(path)), start=1):
        text = line if isinstance(line, Overlong) else line.strip(" \t\r\n")
        if text:
            yield number, text


def parse_object(text: str) -> tuple[dict[str, Any], str]:
    """The JSON object written in `text` and an empty string, or an empty object and why it is none."""
    problem = flaw(text)
    if problem:
        return {}, problem
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, f"the row is not valid JSON ({printable(str(error))})"
    if not isinstance(value, dict):
        return {}, "the row is not a JSON object"
    if _HALF_PAIR.search(text) and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        return {}, "the row holds half of a surrogate pair, which is no character"
    return value, ""


def text_of(value: object) -> str | None:
    """`value` if it is a text that can be stored and is not blank, else None."""
    return value if isinstance(value, str) and value.strip() and flaw(value) is None else None

"""Small text files that people or old programs wrote, in whatever encoding: decoded whole."""

import codecs
from pathlib import Path

from extractors.errors import SourceError
from extractors.files.reading import DamagedError, byte_chunks

LARGEST = 16 << 20
"""Bytes beyond which a file is no list that somebody keeps."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _guesses(data: bytes) -> tuple[str, ...]:
    """Encodings to try, surest first: in wide ones every letter of ours has NUL bytes in its fixed place."""
    sample = data[:4096]
    for name, width, letter in (
        ("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1),
    ):  # fmt: skip
        letters = sample[letter::width]
        filled = sum(byte == 0 for at, byte in enumerate(sample) if at % width != letter)
        others = len(sample) - len(letters)
        if others and filled > 0.7 * others and letters.count(0) < 0.1 * len(letters):
            return (name,)
    return ("utf-8", "cp1252")


def small_text(path: Path, what: str) -> str:
    """The file's text: by its mark, else UTF-8, wide encodings without a mark, and Windows-1252 at last.

    Raises:
        SourceError: it cannot be read, is empty, too large, damaged, or no text.
    """
    data = b""
    try:
        for chunk in byte_chunks(path):
            data += chunk
            if len(data) > LARGEST:
                raise SourceError(path.name, f"the file has more than {LARGEST:,} bytes", f"give {what}")
    except DamagedError as damage:
        raise SourceError(path.name, damage.reason, "copy or export the file again") from damage
    marked = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)
    names = (marked[1],) if marked else _guesses(data)
    for name in names:
        try:
            text = data.removeprefix(marked[0] if marked else b"").decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text):
            return text
    reason = f"this is not text in {' or '.join(names)}, or holds NUL bytes"
    raise SourceError(path.name, reason, "save it as UTF-8 text")

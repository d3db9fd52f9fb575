"""Errors of the outside world: what a person is told when a source cannot be read.

What belongs here: exceptions that every reader and client raises, worded for the person who runs the command.
"""


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
        return f"{where}: {self.reason}. Remedy: {self.remedy}"

"""The ``cratelake`` command: one module a command, errors without tracebacks."""

import sys

from orchestration.cli.app import app
from orchestration.cli.console import errors

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of the ``cratelake`` script."""
    with errors():
        app()
    sys.exit(0)

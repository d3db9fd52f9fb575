"""Python functions over Arrow batches on all cores, and without the garbage collector's rounds.

Belongs here: how a pure batch function is run faster than by calling it. Workers are processes of their own
(`python -m lake.parallel module:function`) that read tables from their standard input and answer on their
standard output, both as Arrow IPC. Not forked: that is not safe beside the threads of DuckDB and Dagster. Not
`multiprocessing`: it imports the parent's main module again, with dbt that takes two seconds a worker.
"""

import gc
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import IO

import pyarrow as pa

TableFunction = Callable[[pa.Table], pa.Table]
_FAILED = 0
"""Length that announces the text of an error instead of a table."""
_LARGEST = 50_000
"""Rows a worker is given at a time: what it makes of them on the way takes tens of times their own memory."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cyclic garbage collection while the block runs.

    For functions that make millions of small tuples and no cycles: there the collector only costs, a quarter
    or more of the time of parsing 250,000 names.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Workers:
    """Processes that run one function over slices of tables; started when first needed, closed with `close`.

    A worker ends when its input does, so none outlives this process, however that ends.
    """

    def __init__(self, function: TableFunction, processes: int) -> None:
        """`function` is importable by its name and gives one row per row, without side effects."""
        self._function = function
        self._wanted = processes
        self._processes: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()

    def map(self, table: pa.Table, *, worth: int) -> pa.Table:
        """The function over `table`, in order; below `worth` rows a worker it is called in this process.

        Raises:
            RuntimeError: the function failed in a worker; the message holds its error.
        """
        slices = min(self._wanted, table.num_rows // worth)
        if slices < 2:
            with collector_paused():
                return self._function(table)
        rows = -(-table.num_rows // slices)
        parts = [table.slice(start, rows) for start in range(0, table.num_rows, rows)]
        with self._lock:  # DuckDB may call from two threads
            while len(self._processes) < len(parts):
                self._processes.append(self._start())
            with ThreadPoolExecutor(len(parts)) as threads:
                return pa.concat_tables(threads.map(_ask_in_turn, self._processes, parts))

    def _start(self) -> subprocess.Popen[bytes]:
        name = f"{self._function.__module__}:{self._function.__qualname__}"
        command = [sys.executable, "-m", __name__, name]
        return subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, whose end ends this one
        )

    def close(self) -> None:
        """End the workers; another `map` would start new ones."""
        for process in self._processes:
            process.communicate()
        self._processes = []

    def __enter__(self) -> "Workers":
        """The workers themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self.close()


def _ask_in_turn(process: subprocess.Popen[bytes], table: pa.Table) -> pa.Table:
    starts = range(0, table.num_rows, _LARGEST)
    return pa.concat_tables(_ask(process, table.slice(start, _LARGEST)) for start in starts)


def _ask(process: subprocess.Popen[bytes], table: pa.Table) -> pa.Table:
    if process.stdin is None or process.stdout is None:
        raise TypeError("a worker is started with pipes")
    try:
        _write(process.stdin, table)
        answer = _read(process.stdout)
    except BrokenPipeError:
        answer = None
    if answer is None:
        raise RuntimeError(f"a worker process ended by itself (exit code {process.wait()})")
    return answer


def _write(pipe: IO[bytes], table: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content = sink.getvalue()
    pipe.write(content.size.to_bytes(8))
    pipe.write(content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> pa.Table | None:
    """The next table; None at the end.

    Raises:
        RuntimeError: what came is an error text.
    """
    head = pipe.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head)
    if size == _FAILED:
        raise RuntimeError(pipe.read(int.from_bytes(pipe.read(8))).decode())
    with pa.ipc.open_stream(pa.py_buffer(pipe.read(size))) as reader:
        return reader.read_all()


def _work(name: str, source: IO[bytes], sink: IO[bytes]) -> None:
    module, _, attribute = name.partition(":")
    function: TableFunction = getattr(import_module(module), attribute)
    gc.disable()
    while (table := _read(source)) is not None:
        try:
            _write(sink, function(table))
        except Exception as error:  # noqa: BLE001 - carried to the parent and raised there
            text = f"{name}: {type(error).__name__}: {error}".encode()
            sink.write(_FAILED.to_bytes(8) + len(text).to_bytes(8) + text)
            sink.flush()


if __name__ == "__main__":
    _work(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)

"""Reading on while what was read is worked on."""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")


_Fetched = tuple[T] | BaseException | None
"""An item, what the source raised, or its end."""


def _offer(items: "queue.Queue[_Fetched[T]]", stopped: threading.Event, item: "_Fetched[T]") -> bool:
    """Hand `item` over as soon as there is room; False if nobody wants it any more."""
    while not stopped.is_set():
        try:
            items.put(item, timeout=0.1)
        except queue.Full:
            continue
        return True
    return False


def ahead(source: Iterator[T], depth: int) -> Iterator[T]:
    """The items of `source`, up to `depth` of them fetched beforehand by a thread of its own.

    For sources that leave the interpreter alone while they work, as decompression does. What the source
    raises is raised here, after the items before it. A consumer that stops early ends the thread.
    """
    items: queue.Queue[_Fetched[T]] = queue.Queue(depth)
    stopped = threading.Event()

    def fetch() -> None:
        try:
            for item in source:
                if not _offer(items, stopped, (item,)):
                    return
        except BaseException as error:  # noqa: BLE001 - carried to the consumer and raised there
            _offer(items, stopped, error)
        else:
            _offer(items, stopped, None)

    thread = threading.Thread(target=fetch, name="read-ahead", daemon=True)
    thread.start()
    try:
        while (item := items.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    finally:
        stopped.set()
        thread.join()

"""A cache of the values that were used last."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

MEGABYTE = 2**20

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Keeps the values that were used last, up to `limit` bytes; the last one in any case.

    size: bytes of a value. alike: whether values are about equally large; then room for the next
        one is made before it is made, and never more is in memory than stays.
    """

    def __init__(self, limit: int, size: Callable[[Value], int], alike: bool = False) -> None:
        self._limit, self._size, self._alike = limit, size, alike
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()  # with their sizes
        self._lock = threading.RLock()  # a callback may run beside a cell, in another thread

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key`, made now if it is not kept."""
        with self._lock:
            if key not in self._values:
                while self._alike and self._values and self._next_total() > self._limit:
                    self._values.popitem(last=False)
                value = make()
                self._values[key] = value, self._size(value)
            self._values.move_to_end(key)
            while len(self._values) > 1 and self._total() > self._limit:
                self._values.popitem(last=False)
            return self._values[key][0]

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._values.clear()

    def _next_total(self) -> int:
        """With one more value like the last one."""
        return self._total() + next(reversed(self._values.values()))[1]

    def _total(self) -> int:
        return sum(size for _, size in self._values.values())

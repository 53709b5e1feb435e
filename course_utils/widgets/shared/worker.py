"""A thread that works step by step and takes orders between two steps."""

import atexit
import queue
import threading
import time
from collections.abc import Callable

SHARE = 0.01  # of the time, what a thing done now and then may take


class Worker:
    """Carries out orders, one after another, in a thread of its own; works while it is free.

    step: a piece of work. working: whether there is any. failed: hears of what they raise.
    The thread begins with the first order and ends with the process.
    """

    def __init__(
        self,
        step: Callable[[], None],
        working: Callable[[], bool],
        failed: Callable[[Exception], None],
    ) -> None:
        self.step, self.working, self.failed = step, working, failed
        self._orders: queue.Queue[Callable[[], None]] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._stepping = self._ended = False

    def order(self, order: Callable[[], None]) -> None:
        """Have `order()` called after the step that is under way; from any thread."""
        self._orders.put(order)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="course", daemon=True)
            self._thread.start()
            atexit.register(self.end)  # a thread in the middle of a sum would end in a crash

    def wait(self) -> None:
        """Return when all orders are carried out and there is no work, or the thread has ended."""
        while not self._ended and (self._orders.unfinished_tasks or self._busy()):
            time.sleep(0.01)

    def _busy(self) -> bool:
        return self._stepping or self.working()

    def end(self) -> None:
        """End the thread after the step that is under way."""
        atexit.unregister(self.end)
        self._ended = True
        self._orders.put(lambda: None)
        if self._thread:
            self._thread.join(timeout=5)

    def _work(self) -> None:
        while not self._ended:
            self._take(self._orders.get())
            self._work_while_there_is_any()

    def _work_while_there_is_any(self) -> None:
        while self.working() and not self._ended:
            try:
                self._take(self._orders.get_nowait())
            except queue.Empty:
                self._stepping = True
                self._do(self.step)
                self._stepping = False

    def _take(self, order: Callable[[], None]) -> None:
        self._do(order)
        self._orders.task_done()

    def _do(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # nobody would see it
            self.failed(error)


class Seldom:
    """Something done every `seconds`, or less often: for a `SHARE` of the time at most."""

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        self.seconds, self.action, self.next = seconds, action, 0.0

    def maybe(self) -> None:
        """Do it if it is time."""
        if time.perf_counter() >= self.next:
            self.now()

    def now(self) -> None:
        """Do it, time or not."""
        start, work = time.perf_counter(), time.thread_time()  # without what others take
        self.action()
        self.next = start + max(self.seconds, (time.thread_time() - work) / SHARE)

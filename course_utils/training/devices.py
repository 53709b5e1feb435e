"""Where and how exactly to compute: devices, precisions, memory and random numbers."""

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from ..errors import CourseError


def device_for(wanted: str | torch.device | None) -> torch.device:
    """The device `wanted`, as "cuda"; None: the best there is. `CourseError` if it is missing."""
    try:
        device = best_device() if wanted is None else torch.device(wanted)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError):
        raise CourseError(
            f"This machine has no device {str(wanted)!r}; the best that it has is "
            f"{str(best_device())!r}. Leave device out, and that is taken."
        ) from None
    return device


def best_device() -> torch.device:
    """The GPU of this machine (NVIDIA's or Apple's), or else its processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """A context in which layers compute in `precision`, "float32" or "bfloat16".

    bfloat16 has the range of float32 and 8 of its 24 binary digits. The weights stay float32, and
    so does whatever adds up many numbers.
    """
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")


M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_MMAP_MAX = -1, -3, -4  # numbers of glibc's malloc.h
KEEPING = {M_TRIM_THRESHOLD: 2**31 - 1, M_MMAP_MAX: 0}
# What glibc comes to by itself once large pieces were freed, see mallopt(3).
USUAL = {M_TRIM_THRESHOLD: 64 * 2**20, M_MMAP_THRESHOLD: 32 * 2**20, M_MMAP_MAX: 65_536}

_keeping, _keeping_lock = 0, threading.Lock()  # how many want it, in all threads


@contextmanager
def memory_kept() -> Iterator[None]:
    """Inside, memory that is freed stays with this process: the next step needs it again.

    Large pieces would otherwise go back to the system and be fetched, and cleared, anew in each
    step: on two cores a tenth of the time of VGG16, a fourteenth of LeNet's in a thread. Where
    several are inside, as trainings in several threads, it goes back with the last of them. With
    glibc (Linux); elsewhere nothing happens.
    """
    glibc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if not hasattr(glibc, "mallopt"):
        yield
        return
    _count_keeping(glibc, 1)
    try:
        yield
    finally:
        _count_keeping(glibc, -1)


def _count_keeping(glibc: ctypes.CDLL, change: int) -> None:
    """One more (1) or one fewer (−1) wants it kept."""
    global _keeping
    with _keeping_lock:
        _keeping += change
        for parameter, value in (KEEPING if _keeping else USUAL).items():
            glibc.mallopt(parameter, value)
        if not _keeping:
            glibc.malloc_trim(0)


class OwnRandomNumbers:
    """The random numbers that a network draws itself, as Dropout does: from generators of its own.

    They do not come from the global random state. So what a training draws depends neither on
    other cells nor on another training beside it, in any thread, and what those draw not on it.
    compiled: whether the network is. Such code draws from the global state only, which is then
        exchanged for as long as it runs: a cell that draws meanwhile would be in its way.
    """

    _exchange = threading.Lock()  # one at a time

    def __init__(self, seed: int, device: torch.device, compiled: bool = False) -> None:
        where = {torch.device("cpu"), device}  # some layers draw on the processor anyway
        self._generators = {d: torch.Generator(d).manual_seed(seed) for d in where}
        self.compiled, self._draws = compiled, True

    @property
    def own(self) -> torch.Generator:
        """The generator of the processor, for whoever can be told to draw from it."""
        return self._generators[torch.device("cpu")]

    @property
    def states(self) -> dict[torch.device, torch.Tensor]:
        """The state of each generator; what is put here is taken up."""
        return {device: own.get_state() for device, own in self._generators.items()}

    @states.setter
    def states(self, states: dict[torch.device, torch.Tensor]) -> None:
        for device, state in states.items():
            self._generators[device].set_state(state)
        self._draws = True

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Inside, PyTorch draws from them, in this thread.

        If it drew nothing inside, it is not watched again: that costs LeNet a twelfth of its time.
        """
        if self.compiled:
            with self._exchanged():
                yield
        elif self._draws:
            with _Drawing(self) as watched:
                yield
            self._draws = watched.drawn
        else:
            yield

    @contextmanager
    def _exchanged(self) -> Iterator[None]:
        """Inside, the global state is that of these generators."""
        with self._exchange:
            before = {device: _get_state(device) for device in self._generators}
            _set_states(self.states)
            try:
                yield
            finally:
                self.states = {device: _get_state(device) for device in before}
                _set_states(before)


class _Drawing(TorchDispatchMode):
    """Sees every operation of this thread; those that draw get a generator of `own`."""

    def __init__(self, own: OwnRandomNumbers) -> None:
        super().__init__()
        self.own, self.drawn = own, False

    def __torch_dispatch__(
        self, operation: object, types: object, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        kwargs = kwargs or {}
        if torch.Tag.nondeterministic_seeded not in operation.tags:
            return operation(*args, **kwargs)
        self.drawn = True
        if not any(argument.name == "generator" for argument in operation._schema.arguments):
            with self.own._exchanged():  # for this operation alone
                return operation(*args, **kwargs)
        if kwargs.get("generator") is None:  # else the network has chosen one itself
            given = (value.device for value in args if isinstance(value, torch.Tensor))
            device = torch.device(next(given, kwargs.get("device") or "cpu"))
            kwargs = kwargs | {"generator": self._on(device)}
        return operation(*args, **kwargs)

    def _on(self, device: torch.device) -> torch.Generator:
        return next(g for d, g in self.own._generators.items() if d.type == device.type)


def _get_state(device: torch.device) -> torch.Tensor:
    if device.type == "cpu":
        return torch.get_rng_state()
    return torch.cuda.get_rng_state(device) if device.type == "cuda" else torch.mps.get_rng_state()


def _set_states(states: dict[torch.device, torch.Tensor]) -> None:
    for device, state in states.items():
        if device.type == "cpu":
            torch.set_rng_state(state)
        elif device.type == "cuda":
            torch.cuda.set_rng_state(state, device)
        else:
            torch.mps.set_rng_state(state)

"""Where and how exactly to compute: the processors of this machine, and what each is fast at."""

import copy
import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from .errors import CourseError

BFLOAT16_PAYS = 1.5  # times as fast, or it is not worth its fewer digits

_measured: dict[tuple, str] = {}


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


def device_of(network: nn.Module) -> torch.device:
    """Where the weights of `network` are; the processor if it has none."""
    return next((tensor.device for tensor in network.parameters()), torch.device("cpu"))


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """A context in which layers compute in `precision`, "float32" or "bfloat16".

    bfloat16 has the range of float32 and 8 of its 24 binary digits. The weights stay float32, and
    so does whatever adds up many numbers.
    """
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")


def faster_precision(network: nn.Module, X: torch.Tensor) -> str:
    """ "bfloat16" if training steps on `X` `(N, C, H, W)` are clearly faster with it here.

    Measured with a copy of the network, once for each kind of network and batch in a process. On
    a machine that is busy with other things the next process may choose otherwise.
    """
    key = (X.device, torch.get_num_threads(), X.shape, repr(network))
    if key not in _measured:
        seconds = measure(copy.deepcopy(network).train(), X)
        pays = seconds["float32"] > BFLOAT16_PAYS * seconds["bfloat16"]
        _measured[key] = "bfloat16" if pays else "float32"
    return _measured[key]


def measure(network: nn.Module, X: torch.Tensor, patience: float = 0.5) -> dict[str, float]:
    """Seconds of a training step in each precision, by trying for `patience` seconds.

    The shortest of at least three, taken in turns: what else the machine does can only lengthen
    a step. The gradients stay in `network`.
    """
    times: dict[str, list[float]] = {"float32": [], "bfloat16": []}
    end = time.perf_counter() + patience
    with OwnRandomNumbers(0, X.device).in_use():
        for precision in times:
            _seconds(network, X, precision)  # the first step makes preparations
        while len(times["bfloat16"]) < 3 or time.perf_counter() < end:
            for precision, found in times.items():
                found.append(_seconds(network, X, precision))
    return {precision: min(found) for precision, found in times.items()}


def _seconds(network: nn.Module, X: torch.Tensor, precision: str) -> float:
    start = time.perf_counter()
    with autocast(X.device, precision):
        Y_hat = network(X)
    Y_hat.float().logsumexp(1).mean().backward()
    getattr(torch, X.device.type).synchronize()
    return time.perf_counter() - start


class OwnRandomNumbers:
    """The random numbers that a network draws itself, as Dropout does: from a state of their own.

    The global random state, which they would come from, stays as it was. What one training draws
    then depends neither on other cells nor on another training beside it.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        where = {torch.device("cpu"), device}  # some layers draw on the processor anyway
        self.states = {d: torch.Generator(d).manual_seed(seed).get_state() for d in where}

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Inside, PyTorch draws from this state."""
        before = {device: _get_state(device) for device in self.states}
        _set_states(self.states)
        try:
            yield
        finally:
            self.states = {device: _get_state(device) for device in self.states}
            _set_states(before)


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

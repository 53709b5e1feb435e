"""Where and how exactly to compute: devices, precisions and random numbers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from ..errors import CourseError

DEEP = 8  # layers with weights, as AlexNet has: from here on bfloat16 is clearly faster


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


# --- precision -----------------------------------------------------------------------------------


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """A context in which layers compute in `precision`, "float32" or "bfloat16".

    bfloat16 has the range of float32 and 8 of its 24 binary digits. The weights stay float32, and
    so does whatever adds up many numbers.
    """
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")


def usual_precision(network: nn.Module, device: torch.device) -> str:
    """ "bfloat16" if `device` has it in hardware and `network` is deep; otherwise "float32".

    Deep is a network with `DEEP` convolutional and fully connected layers or more. In smaller
    ones the conversions take longer than the faster products save.
    """
    weighted = sum(isinstance(m, nn.Conv2d | nn.Linear) for m in network.modules())
    return "bfloat16" if weighted >= DEEP and has_bfloat16(device) else "float32"


def has_bfloat16(device: torch.device) -> bool:
    """Whether `device` multiplies bfloat16 numbers in hardware."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    processor: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()  # not in torch 2.9
    return bool(processor.get("amx_bf16") or processor.get("avx512_bf16"))


# --- random numbers ------------------------------------------------------------------------------


def step_seed(seed: int, step: int) -> int:
    """The seed of all that is drawn in one step of a training with `seed`, steps from 0."""
    return (seed * 1_000_003 + step) % 2**62


class RandomNumbers:
    """Seeds what a network draws in a forward pass, as Dropout does, by the number of the step.

    So a training that is resumed draws what it would have drawn. PyTorch's global random state is
    put back after the pass, and other cells draw what they would without the training. Only a
    cell that draws in another thread during the pass is disturbed, and only if the network draws:
    one that draws nothing in its first step is left alone from then on.
    """

    _turn = threading.Lock()  # there is one global state: two trainings take turns

    def __init__(self, seed: int, device: torch.device) -> None:
        self.seed, self.device, self.draws = seed, device, True

    @contextmanager
    def of_step(self, step: int) -> Iterator[None]:
        """Inside, PyTorch draws the numbers of this step."""
        if not self.draws:
            yield
            return
        with self._turn:
            before = _random_states(self.device)
            torch.manual_seed(step_seed(self.seed, step))
            seeded = _random_states(self.device)
            try:
                yield
            finally:
                pairs = zip(seeded, _random_states(self.device), strict=True)
                self.draws = not all(torch.equal(*pair) for pair in pairs)
                _restore(before, self.device)


def _random_states(device: torch.device) -> list[torch.Tensor]:
    """Of the processor and, if it is another, of `device`."""
    if device.type == "cpu":
        return [torch.get_rng_state()]
    return [torch.get_rng_state(), torch.get_device_module(device).get_rng_state()]


def _restore(states: list[torch.Tensor], device: torch.device) -> None:
    torch.set_rng_state(states[0])
    if device.type != "cpu":
        torch.get_device_module(device).set_rng_state(states[1])

"""What makes training steps faster, each used only where a measurement here says that it pays.

bfloat16, which computes with fewer digits, and torch.compile, which builds code for the network.
"""

import copy
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import nn

from ..errors import CourseError
from .devices import OwnRandomNumbers, autocast

# Times as fast, or it is not worth its fewer digits. Far from what was measured on two cores, so
# that a busy moment does not decide: LeNet 0.8 to 1.1, AlexNet 1.5 to 1.8, VGG16 1.6 to 2.0.
BFLOAT16_PAYS = 1.3
# The same for torch.compile. Two cores: 0.8 to 1.0 times as fast; built in about half a minute.
COMPILE_PAYS = 1.1
# Seconds of training still to come, or it is not even tried: on two cores that takes a minute.
WORTH_TRYING = 1200.0

_measured: dict[tuple, str] = {}


def faster_precision(network: nn.Module, X: torch.Tensor) -> str:
    """ "bfloat16" if training steps on `X` `(N, C, H, W)` are clearly faster with it here.

    Measured with a copy of the network, once for each kind of network and batch in a process. On
    a machine that is busy with other things the next process may choose otherwise.
    """
    key = (X.device, torch.get_num_threads(), X.shape, repr(network))
    if key not in _measured:
        trial, precisions = copy.deepcopy(network).train(), ("float32", "bfloat16")
        with OwnRandomNumbers(0, X.device).in_use():
            seconds = shortest({p: partial(step_seconds, trial, X, p) for p in precisions})
        pays = seconds["float32"] > BFLOAT16_PAYS * seconds["bfloat16"]
        _measured[key] = "bfloat16" if pays else "float32"
    return _measured[key]


def compile_pays(
    network: nn.Module, X: torch.Tensor, seconds: float, sizes: int, precision: str
) -> bool:
    """Whether `seconds` of training on batches as `X` `(N, C, H, W)` clearly shrink if compiled.

    Measured with a copy of the network, and told in a line; if there are fewer than
    `WORTH_TRYING` seconds it is not tried. To build the code counts too, for each of `sizes`
    sizes of a batch. Where it cannot be built, it does not pay.
    """
    if seconds < WORTH_TRYING:
        return False
    plain = copy.deepcopy(network).train()
    try:
        built = compiled(copy.deepcopy(plain))
        with OwnRandomNumbers(0, X.device, compiled=True).in_use():
            building = step_seconds(built, X, precision)
            ways = {"plain": plain, "built": built}
            step = shortest({w: partial(step_seconds, n, X, precision) for w, n in ways.items()})
    except CourseError as why:
        print(f"Not compiled. {why}")
        return False
    saved = seconds * (1 - step["built"] / step["plain"])
    pays = step["plain"] > COMPILE_PAYS * step["built"] and saved > sizes * building
    print(
        f"{'Compiled' if pays else 'Not compiled'}: a step takes {step['built']:.3g} s with "
        f"torch.compile, {step['plain']:.3g} s without; to build the code took {building:.0f} s."
    )
    return pays


def compiled(network: nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
    """`network` with code that torch.compile builds for it at the first batch of each size.

    The code for a size does not depend on sizes that came before: so a training that is resumed
    has the same as one that was never stopped. Raises `CourseError` if it cannot be built.
    """
    try:
        torch.compiler.reset()  # nor on networks that came before: there is a limit to all code
        built = torch.compile(network, dynamic=False)
    except RuntimeError as error:
        raise _cannot(error) from None

    def forward(X: torch.Tensor) -> torch.Tensor:
        try:
            return built(X)
        except torch._dynamo.exc.TorchDynamoException as error:
            raise _cannot(error) from None

    return forward


def _cannot(error: Exception) -> CourseError:
    reason = f"{error}".strip().partition("\n")[0].rstrip(".")
    return CourseError(
        f"torch.compile cannot build code for this network here: {reason}. On the processor it "
        "needs a C++ compiler and the headers of Python (on Debian and Ubuntu: sudo apt install "
        "g++ python3-dev). With compile=False the training goes without."
    )


def shortest(ways: dict[str, Callable[[], float]], patience: float = 0.5) -> dict[str, float]:
    """The fewest seconds that each of `ways` takes and tells, tried for `patience` seconds.

    At least three times each, in turns, after once that does not count, since it makes
    preparations: what else the machine does can only lengthen a step.
    """
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    end = time.perf_counter() + patience
    while min(map(len, times.values())) < 3 or time.perf_counter() < end:
        for name, way in ways.items():
            times[name].append(way())
    return {name: min(found) for name, found in times.items()}


def step_seconds(
    network: Callable[[torch.Tensor], torch.Tensor], X: torch.Tensor, precision: str
) -> float:
    """How long a forward and a backward pass take. The gradients stay in `network`."""
    start = time.perf_counter()
    with autocast(X.device, precision):
        Y_hat = network(X)
    Y_hat.float().logsumexp(1).mean().backward()
    getattr(torch, X.device.type).synchronize()
    return time.perf_counter() - start

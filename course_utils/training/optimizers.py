"""How gradients become a step: SGD, and Muon for the kernels of a deep network."""

from typing import Any

import torch
from torch import nn
from torch.optim import SGD

MUON_MOMENTUM = 0.6
ROUNDS = 3  # of `orthogonal`; singular values then lie between 0.3 and 1.2, mostly near 1
COEFFICIENTS = 3.4445, -4.7750, 2.0315  # of Jordan (2024): from small to 1 in few rounds

OPTIMIZERS = {
    "sgd": "SGD, Nesterov momentum 0.9, one cycle",
    "muon": f"Muon, Nesterov momentum {MUON_MOMENTUM}, for the kernels of convolutions; "
    "SGD, Nesterov momentum 0.9, for all other weights; one cycle",
}


def make_optimizer(
    name: str,
    network: nn.Module,
    learning_rate: float,
    weight_decay: float,
    dtype: torch.dtype = torch.float32,
) -> SGD:
    """The optimizer `name` of OPTIMIZERS for all weights of `network` that are not frozen.

    dtype: in which Muon computes its matrices; bfloat16 where that is faster.
    """
    learning = [p for p in network.parameters() if p.requires_grad]
    if name == "sgd":
        return SGD(learning, learning_rate, 0.9, weight_decay=weight_decay, nesterov=True)
    convolutions = (m for m in network.modules() if isinstance(m, nn.Conv2d))
    kernels: list[torch.Tensor] = [c.weight for c in convolutions if c.weight.requires_grad]
    return Muon(learning, kernels, learning_rate, weight_decay, dtype)


class Muon(SGD):
    """Moves the kernels of each convolution equally far in all directions; the rest as SGD does.

    The gradient of a layer, as a matrix with a row for each kernel, is large in few directions
    and small in most. `orthogonal` makes all equally large, so that the rare ones are learned
    as well. Jordan: "Muon: an optimizer for hidden layers in neural networks" (2024).
    A step turns the kernels of a layer by `lr`, a share of their length, and leaves the length
    as it was. So it is for networks with BatchNorm, to which that length makes no difference.

    kernels: those of `params` that are moved so, `(out, in, h, w)` each.
    dtype: in which `orthogonal` computes.
    """

    def __init__(
        self,
        params: list[nn.Parameter],
        kernels: list[torch.Tensor],
        lr: float,
        weight_decay: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(params, lr, 0.9, weight_decay=weight_decay, nesterov=True)
        self.kernels, self.dtype = kernels, dtype

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """One step, as the gradients say. Afterwards the kernels have no gradient any more."""
        for weight in self.kernels:
            if weight.grad is not None:
                self._turn(weight, weight.grad, self.param_groups[0]["lr"])
                weight.grad = None  # SGD leaves alone what has no gradient
        return super().step(closure)

    def _turn(self, weight: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        state = self.state[weight]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(weight)
        momentum = state["momentum_buffer"].mul_(MUON_MOMENTUM).add_(gradient)
        ahead = gradient.add(momentum, alpha=MUON_MOMENTUM)  # Nesterov's
        rows = ahead.permute(0, 2, 3, 1).flatten(1)  # no copy in channels-last order
        turned = orthogonal(rows.to(self.dtype)).float()
        out, channels, height, width = weight.shape
        direction = turned.view(out, height, width, channels).permute(0, 3, 1, 2)
        length = weight.norm()
        weight.sub_(direction * (rate * length / (direction.norm() + 1e-7)))
        weight.mul_(length / weight.norm())


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """The matrix `(m, n)` with the same singular vectors and all singular values near 1.

    By products of matrices alone (Newton and Schulz): each round replaces every singular value
    s by a·s + b·s³ + c·s⁵.
    """
    a, b, c = COEFFICIENTS
    X: torch.Tensor = matrix / (matrix.norm() + 1e-7)
    if len(X) > X.shape[1]:
        X = X.T
    for _ in range(ROUNDS):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X.T if X.shape != matrix.shape else X

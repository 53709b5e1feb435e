"""How the weights that the course ships were trained, as one can do it again.

    COURSE_CIFAR10=… python -m course_utils.recipes lenet

trains on CIFAR-10 and writes data/weights/lenet-cifar10.safetensors with its card beside it. The
test pictures are looked at once, at the end.
"""

import json
import platform
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import save_file

from .cifar10 import Cifar10, load_cifar10
from .downloads import file_digest
from .errors import CourseError, nearest
from .training import evaluate, fit, hold_out
from .weights import SHIPPED, load_network

RECIPES = {
    "lenet": {
        "epochs": 20,
        "batch_size": 64,
        "learning_rate": 0.03,
        "weight_decay": 5e-4,
        "augment": True,
        "seed": 0,
    }
}
VALIDATION = 5_000
JPEG_COPY = "sha256 83a1f35b"  # all pictures as JPEG of quality 75, in the official layout


def train_shipped(name: str, folder: Path = SHIPPED) -> dict:
    """Train `name` by its recipe; write weights and card to `folder`; return the card."""
    if name not in RECIPES:
        raise CourseError(f"There is no recipe for {name!r}.{nearest(name, RECIPES)}")
    data, test = load_cifar10("train"), load_cifar10("test")
    if data.source == "standin":
        raise CourseError(
            "Weights to be shipped need the real pictures: name a copy of CIFAR-10 in "
            "COURSE_CIFAR10, or run `make weights` with a network connection."
        )
    recipe = RECIPES[name]
    train, validation = hold_out(data, VALIDATION, seed=recipe["seed"])
    network = load_network(name, weights=None, seed=recipe["seed"])
    network.to(memory_format=torch.channels_last)
    start = time.perf_counter()
    history = fit(network, train, validation, callbacks=[print], **recipe)
    seconds = time.perf_counter() - start

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-cifar10.safetensors"
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, path)
    card = {
        "network": f"{network.info.title}, {sum(p.numel() for p in network.parameters())} "
        "parameters, for colour pictures of 32 × 32",
        "data": _describe(data),
        "recipe": recipe | {"optimizer": "SGD, Nesterov momentum 0.9, one cycle"},
        "validation_pictures": VALIDATION,
        "validation_accuracy": round(history[-1].validation_accuracy, 4),
        "test_accuracy": round(evaluate(network, test).accuracy, 4),
        "runs": 1,
        "seconds": round(seconds),
        "machine": f"{torch.get_num_threads()} threads, {platform.machine()}, no GPU, "
        f"torch {torch.__version__.partition('+')[0]}",
        "command": f"python -m course_utils.recipes {name}",
        "sha256": file_digest(path),
    }
    path.with_suffix(".json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    return card


def _describe(data: Cifar10) -> str:
    """A copy is not the original: an accuracy on it goes by the name of that copy."""
    if data.source == "official":
        return "CIFAR-10"
    return f"{'CIFAR-10, JPEG copy' if JPEG_COPY in data.title else 'a copy'} ({data.title})"


if __name__ == "__main__":
    try:
        print(json.dumps(train_shipped(*sys.argv[1:2] or ["lenet"]), indent=1))
    except CourseError as error:
        sys.exit(str(error))

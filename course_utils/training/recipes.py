"""How the weights that the course ships were trained, as one can do it again.

    COURSE_CIFAR10=… python -m course_utils.training.recipes lenet

which is `make train-lenet`, trains on CIFAR-10 and writes to data/weights the weights
(lenet-cifar10.safetensors), their card (.json) and the learning curve (.csv). It can be stopped
and goes on where it was. The test images are looked at once, at the end.
"""

import json
import platform
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

from ..datasets import Cifar10, load_cifar10
from ..errors import CourseError, nearest
from ..networks import SHIPPED, info, load_network
from ..storage import file_digest, writable_folder
from .evaluation import evaluate, hold_out
from .fitting import fit
from .history import History
from .optimizers import OPTIMIZERS

# For networks with BatchNorm. Parts of images first: an epoch of VGG16 on 20 × 20 pixels costs
# half of one on 32 × 32, one on 28 × 28 two thirds (pooling rounds down: its last block sees 1 × 1
# in place of 2 × 2).
DEEP = {
    "epochs": 34,
    "batch_size": 512,
    "learning_rate": 0.1,
    "optimizer": "muon",
    "label_smoothing": 0.1,
    "sides": (20,) * 6 + (28,) * 18 + (32,) * 10,
    "cutout": 8,
    "precision": "bfloat16",
}
RECIPES: dict[str, dict[str, Any]] = {
    "lenet": {
        "epochs": 30,
        "batch_size": 64,
        "learning_rate": 0.05,
        "augment": 2,  # so small a network cannot learn more variety than this
        "precision": "float32",
    },
    "alexnet": DEEP,
    # Four epochs of whole images do what ten did (90.2 %, 90.0 %; one run each), in less time.
    "vgg16": DEEP | {"sides": (20,) * 6 + (28,) * 24 + (32,) * 4},
}
ALSO = {"vgg": "vgg16"}  # what people say; the card's command has this name
SEED = 0
VALIDATION = 2_500
JPEG_COPY = "sha256 83a1f35b"  # all images as JPEG of quality 75, in the official layout


def train_shipped(name: str, folder: Path = SHIPPED) -> dict[str, Any]:
    """Train `name` by its recipe; write weights, card and curve to `folder`; return the card."""
    name = ALSO.get(name, name)
    if name not in RECIPES:
        raise CourseError(f"There is no recipe for {name!r}.{nearest(name, [*RECIPES, *ALSO])}")
    data = load_cifar10("train")
    if data.source == "stand-in":
        raise CourseError(
            "Weights to be shipped need the real images: name a copy of CIFAR-10 in "
            "COURSE_CIFAR10, or run `make weights` with a network connection."
        )
    train, validation = hold_out(data, VALIDATION, seed=SEED)
    network = load_network(name, weights=None, dataset="cifar10", seed=SEED)
    checkpoints = writable_folder() / "training" / name
    history = fit(
        network,
        train,
        validation,
        seed=SEED,
        callbacks=[lambda epoch: print(epoch, flush=True)],
        checkpoints=checkpoints,
        **RECIPES[name],
    )
    if len(history) < RECIPES[name]["epochs"]:
        raise CourseError(f"The training was stopped; the same command goes on: see {checkpoints}.")
    return write_shipped(name, network, history, folder)


def write_shipped(
    name: str, network: nn.Module, history: History, folder: Path = SHIPPED, threads: int = 0
) -> dict[str, Any]:
    """Write weights as float16, curve and card of a trained network to `folder`.

    Every accuracy on the card is one of the weights as they are in the file.
    threads: of the training, if they were not those of this process.
    """
    state = {key: _half(value).contiguous() for key, value in network.state_dict().items()}
    network.load_state_dict({key: value.float() for key, value in state.items()})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-cifar10.safetensors"
    save_file(state, path)
    history.to_csv(path.with_suffix(".csv"))
    threads = threads or torch.get_num_threads()
    facts = _about(name, network) | {
        "runs": 1,
        "seconds": round(history.seconds),
        "machine": f"{threads} threads, {platform.machine()}, no GPU, "
        f"torch {torch.__version__.partition('+')[0]}",
        "command": f"make train-{_spoken(name)}",
        "learning_curve": path.with_suffix(".csv").name,
        "sha256": file_digest(path),
    }
    path.with_suffix(".json").write_text(written(facts), encoding="utf-8")
    return facts


def _about(name: str, network: nn.Module) -> dict[str, Any]:
    """What the card says of data, recipe and accuracies."""
    data, test = load_cifar10("train"), load_cifar10("test")
    validation = hold_out(data, VALIDATION, seed=SEED)[1]
    count = sum(p.numel() for p in network.parameters())
    facts: dict[str, Any] = {
        "network": f"{info(network).title}, {count} parameters, for colour images of 32 × 32",
        "data": _describe(data),
        "recipe": RECIPES[name] | {"steps": OPTIMIZERS[RECIPES[name].get("optimizer", "sgd")]},
        "seed": SEED,
        "training_images": len(data) - VALIDATION,
        "validation_images": VALIDATION,
    }
    for part, images in (("validation", validation), ("test", test)):
        result, flipped = evaluate(network, images), evaluate(network, images, flip=True)
        facts[f"{part}_accuracy"] = round(result.accuracy, 4)
        facts[f"{part}_accuracy_flip_averaged"] = round(flipped.accuracy, 4)
    return facts | {"classes": list(data.classes), "confusion": result.confusion().tolist()}


def card(name: str, folder: Path = SHIPPED) -> dict[str, Any]:
    """What is known of the weights of a network that the course ships: its card.

    It has the keys that `write_shipped` gives it, and "history", the learning curve.
    Raises `CourseError` if there are no such weights.
    """
    name = ALSO.get(name, name)
    path = folder / f"{name}-cifar10.json"
    if name not in RECIPES or not path.is_file():
        raise CourseError(
            f"The course ships no weights of {name!r} for CIFAR-10.{nearest(name, RECIPES)}"
        )
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return facts | {"history": History.from_csv(path.with_name(facts["learning_curve"]))}


def _spoken(name: str) -> str:
    """The name of a network in the command that trains it: "vgg" for "vgg16"."""
    return next((also for also, known in ALSO.items() if known == name), name)


def _half(tensor: torch.Tensor) -> torch.Tensor:
    """As float16: half the size, and no accuracy lost (the card says which there is)."""
    return tensor.half() if tensor.is_floating_point() else tensor


def written(card: dict[str, Any]) -> str:
    """JSON with a line for each entry, and for each row of the confusion matrix."""
    rows = ",\n  ".join(json.dumps(row) for row in card["confusion"])
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in card.items()}
    texts["confusion"] = f"[\n  {rows}\n ]"
    return "{\n" + ",\n".join(f' "{key}": {text}' for key, text in texts.items()) + "\n}\n"


def _describe(data: Cifar10) -> str:
    """A copy is not the original: an accuracy on it goes by the name of that copy."""
    if data.source == "official":
        return "CIFAR-10"
    return f"{'CIFAR-10, JPEG copy' if JPEG_COPY in data.title else 'a copy'} ({data.title})"


def main(names: list[str]) -> None:
    """Train each network of `names`, and print its card."""
    for name in names or ["lenet"]:
        print(json.dumps(train_shipped(name), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CourseError as error:
        sys.exit(str(error))

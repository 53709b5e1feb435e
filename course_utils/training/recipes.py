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

from ..datasets import ImageDataset, load_cifar10
from ..errors import CourseError, demand, nearest
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
    demand(
        name in RECIPES,
        f"There is no recipe for {name!r}.{nearest(name, [*RECIPES, *ALSO])}",
    )
    data = load_cifar10("train")
    demand(
        data.source != "stand-in",
        "Weights to be shipped need the real images: name a copy of CIFAR-10 in "
        "COURSE_CIFAR10, or run `make weights` with a network connection.",
    )
    parts = hold_out(data, VALIDATION, seed=SEED)
    network = load_network(name, weights=None, dataset="cifar10", seed=SEED)
    kept = writable_folder() / "training" / name
    show = [lambda epoch: print(epoch, flush=True)]
    history = fit(network, *parts, seed=SEED, callbacks=show, checkpoints=kept, **RECIPES[name])
    demand(
        len(history) == RECIPES[name]["epochs"],
        f"The training was stopped; the same command goes on: see {kept}.",
    )
    return write_shipped(name, network, history, folder)


def write_shipped(name: str, network: nn.Module, history: History, folder: Path) -> dict[str, Any]:
    """Write weights as float16, curve and card of a trained network to `folder`.

    float16 is half the size; every accuracy on the card is one of the weights as they are in the
    file.
    """
    state = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in network.state_dict().items()
    }
    network.load_state_dict(state)
    path = folder / f"{name}-cifar10.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(state, path)
    curve = history.to_csv(path.with_suffix(".csv"))
    spoken = next((also for also, known in ALSO.items() if known == name), name)
    facts = _about(name, network) | {
        "runs": 1,
        "seconds": round(history.seconds),
        "machine": f"{torch.get_num_threads()} threads, {platform.machine()}, no GPU, "
        f"torch {torch.__version__.partition('+')[0]}",
        "command": f"make train-{spoken}",
        "learning_curve": curve.name,
        "sha256": file_digest(path),
    }
    path.with_suffix(".json").write_text(_written(facts), encoding="utf-8")
    return facts


def _about(name: str, network: nn.Module) -> dict[str, Any]:
    """What the card says of data, recipe and accuracies."""
    data, test = load_cifar10("train"), load_cifar10("test")
    train, validation = hold_out(data, VALIDATION, seed=SEED)
    count = sum(p.numel() for p in network.parameters())
    facts: dict[str, Any] = {
        "network": f"{info(network).title}, {count} parameters, for colour images of 32 × 32",
        "data": _describe(data),
        "recipe": RECIPES[name] | {"steps": OPTIMIZERS[RECIPES[name].get("optimizer", "sgd")]},
        "seed": SEED,
        "training_images": len(train),
        "validation_images": len(validation),
    }
    for part, images in (("validation", validation), ("test", test)):
        result, flipped = evaluate(network, images), evaluate(network, images, flip=True)
        facts[f"{part}_accuracy"] = round(result.accuracy, 4)
        facts[f"{part}_accuracy_flip_averaged"] = round(flipped.accuracy, 4)
    return facts | {"classes": list(data.classes), "confusion": result.confusion().tolist()}


def _describe(data: ImageDataset) -> str:
    """A copy is not the original: an accuracy on it goes by the name of that copy."""
    if data.source == "official":
        return "CIFAR-10"
    return f"{'CIFAR-10, JPEG copy' if JPEG_COPY in data.title else 'a copy'} ({data.title})"


def _written(card: dict[str, Any]) -> str:
    """JSON with a line for each entry, and for each row of the confusion matrix."""
    rows = ",\n  ".join(json.dumps(row) for row in card["confusion"])
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in card.items()}
    texts["confusion"] = f"[\n  {rows}\n ]"
    return "{\n" + ",\n".join(f' "{key}": {text}' for key, text in texts.items()) + "\n}\n"


def card(name: str, folder: Path = SHIPPED) -> dict[str, Any]:
    """What is known of the weights of a network that the course ships: its card.

    It has the keys that `write_shipped` gives it, and "history", the learning curve.
    Raises `CourseError` if there are no such weights.
    """
    name = ALSO.get(name, name)
    path = folder / f"{name}-cifar10.json"
    demand(
        name in RECIPES and path.is_file(),
        f"The course ships no weights of {name!r} for CIFAR-10.{nearest(name, RECIPES)}",
    )
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return facts | {"history": History.from_csv(path.with_name(facts["learning_curve"]))}


if __name__ == "__main__":
    try:
        for network in sys.argv[1:] or ["lenet"]:
            print(_written(train_shipped(network)), end="")
    except CourseError as error:
        sys.exit(str(error))

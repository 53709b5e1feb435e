"""How the weights that the course ships were trained, as one can do it again.

    python -m course_utils.training.recipes lenet-digits

which is `make train-lenet-digits`, trains LeNet on MNIST's digits and writes to data/weights the
weights (lenet-digits.safetensors), their card (.json) and the learning curve (.csv). It can be
stopped and goes on where it was. The test images are looked at once, at the end.
`make train-equal` trains the three networks for CIFAR-10 by one recipe.
"""

import json
import platform
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn

from ..datasets import LOADERS, ImageDataset
from ..errors import CourseError, demand, nearest
from ..networks import SHIPPED, info, load_network
from ..storage import file_digest, writable_folder
from .evaluation import Evaluation, evaluate, hold_out
from .fitting import fit
from .history import History
from .optimizers import OPTIMIZERS

# For networks with BatchNorm. Parts of images first: an epoch of VGG16 on 20 × 20 pixels costs
# half of one on 32 × 32, one on 28 × 28 two thirds (pooling rounds down: its last block sees 1 × 1
# in place of 2 × 2). On 5,000 validation images a rate of 0.06 did as well as 0.1, and VGG16
# without cutout worse (93.0 for 93.9 %; one run each).
DEEP = {
    "batch_size": 512,
    "learning_rate": 0.1,
    "optimizer": "muon",
    "label_smoothing": 0.1,
    "cutout": 8,
    "precision": "bfloat16",
}
SMALL = {"batch_size": 64, "learning_rate": 0.05, "precision": "float32"}
RECIPES: dict[str, dict[str, Any]] = {  # by the names of the files, NETWORK-DATASET
    "lenet-digits": SMALL | {"epochs": 12},
    "lenet_1998-digits": SMALL | {"epochs": 12, "learning_rate": 0.004},
    # A network as small as LeNet cannot learn more variety than shifts of two pixels.
    "lenet-cifar10": {
        "epochs": 38,
        "batch_size": 128,
        "learning_rate": 0.04,
        "weight_decay": 2e-3,
        "augment": 2,
        "precision": "bfloat16",
    },
    "alexnet-cifar10": DEEP | {"epochs": 42, "sides": (20,) * 8 + (28,) * 30 + (32,) * 4},
    "vgg16-cifar10": DEEP | {"epochs": 35, "sides": (20,) * 6 + (28,) * 26 + (32,) * 3},
}
# One for all three networks: what differs between their results is the network.
EQUAL: dict[str, Any] = {"epochs": 3, "batch_size": 128, "learning_rate": 0.02}
COMPARED = ("lenet-cifar10", "alexnet-cifar10", "vgg16-cifar10")
ALSO = {"vgg": "vgg16"}  # what people say; the card's command has this name
SEED = 0
VALIDATION = 2_500


def recipe_name(name: str, dataset: str | None = None) -> str:
    """The key of RECIPES for a network: "lenet-digits" for "lenet", its first data set.

    Raises `CourseError` if there is none.
    """
    network = ALSO.get(name, name)
    known = [key for key in RECIPES if key == name or key.partition("-")[0] == network]
    found = [key for key in known if dataset is None or key.endswith(f"-{dataset}")]
    names = [*ALSO, *(key.partition("-")[0] for key in RECIPES)]
    wanted = f"{name!r} for {dataset!r}" if dataset else repr(name)
    demand(bool(found), f"The course ships no weights of {wanted}.{nearest(name, names)}")
    return found[0]


def train_shipped(name: str, folder: Path = SHIPPED) -> dict[str, Any]:
    """Train `name` by its recipe; write weights, card and curve to `folder`; return the card.

    name: of a network, or a key of RECIPES.
    """
    key = recipe_name(name)
    network, history = _trained(key, RECIPES[key], writable_folder() / "training" / key)
    return write_shipped(key, network, history, folder)


def train_equal(folder: Path = SHIPPED) -> dict[str, Any]:
    """Train the three networks for CIFAR-10 by one recipe; write and return what became of them.

    The weights are not kept.
    """
    results: dict[str, Any] = {}
    for key in COMPARED:
        kept = writable_folder() / "training" / f"{key}-equal"
        network, _ = _trained(key, EQUAL, kept)
        results[key], _ = _accuracies(key, network)
        facts = {"recipe": EQUAL, "seed": SEED, "runs": 1, "machine": _machine(), **results}
        (folder / "equal-cifar10.json").write_text(_written(facts), encoding="utf-8")
    return facts


def _trained(key: str, recipe: dict[str, Any], kept: Path) -> tuple[nn.Module, History]:
    """A network trained by `recipe`; its checkpoints lie in `kept`, to go on from."""
    name, _, dataset = key.partition("-")
    parts = hold_out(_real(dataset, "train"), VALIDATION, seed=SEED)
    network = load_network(name, weights=None, dataset=dataset, seed=SEED)
    show = [lambda epoch: print(epoch, flush=True)]
    history = fit(network, *parts, seed=SEED, callbacks=show, checkpoints=kept, **recipe)
    demand(
        len(history) == recipe["epochs"],
        f"The training was stopped; the same command goes on: see {kept}.",
    )
    return network, history


def _real(dataset: str, split: str) -> ImageDataset:
    data = LOADERS[dataset](split)
    demand(
        data.source != "stand-in",
        "Weights to be shipped need the real images: name a copy of CIFAR-10 in "
        "COURSE_CIFAR10, or run `make weights` with a network connection.",
    )
    return data


def write_shipped(key: str, network: nn.Module, history: History, folder: Path) -> dict[str, Any]:
    """Write weights as float16, curve and card of a trained network to `folder`.

    float16 is half the size; every accuracy on the card is one of the weights as they are in the
    file.
    """
    state = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    network.load_state_dict(state)
    path = folder / f"{key}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(state, path)
    curve = history.to_csv(path.with_suffix(".csv"))
    facts = _about(key, network) | {
        "runs": 1,
        "seconds": round(history.seconds),
        "machine": _machine(),
        "command": f"make train-{key}",
        "learning_curve": curve.name,
        "sha256": file_digest(path),
    }
    path.with_suffix(".json").write_text(_written(facts), encoding="utf-8")
    return facts


def _machine() -> str:
    version = torch.__version__.partition("+")[0]
    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()}, torch {version}"
    return f"{torch.get_num_threads()} threads, {platform.machine()}, no GPU, torch {version}"


def _about(key: str, network: nn.Module) -> dict[str, Any]:
    """What the card says of data, recipe and accuracies."""
    data, recipe = _real(key.partition("-")[2], "train"), RECIPES[key]
    accuracies, test = _accuracies(key, network)
    count = sum(p.numel() for p in network.parameters())
    side = info(network).preprocessing.crop
    return {
        "network": f"{info(network).title}, {count} parameters, for images of {side} × {side}",
        "data": data.title,
        "recipe": recipe | {"steps": OPTIMIZERS[recipe.get("optimizer", "sgd")]},
        "seed": SEED,
        "training_images": len(data) - VALIDATION,
        "validation_images": VALIDATION,
        **accuracies,
        "classes": list(data.classes),
        "confusion": test.confusion().tolist(),
    }


def _accuracies(key: str, network: nn.Module) -> tuple[dict[str, float], Evaluation]:
    """On validation and test images; for colour images averaged with their mirror images too.

    And what the network says of the test images.
    """
    dataset = key.partition("-")[2]
    _, validation = hold_out(_real(dataset, "train"), VALIDATION, seed=SEED)
    facts = {}
    for part, images in (("validation", validation), ("test", _real(dataset, "test"))):
        result = evaluate(network, images)
        facts[f"{part}_accuracy"] = round(result.accuracy, 4)
        if dataset == "cifar10":  # a mirrored digit is another sign
            flipped = evaluate(network, images, flip=True)
            facts[f"{part}_accuracy_flip_averaged"] = round(flipped.accuracy, 4)
    return facts, result


def _written(card: dict[str, Any]) -> str:
    """JSON with a line for each entry, and for each row of the confusion matrix."""
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in card.items()}
    if "confusion" in card:
        rows = ",\n  ".join(json.dumps(row) for row in card["confusion"])
        texts["confusion"] = f"[\n  {rows}\n ]"
    return "{\n" + ",\n".join(f' "{key}": {text}' for key, text in texts.items()) + "\n}\n"


def card(name: str, dataset: str | None = None, folder: Path = SHIPPED) -> dict[str, Any]:
    """What is known of the weights of a network that the course ships: its card.

    dataset: "digits" or "cifar10"; None: the first for which there are weights. It has the keys
    that `write_shipped` gives it; "history", the learning curve; and "equal", what the recipe
    EQUAL made of the network (with the keys "recipe" and "test_accuracy"), if it is one
    of COMPARED. Raises `CourseError` if there are no such weights.
    """
    key = recipe_name(name, dataset)
    path = folder / f"{key}.json"
    demand(path.is_file(), f"The course ships no weights of {name!r}: {path} is not there.")
    facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if key in COMPARED:
        equal = json.loads((folder / "equal-cifar10.json").read_text("utf-8"))
        facts["equal"] = equal[key] | {"recipe": equal["recipe"]}
    return facts | {"history": History.from_csv(path.with_name(facts["learning_curve"]))}


def main(names: list[str]) -> None:
    """Train each of `names`, or all three by one recipe for "equal", and print the cards."""
    for name in names:
        facts = train_equal() if name == "equal" else train_shipped(name)
        print(_written(facts), end="")


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or ["lenet"])
    except CourseError as error:
        sys.exit(str(error))

"""The weights that the course ships are what their cards say, to the image.

The accuracies need the real test images, from ../shared/data: decoded, they are the very pixels
that the cards were measured on.
"""

import io
import math
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import CourseError, load_network
from course_utils.datasets.batches import Batches
from course_utils.networks import SHIPPED
from course_utils.storage.downloads import file_digest
from course_utils.training import evaluate
from course_utils.training.recipes import ALSO, RECIPES, card

every_card = pytest.mark.parametrize("name", RECIPES)
EACH = 1_000  # test images of a class
WHOLE = 0.001  # of the accuracy: ten images of 10,000, where processors round differently


@every_card
def test_the_file_is_the_one_that_was_measured(name):
    assert file_digest(SHIPPED / f"{name}-cifar10.safetensors") == card(name)["sha256"]


@every_card
def test_the_learning_curve_has_all_epochs_and_ends_where_the_card_says(name):
    facts = card(name)
    history = facts["history"]
    assert [epoch.number for epoch in history] == [*range(1, RECIPES[name]["epochs"] + 1)]
    assert facts["seconds"] == round(history.seconds)
    last = history[-1].validation_accuracy  # of float32; the file has float16
    assert last == pytest.approx(facts["validation_accuracy"], abs=0.002)


@every_card
def test_the_confusion_matrix_is_of_all_test_images_and_holds_the_accuracy(name):
    facts = card(name)
    counts = torch.tensor(facts["confusion"])
    assert counts.sum(dim=1).tolist() == [EACH] * 10
    assert counts.trace().item() / 10_000 == pytest.approx(facts["test_accuracy"], abs=1e-6)


@every_card
def test_it_says_which_network_which_data_and_how_to_train_it_again(name):
    facts = card(name)
    network = load_network(name, weights="cifar10")
    parameters = sum(p.numel() for p in network.parameters())
    assert facts["network"].startswith(f"{network.info.title}, {parameters} parameters")
    assert facts["data"].startswith("CIFAR-10, JPEG copy")
    assert facts["training_images"] + facts["validation_images"] == 50_000
    target = facts["command"].removeprefix("make train-")
    assert ALSO.get(target, target) == name
    expected = {key: [*v] if isinstance(v, tuple) else v for key, v in RECIPES[name].items()}
    assert expected.items() <= facts["recipe"].items(), "the recipe is another one by now"


def test_a_card_that_there_is_not(tmp_path):
    with pytest.raises(CourseError, match=r"no weights of 'alexnett' .* Did you mean 'alexnet'"):
        card("alexnett")
    with pytest.raises(CourseError, match="ships no weights of 'lenet'"):
        card("lenet", tmp_path)
    assert card("vgg") == card("vgg16")


class Images:
    """Labelled images of the JPEG copy, class by class."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor) -> None:
        self.images, self.labels = images, labels

    def every(self, step: int) -> "Images":
        """Every `step`-th: of each class as many as of any other."""
        return Images(self.images[::step], self.labels[::step])

    def batches(self, batch_size: int, **settings: object) -> Batches:
        return Batches(self.images, self.labels, batch_size, **settings)


@pytest.fixture(scope="module")
def images(real_data) -> Images:
    classes = card("lenet")["classes"]
    with zipfile.ZipFile(real_data / "cifar10-jpeg.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("test/"))
        files = (io.BytesIO(archive.read(name)) for name in names)
        pixels = np.stack([np.asarray(Image.open(file).convert("RGB")) for file in files])
    labels = torch.tensor([classes.index(name.split("/")[1]) for name in names])
    assert labels.bincount().tolist() == [EACH] * 10
    return Images(torch.from_numpy(pixels).permute(0, 3, 1, 2), labels)


@pytest.mark.parametrize("name", ["lenet", "alexnet"])
def test_the_shipped_file_has_the_accuracy_of_its_card(name, images):
    network = load_network(name, weights="cifar10").to(memory_format=torch.channels_last)
    found, facts = evaluate(network, images, batch_size=250), card(name)
    assert found.accuracy == pytest.approx(facts["test_accuracy"], abs=WHOLE)
    moved = (found.confusion() - torch.tensor(facts["confusion"])).abs().sum() / 2
    assert moved <= WHOLE * 10_000


def test_vgg16_has_the_accuracy_of_its_card_on_every_fifth_image(images):
    """All 10,000 would take it two minutes on one core.

    Of the n = 200 images of a class, drawn from N = 1,000 of which a share p is right, the share
    that is right has the variance p (1 − p) / n · (N − n) / (N − 1). The accuracy is the mean of
    ten such shares. Four standard deviations: a chance of 1 in 16,000 for a good file to fail.
    """
    n, facts = EACH // 5, card("vgg16")
    p = torch.tensor(facts["confusion"]).diagonal() / EACH
    variance = (p * (1 - p) / n * (EACH - n) / (EACH - 1)).sum().item() / 10**2
    network = load_network("vgg16", weights="cifar10").to(memory_format=torch.channels_last)
    found = evaluate(network, images.every(5), batch_size=250)
    assert len(found.labels) == 10 * n
    assert found.accuracy == pytest.approx(facts["test_accuracy"], abs=4 * math.sqrt(variance))

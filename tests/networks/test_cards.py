"""The weights that the course ships are what their cards say; accuracies: tests/slow."""

import pytest
import torch

from course_utils import CourseError, load_network
from course_utils.networks import SHIPPED
from course_utils.storage import file_digest
from course_utils.training.recipes import COMPARED, EQUAL, RECIPES, card

every_card = pytest.mark.parametrize(("name", "dataset"), [key.split("-") for key in RECIPES])
DATA = {"cifar10": "CIFAR-10, 50,000 training images", "digits": "MNIST, 60,000 training images"}
DIGITS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]  # test images of each class


@every_card
def test_the_file_is_the_one_that_was_measured(name, dataset):
    path = SHIPPED / f"{name}-{dataset}.safetensors"
    assert file_digest(path) == card(name, dataset)["sha256"]


@every_card
def test_the_learning_curve_has_all_epochs_and_ends_where_the_card_says(name, dataset):
    facts = card(name, dataset)
    history, epochs = facts["history"], RECIPES[f"{name}-{dataset}"]["epochs"]
    assert [epoch.number for epoch in history] == [*range(1, epochs + 1)]
    assert facts["seconds"] == round(history.seconds)
    last = history[-1].validation_accuracy  # of float32; the file has float16
    assert last == pytest.approx(facts["validation_accuracy"], abs=0.002)


@every_card
def test_the_confusion_matrix_is_of_all_test_images_and_holds_the_accuracy(name, dataset):
    facts = card(name, dataset)
    counts = torch.tensor(facts["confusion"])
    each = DIGITS if dataset == "digits" else [1_000] * 10
    assert counts.sum(dim=1).tolist() == each
    assert counts.trace().item() / 10_000 == pytest.approx(facts["test_accuracy"], abs=1e-6)


@every_card
def test_it_says_which_network_which_data_and_how_to_train_it_again(name, dataset):
    facts = card(name, dataset)
    network = load_network(name, weights=dataset)
    parameters = sum(p.numel() for p in network.parameters())
    assert facts["network"].startswith(f"{network.info.title}, {parameters} parameters")
    assert facts["data"] == DATA[dataset]
    images = facts["training_images"] + facts["validation_images"]
    assert f"{images:,} training images" in facts["data"]
    assert facts["command"] == f"make train-{name}-{dataset}"
    recipe = RECIPES[f"{name}-{dataset}"]
    expected = {key: [*v] if isinstance(v, tuple) else v for key, v in recipe.items()}
    assert expected.items() <= facts["recipe"].items(), "the recipe is another one by now"


@pytest.mark.parametrize("key", COMPARED)
def test_what_the_equal_recipe_reaches_stands_beside_it(key):
    facts = card(*key.split("-"))
    assert facts["equal"]["recipe"] == EQUAL
    assert 0.1 < facts["equal"]["test_accuracy"] < facts["test_accuracy"]


def test_a_card_that_there_is_not(tmp_path):
    with pytest.raises(CourseError, match=r"no weights of 'alexnett'.* Did you mean 'alexnet'"):
        card("alexnett")
    with pytest.raises(CourseError, match="ships no weights of 'lenet'"):
        card("lenet", folder=tmp_path)
    with pytest.raises(CourseError, match="ships no weights of 'alexnet' for 'digits'"):
        card("alexnet", "digits")
    assert card("vgg") == card("vgg16")
    assert card("lenet") == card("lenet", "digits")

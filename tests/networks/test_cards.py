"""The weights that the course ships are what their cards say; accuracies: tests/slow."""

import pytest
import torch

from course_utils import CourseError, load_network
from course_utils.networks import SHIPPED
from course_utils.storage import file_digest
from course_utils.training.recipes import ALSO, RECIPES, card

every_card = pytest.mark.parametrize("name", RECIPES)
EACH = 1_000  # test images of a class


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

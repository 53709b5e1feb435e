"""A linear probe finds the best head, and says what it cannot learn from."""

import pytest
import torch
from torch.nn import functional as F

from course_utils import CourseError
from course_utils.transfer import accuracy, first_of_each, linear_probe


def clouds(count: int = 30, classes: int = 3, size: int = 8, seed: int = 0):
    """Points around one centre for each class, in an offset and a scale of their own."""
    generator = torch.Generator().manual_seed(seed)
    centres = 3 * torch.eye(classes, size)
    y = torch.arange(classes).repeat(count)
    return 5 + 100 * (centres[y] + torch.randn(len(y), size, generator=generator)), y


def test_it_learns_what_can_be_learned_and_it_holds_for_others():
    head = linear_probe(*clouds())
    assert (head.in_features, head.out_features) == (8, 3)
    assert accuracy(head, *clouds()) > 0.95
    assert accuracy(head, *clouds(seed=1)) > 0.9


def test_it_comes_close_to_the_smallest_loss():
    X, y = clouds()
    found = linear_probe(X, y, weight_decay=0.01)
    scale = X.std()

    def loss(weight, bias):
        return F.cross_entropy(X @ weight.T + bias, y) + 0.01 * (scale * weight).square().sum()

    Z = (X - X.mean(dim=0)) / scale
    best = torch.nn.Linear(8, 3)
    optimizer = torch.optim.LBFGS(best.parameters(), max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = F.cross_entropy(best(Z), y) + 0.01 * best.weight.square().sum()
        value.backward()
        return value

    optimizer.step(closure)
    assert loss(found.weight, found.bias) < 1.1 * closure()


def test_nothing_in_it_is_random_and_the_features_stay():
    X, y = clouds()
    before, state = X.clone(), torch.get_rng_state()
    first, second = linear_probe(X, y), linear_probe(X, y)
    assert torch.equal(first.weight, second.weight)
    assert torch.equal(X, before)
    assert torch.equal(torch.get_rng_state(), state)


def test_it_learns_inside_no_grad_too():
    with torch.no_grad():
        assert accuracy(linear_probe(*clouds()), *clouds()) > 0.95


def test_more_weight_decay_makes_smaller_weights():
    X, y = clouds()
    weak, strong = (linear_probe(X, y, w).weight.norm() for w in (0.001, 1.0))
    assert strong < weak / 3


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (torch.ones(4, 3), torch.ones(4).long(), "nothing to tell apart"),
        (torch.ones(4, 3), torch.tensor([0, 1]), "one label for each image"),
        (torch.ones(4, 3, 2), torch.tensor([0, 1, 0, 1]), r"\(4, 3, 2\)"),
    ],
)
def test_data_that_teach_nothing_get_a_sentence(X, y, message):
    with pytest.raises(CourseError, match=message):
        linear_probe(X, y)


def test_the_first_images_of_each_class():
    labels = torch.tensor([1, 0, 1, 1, 0, 2, 2])
    assert first_of_each(labels, 2).tolist() == [1, 4, 0, 2, 5, 6]
    for count in (0, 3):
        with pytest.raises(CourseError, match="between 1 and 2"):
            first_of_each(labels, count)


def test_accuracy_is_the_share_of_right_answers():
    head = torch.nn.Linear(2, 2)
    with torch.no_grad():
        head.weight.copy_(torch.eye(2))
        head.bias.zero_()
    X = torch.tensor([[2.0, 1.0], [1.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    assert accuracy(head, X, torch.tensor([0, 1, 1, 1])) == 0.75

"""Claims of lesson 3."""

import copy

import torch
from torch import nn
from torch.nn import functional as F

from course_utils import layers, load_cifar10, load_digits, load_network, open_image
from course_utils.images import to_input
from course_utils.networks import AlexNet, LeNet, blueprint

from . import claim


@claim(
    "So the convolutions do 92 % of the work with 4 % of the\nparameters",
    control="total(convolutions, what) / total(rows, what)",
)
def work_is_done_where_few_parameters_are(seed):
    found = layers(blueprint("alexnet", "imagenet"))
    for what, share in (("parameters", 0.04), ("multiply_adds", 0.92)):
        conv = sum(getattr(one, what) for one in found if one.kind == "conv")
        assert round(conv / sum(getattr(one, what) for one in found), 2) == share


@claim(
    "With 0.3 the step is so long that it goes past 3, and lands farther away",
    control="for learning_rate in (0.1, 0.3):",
)
def a_learning_rate_can_be_too_large(seed):
    for learning_rate, ends_near in ((0.1, True), (0.3, False)):
        w = 1.0
        for _ in range(10):
            w -= learning_rate * 2 * (2 * w - 3) * 2  # the slope of (2w − 3)²
        assert (abs(2 * w - 3) < 1) == ends_near


@claim(
    "Against the gradient the loss falls; with rate 0 nothing moves; with the gradient",
    control="ten_steps(lr=0.1, maximize=True)",
    spread="three seeds: falls by 0.06 each, rises by 0.12 to 0.17",
)
def a_step_goes_against_the_gradient(seed):
    generator = torch.Generator().manual_seed(seed)
    X, y = next(iter(load_digits("train").batches(64, shuffle=True, generator=generator)))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        fresh = LeNet(in_channels=1)
    after = {}
    for name, settings in {
        "against": {"lr": 0.1},
        "none": {"lr": 0.0},
        "with": {"lr": 0.1, "maximize": True},
    }.items():
        network = copy.deepcopy(fresh)
        optimizer = torch.optim.SGD(network.parameters(), **settings)
        for _ in range(10):
            loss = F.cross_entropy(network(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        after[name] = F.cross_entropy(network(X), y).item()
    assert after["against"] < after["none"] < after["with"]


@claim(
    "next to nothing arrives, and `conv1` would hardly move",
    control="gradient at conv1 / gradient at fc3",
    spread="three seeds: 0.00012 to 0.00013 with sigmoids, 35 to 39 with ReLU, 35 to 45 with tanh",
)
def sigmoids_let_next_to_no_gradient_through(seed):
    x, label = (
        to_input(open_image("coffee"), blueprint("alexnet", "imagenet").info.preprocessing),
        967,
    )
    ratios = {}
    for activation in (nn.Sigmoid, nn.Tanh, nn.ReLU):
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            network = AlexNet().eval()
        for part in (network.features, network.classifier):
            for i, module in enumerate(part):
                part[i] = activation() if isinstance(module, nn.ReLU) else module
        F.cross_entropy(network(x), torch.tensor([label])).backward()
        first, last = network.features[0].weight.grad, network.classifier[-1].weight.grad
        ratios[activation] = (first.abs().mean() / last.abs().mean()).item()
    assert ratios[nn.Sigmoid] < 1e-3 * ratios[nn.ReLU]
    assert ratios[nn.Tanh] > 0.1 * ratios[nn.ReLU]


@claim(
    "Here what is left is enough for the cat",
    control="if isinstance(module, nn.Dropout):\n            module.train(mode)",
    spread="three seeds: the cat is first 100 times of 100",
)
def dropout_changes_the_number_and_not_the_class(seed):
    network = load_network("alexnet", dataset="cifar10")
    x = to_input(open_image("cat"), network.info.preprocessing)
    for module in network.modules():
        module.training = isinstance(module, nn.Dropout)
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(seed)
        p = torch.cat([network(x).softmax(dim=1) for _ in range(100)])
    assert (p.argmax(dim=1) == network.info.classes.index("cat")).sum() >= 95
    assert p[:, p[0].argmax()].std() > 0.001


@claim(
    "With BatchNorm in evaluation mode the same 100 passes change nothing",
    control="after_looking([x] * 100, False)",
    spread="three photographs: 37 to 55 % of 200 answers change; in eval mode none",
)
def looking_in_training_mode_damages_by_running_statistics_only(seed):
    trained = load_network("alexnet", dataset="cifar10")
    name = ("cat", "rocket", "coffee", "palace")[seed % 4]
    x = to_input(open_image(name), trained.info.preprocessing)
    test, _ = next(iter(load_cifar10("test").batches(200)))
    answers = []
    for batch_norm in (False, True):
        network = copy.deepcopy(trained).train()
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.train(batch_norm)
        with torch.no_grad():
            for _ in range(100):
                network(x)
            answers.append(network.eval()(test).argmax(dim=1))
    with torch.no_grad():
        fresh = trained.eval()(test).argmax(dim=1)
    assert torch.equal(answers[0], fresh)
    assert (answers[1] != fresh).float().mean() > 0.1

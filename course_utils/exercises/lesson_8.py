"""Exercises of lesson 8, one backbone at work."""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional as F

from .checking import Exercise, Question, Right, Wrong

# --- "08.search" and "08.cam": a function is known by what it gives ------------------------------

# The query points up and to the right. Row 0 is its nearest point, row 1 is long, row 2 points in
# its direction, row 3 in the opposite one.
QUERY = torch.tensor([1.0, 1.0])
GALLERY = torch.tensor([[1.0, 0.4], [9.0, 2.0], [3.0, 3.1], [-5.0, -5.0]])
MAPS = torch.tensor([[[1.0, 2.0, 0.0], [0.0, 4.0, 1.0]], [[3.0, 0.0, 1.0], [2.0, 2.0, 5.0]]])
WEIGHTS = torch.tensor([2.0, -1.0])


def search(query: torch.Tensor, gallery: torch.Tensor) -> int:
    """The row of the gallery that points most in the direction of the query."""
    return int((F.normalize(gallery) @ F.normalize(query, dim=0)).argmax())


def cam(maps: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """The weighted sum of maps `(K, H, W)`: `(H, W)`."""
    return torch.einsum("k,khw->hw", weights, maps)


def finds(row: int) -> Callable[[Any], bool]:
    """Recognises a function that finds this row."""
    return lambda f: _found(f) == row


def _found(search: Callable) -> int | float | None:
    """What a search gives, if it is one number."""
    found = search(QUERY.clone(), GALLERY.clone())
    if isinstance(found, torch.Tensor) and found.numel() == 1:
        return found.item()
    return found if isinstance(found, int | float) else None


def gives(expected: torch.Tensor) -> Callable[[Any], bool]:
    """Recognises a function that makes this of the maps."""

    def recognised(f: Callable) -> bool:
        found = f(MAPS.clone(), WEIGHTS.clone())
        alike = isinstance(found, torch.Tensor) and found.shape == expected.shape
        return alike and torch.allclose(found.float(), expected, atol=1e-4)

    return recognised


def returns_nothing(*inputs: torch.Tensor) -> Callable[[Any], bool]:
    """Recognises a function without a result."""

    def recognised(f: Callable) -> bool:
        found = f(*(x.clone() for x in inputs))
        return found is None or found is ...

    return recognised


EXERCISES = {
    "08.features_shape": Exercise(
        "shape of the features that VGG16's backbone makes of 12 images",
        (12, 4096),
        "one row for each image, and VGG16's head, Linear(4096, 1000), takes 4,096 numbers.",
        "A row for each image. How many numbers does the head of VGG16 take in?",
        (
            Wrong((12, 1000), "1,000 numbers come out of the head; features are what goes in."),
            Wrong((4096, 12), "rows and columns are swapped: a row is one image."),
            Wrong((12, 1280), "1,280 features come from EfficientNet-Lite0; VGG16 has others."),
            Wrong(
                (12, 25088),
                "25,088 numbers go into the first fully connected layer: the head "
                "is only the last one.",
            ),
            Wrong(
                (12, 512),
                "512 is the number of maps; two fully connected layers follow before the head.",
            ),
            Wrong((1, 4096), "(1, 4096) are the features of one image; there are 12."),
        ),
        form="(images, features), like (3, 1280)",
        more=(
            "VGG16 ends in Linear(4096, 1000). Which of the two numbers is on the side of the "
            "backbone?",
            "(number of images, numbers that go into the head): 12 images, and the first "
            "number of Linear(4096, 1000).",
        ),
    ),
    "08.parameters": Exercise(
        "numbers that a linear probe for 5 classes learns on 1,280 features",
        6405,
        "5 · 1,280 weights and 5 biases. The backbone's millions stay as they are.",
        "Only the new head learns: weights from each feature to each class, and a bias for each "
        "class.",
        (
            Wrong(6400, "6,400 leaves out the biases: one for each class."),
            Wrong(7680, "7,680 has a bias for each feature; there is one for each class."),
            Wrong(6401, "6,401 has one bias in all; there is one for each class."),
            Wrong(12810, "12,810 is the probe for 10 classes; here there are 5."),
            Wrong(1281000, "1,281,000 is the old head, with 1,000 classes."),
            Wrong(1285, "1,285 adds 1,280 and 5: every class has a weight for every feature."),
        ),
        more=(
            "One class has 1,280 weights and 1 bias. How many classes are there?",
            "5 · (1,280 + 1).",
        ),
    ),
    "08.thawed": Exercise(
        "numbers that learn if LeNet's three fully connected layers do, the head for 5 classes",
        58709,
        "48,120 and 10,164 and 425. The convolutions keep their 2,572.",
        "A fully connected layer has a weight from each input to each output, and a bias for each "
        "output.",
        (
            Wrong(425, "425 is the new head alone; the two layers before it learn as well."),
            Wrong(58500, "58,500 leaves out the biases: 120, 84 and 5 of them."),
            Wrong(61281, "61,281 are all parameters; the convolutions are frozen."),
            Wrong(59134, "59,134 has the old head, for 10 classes; the new one has 5 outputs."),
            Wrong(58284, "58,284 leaves out the new head."),
            Wrong(10589, "10,589 leaves out the first of the three, Linear(400, 120)."),
        ),
        more=(
            "Linear(400, 120) has 400 · 120 weights and 120 biases.",
            "400 · 120 + 120, and 120 · 84 + 84, and 84 · 5 + 5.",
        ),
    ),
    "08.search": Exercise(
        "a function search(query, gallery): the row of the gallery most like the query, by cosine",
        search,
        "only the direction counts, so the longest row does not win.",
        "Divide every list of numbers by its length first. Then a dot product is the cosine.",
        (
            Wrong(
                lambda query, gallery: None,
                "search returns nothing: does it end with return?",
                returns_nothing(QUERY, GALLERY),
            ),
            Wrong(
                lambda query, gallery: F.normalize(gallery) @ F.normalize(query, dim=0),
                "search gives something other than the number of one row: end with .argmax().",
                lambda f: _found(f) is None,
            ),
            Wrong(
                lambda query, gallery: int((gallery @ query).argmax()),
                "search finds the longest row: a dot product grows with the length. Divide by the "
                "lengths.",
                finds(1),
            ),
            Wrong(
                lambda query, gallery: int((gallery - query).norm(dim=1).argmin()),
                "search finds the row with the smallest distance; the cosine asks for the "
                "direction, however long the rows are.",
                finds(0),
            ),
            Wrong(
                lambda query, gallery: int((F.normalize(gallery) @ query).argmin()),
                "search finds the row that is least like the query: the largest cosine is wanted.",
                finds(3),
            ),
        ),
        form="a function search(query, gallery)",
        accept=finds(2),
        tested="a query (2,) and a gallery (4, 2) of which one row is long, one is near and one "
        "points in the query's direction",
        more=(
            "gallery.norm(dim=1, keepdim=True) holds the length of each row, query.norm() that of "
            "the query. @ multiplies and adds, .argmax() says where the largest is.",
            "rows = gallery / gallery.norm(dim=1, keepdim=True); "
            "return (rows @ (query / query.norm())).argmax()",
        ),
        solution=(
            "def search(query, gallery):\n"
            "    rows = gallery / gallery.norm(dim=1, keepdim=True)\n"
            "    return (rows @ (query / query.norm())).argmax()\n"
            "search"
        ),
    ),
    "08.cam": Exercise(
        "a function cam(maps, weights): the class activation map of maps (K, H, W)",
        cam,
        "each map counts as much as its weight, and the places stay: (H, W).",
        "Multiply each map by its weight, then add the maps up. What must stay is the place.",
        (
            Wrong(
                lambda maps, weights: None,
                "cam returns nothing: does it end with return?",
                returns_nothing(MAPS, WEIGHTS),
            ),
            Wrong(
                lambda maps, weights: maps.sum(dim=0),
                "the maps are added up without the weights: then it is the same map for all "
                "classes.",
                gives(MAPS.sum(dim=0)),
            ),
            Wrong(
                lambda maps, weights: (weights[:, None, None] * maps).mean(dim=0),
                "this is the mean of the weighted maps: add them up, so that the mean over all "
                "places is the logit.",
                gives(cam(MAPS, WEIGHTS) / 2),
            ),
            Wrong(
                lambda maps, weights: (weights[:, None, None] * maps).sum(dim=(1, 2)),
                "the sum goes over the places, so a number for each map is left. Add up over the "
                "maps: dim=0.",
                gives((WEIGHTS[:, None, None] * MAPS).sum(dim=(1, 2))),
            ),
            Wrong(
                lambda maps, weights: weights @ maps.mean(dim=(1, 2)),
                "this is the logit: the places are gone. Leave out the mean.",
                gives(WEIGHTS @ MAPS.mean(dim=(1, 2))),
            ),
            Wrong(
                lambda maps, weights: weights[:, None, None] * maps,
                "the maps are weighted, but not yet added up: .sum(dim=0).",
                gives(WEIGHTS[:, None, None] * MAPS),
            ),
            Wrong(
                lambda maps, weights: (weights.abs()[:, None, None] * maps).sum(dim=0),
                "negative weights count as positive: a map may also speak against the class.",
                gives(cam(MAPS, WEIGHTS.abs())),
            ),
        ),
        form="a function cam(maps, weights)",
        accept=gives(cam(MAPS, WEIGHTS)),
        tested="2 maps of 2 × 3 numbers, one with a weight above zero and one below",
        more=(
            "weights[:, None, None] has the shape (K, 1, 1), so it can be multiplied with maps "
            "(K, H, W).",
            "return (weights[:, None, None] * maps).sum(dim=0)",
        ),
        solution=(
            "def cam(maps, weights):\n    return (weights[:, None, None] * maps).sum(dim=0)\ncam"
        ),
    ),
}

PREDICTIONS = {
    "08.probe": Question(
        "how many of 10 test images the probe gets right",
        (
            "about 3, like LeNet",
            "LeNet had to learn all its layers from these 100 images; the probe starts from "
            "features that another training made.",
        ),
        (
            "about 5",
            "It is more, though the backbone has never seen an image of CIFAR-10.",
        ),
        Right(
            "about 8",
            "77 of 100 in this draw. The next section tries other draws.",
        ),
    ),
    "08.digits": Question(
        "digits, on features of an AlexNet trained on CIFAR-10 and on those of a random one",
        (
            "clearly better on the trained features",
            "That was so for EfficientNet-Lite0 and photographs; these features were trained for "
            "ten kinds of photographs, and digits are something else.",
        ),
        (
            "about the same",
            "The trained features are 16 points or more behind, in each of the three draws.",
        ),
        Right(
            "worse on the trained features",
            "In each of the three draws. Training for one task can make features worse for "
            "another.",
        ),
    ),
    "08.thaw": Question(
        "from a LeNet for 0 to 4 to one for 5 to 9, with ten images each",
        (
            "the new head only: the rest can read digits already",
            "The features were made for 0 to 4. With all else frozen, the head falls behind even a "
            "network from scratch.",
        ),
        Right(
            "all three fully connected layers, from the trained weights",
            "Better than the head alone and than from scratch in each draw; thawing the "
            "convolutions as well changes little.",
        ),
        (
            "everything, from scratch",
            "It is better than the new head alone, but it starts with nothing and has 50 images.",
        ),
    ),
    "08.own": Question(
        "200 photographs: a probe, the last block thawed, or from scratch",
        (
            "LeNet from scratch is best: augmentation makes enough of 200 images",
            "Shifted and mirrored images are still the same 200, and LeNet starts with nothing.",
        ),
        Right(
            "the probe and the thawed block are about equal, LeNet is far behind",
            "They differ by no more than the draws do. Nearly all of these classes are ImageNet's: "
            "probably the features fit as they are.",
        ),
        (
            "the thawed block is best, by far: more layers learn",
            "More layers learn, but the answers are hardly better or worse than the probe's.",
        ),
    ),
    "08.alike": Question(
        "how many of the five most similar images have the query's class",
        (
            "about 1 by either",
            "That is right for the pixels. The features find more, though nobody gave them a "
            "label.",
        ),
        Right(
            "between 2 and 3 by features, 1 by pixels",
            "By chance it would be 0.5. Features do not compare place by place.",
        ),
        (
            "nearly 5 by features, 2 by pixels",
            "Images of 32 × 32 are hard: many animals are found among other animals.",
        ),
    ),
    "08.places": Question(
        "where the maps for tripod and reflex camera are high",
        (
            "both at the man's face",
            "The face is no class of ImageNet; the head's weights for the two classes differ, so "
            "the maps do.",
        ),
        (
            "both at the same place: a network looks at one place at a time",
            "All places are computed at once, and each class weights the maps in its own way.",
        ),
        Right(
            "the legs of the tripod; the camera at the man's face",
            "The maps are those of one forward pass, only the weights of the head differ.",
        ),
    ),
    "08.covered": Question(
        "the probability of tripod with a grey square in two places",
        (
            "it falls by half or more in both cases",
            "A square over the sky hides nothing that the answer needs, so it hardly falls there.",
        ),
        Right(
            "it falls far at the strongest place, hardly at the upper left",
            "To 33 and to 93 %: what the map marks is what the answer rests on, in this image.",
        ),
        (
            "it stays above 90 % in both: the rest of the image is enough",
            "Without the legs of the tripod it falls to 33 %.",
        ),
    ),
    "08.step": Question(
        "tripod at 95 %, then one step of 1 of 255 along the gradient",
        (
            "it stays above 90 %: nobody sees a difference",
            "Nobody does, but the network adds up 150,528 small changes that all point one way.",
        ),
        (
            "it falls to about 70 %",
            "It falls much further, and other classes come before it.",
        ),
        Right(
            "it is no longer the first class",
            "It falls to 8 %, while random signs of the same size never changed this class.",
        ),
    ),
}

QUESTIONS = (
    Question(
        "What does split(network) leave in the backbone?",
        Right("all layers but the last fully connected one", "what it gives are the features."),
        ("the convolutions only", "AlexNet and VGG have two more fully connected layers in it."),
        ("the last layer", "that is the head: it knows one task."),
    ),
    Question(
        "A linear probe is trained on 100 images. What changes in the backbone?",
        ("its last convolution", "no layer of it gets a gradient."),
        ("its BatchNorm statistics", "in eval mode they stay, too."),
        Right("nothing", "it is frozen; only the new head learns."),
    ),
    Question(
        "What shows that the probe owes its lead on CIFAR-10 to the backbone's training?",
        ("it was better than LeNet from scratch", "the layers differ as well, not only training."),
        Right(
            "the same layers with random weights are far behind",
            "only the weights differ, and three draws agree.",
        ),
        ("ImageNet has a million images", "on digits the same training gave no such lead."),
    ),
    Question(
        "The map M of a class, not cut off at zero: what is its mean over all places, plus the "
        "bias?",
        ("the probability of the class", "softmax of all logits makes that."),
        ("always 1", "the map may have any size."),
        Right("the logit of the class", "mean and weighted sum can change places."),
    ),
    Question(
        "Why check a class activation map by covering parts of the image?",
        Right(
            "it changes the image and asks the network again, without its maps",
            "the two ways share the forward pass and nothing else, so it counts if they agree.",
        ),
        ("it is faster", "it is slower: one run for each place."),
        ("it gives finer maps", "they are as coarse as the square is large."),
    ),
)

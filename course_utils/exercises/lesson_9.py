"""Exercises of lesson 9, choosing a network."""

from collections.abc import Callable
from typing import Any

from .checking import Exercise, Question, Right, Wrong

# --- "09.front": a function is known by what it gives --------------------------------------------

Points = list[tuple[float, float]]  # (cost, accuracy)

# (9, 60) is beaten by all others, (5, 80) by (4, 80), which costs less and reaches the same.
POINTS: Points = [(1, 70), (4, 80), (9, 60), (5, 80), (8, 85)]


def beats(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether `a` costs no more and reaches no less than `b`, and is not the same."""
    return a != b and a[0] <= b[0] and a[1] >= b[1]


def front(points: Points) -> Points:
    """The points that no other point beats."""
    return [b for b in points if not any(beats(a, b) for a in points)]


def keeps(*expected: tuple[float, float]) -> Callable[[Any], bool]:
    """Recognises a function that keeps these points, in any order."""

    def recognised(f: Callable) -> bool:
        found = f([*POINTS])
        return isinstance(found, list | tuple | set) and sorted(map(tuple, found)) == sorted(
            expected
        )

    return recognised


def _nothing(f: Callable) -> bool:
    found = f([*POINTS])
    return found is None or found is ...


def _strict(points: Points) -> Points:
    """Only what is beaten in both numbers at once is left out."""
    return [b for b in points if not any(a[0] < b[0] and a[1] > b[1] for a in points)]


def _named(*names: str) -> Callable[[Any], bool]:
    return lambda answer: any(name in str(answer) for name in names)


EXERCISES = {
    "09.megabytes": Exercise(
        "megabytes of the weights of a network with 25,000,000 parameters in float32",
        100.0,
        "25 million numbers of 4 bytes, and a megabyte is a million bytes.",
        "float32 has 32 bits. How many bytes is that for each parameter?",
        (
            Wrong(25, "25 gives each parameter one byte; float32 has 32 bits."),
            Wrong(800, "800 counts bits: eight of them are a byte."),
            Wrong(50, "50 would be right for float16, with 2 bytes for each parameter."),
            Wrong(200, "200 would be right for float64, with 8 bytes for each parameter."),
            Wrong(95.4, "95.4 are mebibytes, of 2²⁰ bytes each; the question is megabytes, 10⁶."),
            Wrong(0.1, "0.1 are gigabytes; the question is megabytes."),
            Wrong(100_000_000, "100,000,000 are bytes; a megabyte has a million of them."),
        ),
        more=(
            "32 bits are 4 bytes. 25,000,000 parameters of 4 bytes each: how many million bytes?",
            "25 · 4.",
        ),
    ),
    "09.per_second": Exercise(
        "images per second if the network takes 30 ms and the preprocessing 15 ms, one by one",
        22.2,
        "1000 / (30 + 15) = 22.2. A camera with 25 images a second is too fast for it, though "
        "the network alone would keep up.",
        "Both have to be done for each image. How many times does that fit into a second?",
        (
            Wrong(33.3, "33.3 is the network alone: the preprocessing takes time, too."),
            Wrong(66.7, "66.7 is the preprocessing alone; the network comes after it."),
            Wrong(45, "45 is the time for one image in milliseconds."),
            Wrong(0.0222, "0.022 is per millisecond; a second has 1000 of them."),
            Wrong(100, "100 adds 33.3 and 66.7: the times add up, not the speeds."),
            Wrong(40, "40 is the time that a camera leaves for an image, 1000 / 25 ms."),
            Wrong(25, "25 is the camera's speed; the question is what the computer manages."),
        ),
        more=(
            "One image takes 30 + 15 milliseconds. A second has 1000 milliseconds.",
            "1000 / (30 + 15).",
        ),
    ),
    "09.small_device": Exercise(
        "the most accurate network for CIFAR-10's classes with at most 20 MB of weights",
        "AlexNet for 32 × 32",
        "of the three for these classes two fit, and it is the more accurate of them.",
        "First cross out what does not know the classes, then what does not fit.",
        (
            Wrong(
                "VGG16-BN for 32 × 32",
                "VGG16 does not fit: look at the column with its weights.",
                _named("vgg"),
            ),
            Wrong(
                "LeNet", "LeNet fits, but another one that fits is more accurate.", _named("lenet")
            ),
            Wrong(
                "EfficientNet-Lite0",
                "EfficientNet-Lite0 fits, but its head knows ImageNet's classes, and so does its "
                "accuracy. It would need a new head and a new test.",
                _named("efficientnet", "lite"),
            ),
        ),
        form="the name of a network as a text, like 'VGG19'",
        accept=_named("alexnet"),  # on few keyboards there is a ×
        more=(
            "Three networks know these classes: LeNet, AlexNet and VGG16, each for 32 × 32. Which "
            "have at most 20 MB of weights?",
            "LeNet and one other fit. Of these two take the more accurate.",
        ),
    ),
    "09.front": Exercise(
        "a function front(points): which of the points (cost, accuracy) no other point beats",
        front,
        "what is left is the choice: more accuracy costs more, and nothing is given away.",
        "A point b is beaten if some point a costs no more, reaches no less, and is not b itself.",
        (
            Wrong(lambda points: None, "front returns nothing: does it end with return?", _nothing),
            Wrong(
                lambda points: [],
                "nothing is left: each point beats itself if it is compared with itself. Demand "
                "a != b.",
                keeps(),
            ),
            Wrong(
                lambda points: [b for b in points if any(beats(a, b) for a in points)],
                "these are the points that are beaten: put a not before any.",
                keeps((9, 60), (5, 80)),
            ),
            Wrong(
                _strict,
                "(5, 80) is still there, though (4, 80) costs less and reaches the same: allow "
                "equal numbers, <= and >=.",
                keeps((1, 70), (4, 80), (5, 80), (8, 85)),
            ),
            Wrong(
                lambda points: [max(points, key=lambda point: point[1])],
                "only the most accurate is left; a cheaper one that nothing beats is a choice.",
                keeps((8, 85)),
            ),
            Wrong(
                lambda points: [min(points)],
                "only the cheapest is left; a more accurate one that nothing beats is a choice, "
                "too.",
                keeps((1, 70)),
            ),
            Wrong(
                lambda points: [*points],
                "all points are there, also (9, 60), which costs most and reaches least.",
                keeps(*POINTS),
            ),
        ),
        form="a function front(points)",
        accept=keeps((1, 70), (4, 80), (8, 85)),
        tested="five points, one beaten in both numbers and one with the same accuracy at a "
        "higher cost",
        more=(
            "any(… for a in points) asks if there is such an a. Keep b if there is not.",
            "[b for b in points if not any(a != b and a[0] <= b[0] and a[1] >= b[1] for a in "
            "points)]",
        ),
        solution=(
            "def front(points):\n"
            "    def beaten(b):\n"
            "        return any(a != b and a[0] <= b[0] and a[1] >= b[1] for a in points)\n"
            "    return [b for b in points if not beaten(b)]\n"
            "front"
        ),
    ),
}

PREDICTIONS = {
    "09.kept": Question(
        "what training keeps of an image, EfficientNet-Lite0 against VGG16",
        (
            "about a 30th of VGG16's",
            "That is the ratio of the parameters. What is kept are maps, and their size has little "
            "to do with the number of weights.",
        ),
        (
            "about half",
            "The maps are smaller, but there are more of them, and BatchNorm keeps its own input.",
        ),
        Right(
            "a little more than VGG16",
            "82 MB against 73 MB: many layers, and BatchNorm keeps one more map for each.",
        ),
    ),
    "09.time": Question(
        "VGG16 has about 37,000 times the multiply-adds of LeNet; its time",
        (
            "about 37,000 times",
            "Then every multiply-add would take the same time; in the last column they do not.",
        ),
        (
            "clearly more",
            "VGG's large convolutions do more in a second than LeNet's small layers: look at the "
            "last column.",
        ),
        Right(
            "clearly less",
            "LeNet does far fewer multiply-adds in a second than VGG16, so it gains less than its "
            "work promises.",
        ),
    ),
    "09.batch": Question(
        "a fully connected layer on 64 images at once, the time for each",
        (
            "as long as alone",
            "The convolution beside it comes nearer to that: it uses each weight many times for "
            "one image already.",
        ),
        (
            "a little less",
            "It is far less: most of the time goes into fetching the weights.",
        ),
        Right(
            "less than half",
            "The weights are fetched once for all 64 images.",
        ),
    ),
    "09.front": Question(
        "how many of 13 networks for ImageNet are not beaten",
        (
            "one: the newest beats all others",
            "The most accurate of them costs more than others do, so those are not beaten.",
        ),
        Right(
            "five",
            "From the lightest to the most accurate: more of one thing costs some of another.",
        ),
        (
            "all 13: each is best at something",
            "AlexNet, the VGGs, ResNet-18, the old ResNet-50 and ViT-B/16 are beaten in everything "
            "that was counted.",
        ),
    ),
}

QUESTIONS = (
    Question(
        "In the table of accuracies LeNet for colour images stands above VGG16. Is it better?",
        ("yes, by some points", "one number is about 10 classes, the other about 1000."),
        Right(
            "that cannot be said: the data sets differ",
            "accuracies can be compared on the same test images only.",
        ),
        ("no, since it is older", "age decides nothing; the test images do."),
    ),
    Question(
        "Why do multiply-adds not tell the seconds?",
        Right(
            "moving weights and maps takes time, and every layer has a start",
            "so small layers and layers with many weights do less work in a second.",
        ),
        ("they are only estimates", "they are counted exactly, layer by layer."),
        ("a processor cannot multiply and add at once", "it can; that is why they are a pair."),
    ),
    Question(
        "What must be in memory at the peak of a prediction, besides the weights?",
        (
            "the outputs of all layers",
            "training keeps most of them; a prediction needs no gradient.",
        ),
        ("nothing", "the maps must be somewhere."),
        Right(
            "the inputs and outputs that are still wanted",
            "a map is dropped once the next layers have used it.",
        ),
    ),
    Question(
        "One network is beaten by another in everything you counted. When do you still take it?",
        ("never", "not all that counts can be counted."),
        Right(
            "when something else counts, as that one can read it",
            "plain layers are why VGG is still taught, and its maps still used.",
        ),
        ("when it has more parameters", "parameters are a cost, not a merit."),
    ),
    Question(
        "You have 100 images of your own and 5 classes. What do you try first?",
        Right(
            "a probe on a frozen backbone, and a test with images held out",
            "it takes minutes, and all that follows has to beat it.",
        ),
        ("VGG19 from scratch", "140 million parameters and 100 images: it learns by heart."),
        ("the most accurate network of all", "try the cheap one first; it may be enough."),
    ),
)

"""Exercises of lesson 7, training."""

from .checking import Exercise, Wrong

EXERCISES: dict[str, Exercise] = {
    "07.untrained_loss": Exercise(
        "loss of an untrained network with 100 classes",
        4.605,
        "Each of 100 classes gets about 0.01, and −ln 0.01 = 4.605.",
        "An untrained network spreads its probability evenly. Take −ln of what one class gets.",
        (
            Wrong(2.303, "2.303 is ln 10: the loss for 10 classes. Here there are 100."),
            Wrong(0.01, "0.01 is the probability of the right class; the loss is its −ln."),
            Wrong(2.0, "2 is −log₁₀ 0.01; cross-entropy uses the natural logarithm."),
            Wrong(-4.605, "−4.605 is ln 0.01: the minus of the formula is missing."),
            Wrong(0.99, "0.99 is 1 − 0.01, a share of errors. The loss is −ln 0.01."),
        ),
    ),
    "07.steps": Exercise(
        "steps in one epoch: 50,000 pictures, 5,000 held out, batches of 32",
        1407,
        "45,000 / 32 = 1406.25: 1406 full batches and a smaller one, each of them a step.",
        "Only the pictures that are left for training count. A smaller last batch is a batch.",
        (
            Wrong(1563, "1,563 trains on the 5,000 pictures that were held out, too."),
            Wrong(1406, "1,406 leaves out the last, smaller batch: 8 pictures are never seen."),
            Wrong(45000, "45,000 is the number of pictures; a step takes a batch of 32."),
            Wrong(157, "157 counts the batches of the 5,000 pictures that were held out."),
        ),
    ),
    "07.accuracy": Exercise(
        "accuracy from the confusion matrix [[8, 2], [4, 6]]",
        0.7,
        "8 + 6 on the diagonal are right, of 20 in all.",
        "What is right stands on the diagonal. Divide it by the number of pictures.",
        (
            Wrong(14, "14 is the number of right answers; accuracy is their share of all 20."),
            Wrong(0.3, "0.3 is the share of wrong answers, 2 + 4 of 20."),
            Wrong(0.8, "0.8 is the first row only: 8 of 10 pictures of that class."),
            Wrong(0.6, "0.6 is the second row only: 6 of 10 pictures of that class."),
            Wrong(2 / 3, "0.67 is the first column only: of 12 answers with that class, 8 right."),
            Wrong(70, "70 is in percent; give the share, between 0 and 1."),
        ),
    ),
}

"""Exercises of lesson 6, CIFAR-10."""

from .checking import Exercise, Wrong

ROW, COLUMN = 10, 20  # of the pixel in "06.byte"; its green value is asked for

EXERCISES = {
    "06.byte": Exercise(
        "in which byte of a picture the green value of row 10, column 20 is",
        1024 + ROW * 32 + COLUMN,
        "1024 + 10 · 32 + 20: one whole plane, ten whole rows, twenty pixels.",
        "First skip the red plane, then whole rows, then pixels of the row.",
        (
            Wrong(
                ROW * 32 + COLUMN,
                "that is its red value. Green is the second plane: skip 32 · 32 bytes.",
            ),
            Wrong(
                2048 + ROW * 32 + COLUMN,
                "that is its blue value. Green comes behind one plane, not behind two.",
            ),
            Wrong(
                1024 + COLUMN * 32 + ROW,
                "row and column are swapped: whole rows are skipped first, 32 bytes each.",
            ),
            Wrong(
                (ROW * 32 + COLUMN) * 3 + 1,
                "that is right for files that keep the three values of a pixel together. "
                "Here each channel has a plane of its own.",
            ),
            Wrong(
                1024 + (ROW - 1) * 32 + COLUMN - 1,
                "that counts from 1. Rows and columns are counted from 0, as in Python.",
            ),
            Wrong(
                1024 + ROW * 32 + COLUMN + 1,
                "one too far: in the version with a label in front it would be right, but here "
                "the first byte of the picture is byte 0.",
            ),
        ),
    ),
    "06.batches": Exercise(
        "how many batches of 128 a pass over 50,000 pictures has with drop_last=True",
        390,
        "390 · 128 = 49,920 pictures; the other 80 make no whole batch and are dropped.",
        "Divide 50,000 by 128, then decide what becomes of the rest.",
        (
            Wrong(
                391,
                "that is with drop_last=False: the last batch has only 80 pictures, and is dropped "
                "here.",
            ),
            Wrong(
                390.625,
                "there is no part of a batch: round, and think about which way.",
                lambda answer: abs(answer - 390.625) < 0.05,
            ),
            Wrong(
                1562,
                "that is for batches of 32. Here they have 128 pictures.",
                lambda answer: answer in (1562, 1563),
            ),
            Wrong(
                78,
                "that is for the test pictures. A pass over the training pictures has 50,000.",
                lambda answer: answer in (78, 79),
            ),
        ),
        form="a whole number",
    ),
    "06.std": Exercise(
        "the std over all pixels of two pictures, (0, 0.2) and (0.8, 1)",
        0.17**0.5,
        "the mean is 0.5, the mean square of the deviations 0.17, its root 0.412: four times the "
        "std within each picture. Most of the spread lies between the pictures.",
        "Take all four values together: their mean, then the mean of the squared deviations from "
        "it, then the root.",
        (
            Wrong(
                0.1,
                "that is the mean of the two pictures' own stds: it forgets that one picture is "
                "dark and the other bright.",
            ),
            Wrong(0.17, "that is the variance: take its root."),
            Wrong(
                (0.68 / 3) ** 0.5,
                "you divided by 3, one less than the number of values. Over a whole data set one "
                "divides by their number; with millions of pixels nobody sees the difference.",
            ),
            Wrong(0.4, "that is the std of the two pictures' means: take the four pixels."),
            Wrong(
                0.5,
                "that is the mean of the four values. Now the root of the mean squared deviation "
                "from it.",
            ),
        ),
        tolerance=0.005,
    ),
}

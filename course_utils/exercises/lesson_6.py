"""Exercises of lesson 6, CIFAR-10."""

from .checking import Exercise, Question, Right, Wrong

ROW, COLUMN = 10, 20  # of the pixel in "06.byte"; its green value is asked for

EXERCISES = {
    "06.byte": Exercise(
        "in which byte of an image the green value of row 10, column 20 is",
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
                "that is its blue value. Green comes after one plane, not after two.",
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
                "the first byte of the image is byte 0.",
            ),
        ),
        more=(
            "The red plane has 32 · 32 bytes. A row of the green plane has 32 bytes.",
            "1024 for the red plane, 10 rows of 32 bytes, then 20 bytes of the row.",
        ),
        solution="1024 + 32 * 10 + 20",
    ),
    "06.record": Exercise(
        "the 13 bytes of an image of 2 × 2 pixels with label 5, as in the binary version",
        (5, 1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12),
        "the label, then the red plane row by row, then green, then blue.",
        "The label comes first. Then all red values, row by row. What follows?",
        (
            Wrong(
                (5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                "that keeps the three values of a pixel together, as PNG and PIL do. Here all red "
                "values come first.",
            ),
            Wrong(
                (1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12, 5),
                "the label comes before the image, not after it.",
            ),
            Wrong(
                (1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12),
                "the label is missing: one byte in front of the image.",
            ),
            Wrong(
                (5, 1, 7, 4, 10, 2, 8, 5, 11, 3, 9, 6, 12),
                "each plane goes row by row: 1 and 4 stand side by side in the first row.",
            ),
            Wrong(
                (5, 3, 6, 9, 12, 2, 5, 8, 11, 1, 4, 7, 10),
                "blue and red are swapped: the red plane is the first.",
            ),
            Wrong(
                (5, 1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12),
                "that goes through the three planes row by row; a plane is finished before the "
                "next one begins.",
            ),
        ),
        form="13 numbers, like (5, 1, …)",
        more=(
            "The red values are 1, 4, 7 and 10: the first number of each pixel.",
            "5, then the first numbers of the four pixels, then their second ones, and so on.",
        ),
        solution="""import torch
pixels = torch.tensor([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]])
(5, *pixels.permute(2, 0, 1).flatten().tolist())""",
    ),
    "06.split": Exercise(
        "which of the three sets decides between two learning rates",
        "validation",
        "it was not learned from, and it may be used up: the test images stay unseen.",
        "It must not be images that it learned from, nor those that the report will be about.",
        (
            Wrong(
                "training",
                "on its training images even one that learns by heart looks perfect.",
                lambda answer: str(answer).startswith("train"),
            ),
            Wrong(
                "test",
                "then the test images take part in the choice. What you report is the better of "
                "two tries on them, and no longer a result on unseen images.",
                lambda answer: str(answer).startswith("test"),
            ),
        ),
        form='"training", "validation" or "test"',
        accept=lambda answer: str(answer).startswith("val"),
        more=(
            "There are three sets: one to learn from, one to choose by, one to report.",
            "The set that is held out of the training images.",
        ),
    ),
    "06.batches": Exercise(
        "how many batches of 128 an epoch of 50,000 images has with drop_last=True",
        390,
        "390 · 128 = 49,920 images; the other 80 make no whole batch and are dropped.",
        "Divide 50,000 by 128, then decide what becomes of the rest.",
        (
            Wrong(
                391,
                "that is with drop_last=False: the last batch has only 80 images, and is dropped "
                "here.",
            ),
            Wrong(
                390.625,
                "there is no part of a batch: round, and think about which way.",
                lambda answer: abs(answer - 390.625) < 0.05,
            ),
            Wrong(
                1562,
                "that is for batches of 32. Here they have 128 images.",
                lambda answer: answer in (1562, 1563),
            ),
            Wrong(
                78,
                "that is for the test images. An epoch goes over all 50,000 training images.",
                lambda answer: answer in (78, 79),
            ),
        ),
        form="a whole number",
        more=(
            "50,000 / 128 is no whole number. With drop_last=True a part of a batch is left out.",
            "50,000 // 128: the whole batches only.",
        ),
        solution="50_000 // 128",
    ),
    "06.std": Exercise(
        "the std over all pixels of two images, (0, 0.2) and (0.8, 1)",
        0.17**0.5,
        "the mean is 0.5, the mean square of the deviations 0.17, its root 0.412: four times the "
        "std within each image. Most of the spread lies between the images.",
        "Take all four values together: their mean, then the mean of the squared deviations from "
        "it, then the root.",
        (
            Wrong(
                0.1,
                "that is the mean of the two images' own stds: it forgets that one image is "
                "dark and the other bright.",
            ),
            Wrong(0.17, "that is the variance: take its root."),
            Wrong(
                (0.68 / 3) ** 0.5,
                "you divided by 3, one less than the number of values. Over a whole data set one "
                "divides by their number; with millions of pixels nobody sees the difference.",
            ),
            Wrong(0.4, "that is the std of the two images' means: take the four pixels."),
            Wrong(
                0.5,
                "that is the mean of the four values. Now the root of the mean squared deviation "
                "from it.",
            ),
        ),
        tolerance=0.005,
        more=(
            "The mean of 0, 0.2, 0.8 and 1 is 0.5. The deviations are −0.5, −0.3, 0.3 and 0.5.",
            "The squared deviations are 0.25, 0.09, 0.09 and 0.25. Their mean, and then its root.",
        ),
        solution="((0.25 + 0.09 + 0.09 + 0.25) / 4) ** 0.5",
    ),
}

QUESTIONS = (
    Question(
        "Three neighbouring bytes in a file of CIFAR-10: what are they, nearly always?",
        ("red, green and blue of one pixel", "that is how PNG and PIL keep them."),
        Right(
            "the same colour of three neighbouring pixels", "each channel is a plane of its own."
        ),
        ("three labels", "there is one label for 3072 bytes of image."),
    ),
    Question(
        "A DataLoader over torchvision's CIFAR10, without a transform, fails at once. Why?",
        Right("PIL images cannot be stacked", "a transform makes tensors of them, which can be."),
        ("32 does not divide 50,000", "the last batch is smaller; the first is not."),
        ("two workers are too few", "it fails with any number of them, and with none."),
    ),
    Question(
        "All training images are right, and 60 % of the test images. What will it reach on new "
        "images of the same kind?",
        ("100 %: it has learned everything", "it has learned those images, perhaps by heart."),
        ("80 %, the mean of both", "the training images say nothing about new ones."),
        Right("about 60 %", "only the test images were as new to it as those will be."),
    ),
    Question(
        "Why is the average of the images' own stds smaller than the std over all pixels?",
        ("because of rounding", "rounding is a thousand times too small for that."),
        Right(
            "because it leaves out how the images differ from one another",
            "each is measured against its own mean: bright or dark no longer counts.",
        ),
        ("because there are three channels", "both are computed for each channel."),
    ),
    Question(
        "Which images are augmented?",
        Right("training images, anew in every epoch", "so it hardly ever sees the same twice."),
        ("training images, once and for all", "then every epoch shows the same few forms."),
        ("training and test images", "test images stay, so that results can be compared."),
    ),
)

PREDICTIONS = {
    "06.order": Question(
        "Bytes in planes, read as pixels with three values side by side",
        (
            "the same image in other colours",
            "only swapped planes would do that; here a pixel gets three values of one plane.",
        ),
        Right(
            "small grey copies of it",
            "three neighbours of one plane make a nearly grey pixel, three rows make one row.",
        ),
        ("noise", "neighbours stay together in threes, so the image stays recognisable."),
    ),
    "06.averages": Question(
        "How many test images the nearest of ten averages classifies correctly",
        (
            "about one in ten",
            "that is guessing; the averages know the usual colours of a class.",
        ),
        Right("about one in four", "28 %: colours and rough shapes are better than guessing."),
        ("more than half", "the averages have lost nearly all shapes: it is 28 %."),
    ),
    "06.unseen": Question(
        "A classifier that memorised 10,000 images: other training images, and test images",
        ("nearly all of both", "it has not memorised any of them."),
        Right(
            "about three in ten of both",
            "neither was memorised, and both are images of the same kind.",
        ),
        (
            "nearly all of the other training images, few of the test images",
            "being in the file of training images is no help: it has not memorised them.",
        ),
    ),
    "06.first_batch": Question(
        "The first batch of a DataLoader over PIL images",
        (
            "a tensor [32, 3, 32, 32]",
            "nothing has made tensors of the images; the loader does not do it by itself.",
        ),
        (
            "a list of 32 PIL images",
            "the loader wants to stack them into one tensor, and cannot.",
        ),
        Right("nothing: an error", "default_collate stacks tensors, not PIL images."),
    ),
    "06.own_std": Question(
        "The average of the images' own stds, compared with the std over all pixels",
        (
            "the same",
            "it would be, if all images had the same mean; some are dark, others bright.",
        ),
        Right("smaller", "it leaves out how the means of the images differ."),
        ("larger", "no image adds spread of its own that all pixels together do not have."),
    ),
    "06.moved": Question(
        "Memorised images, moved by a few pixels: how many are still right",
        ("all: it knows them", "it knows their numbers, and at each place there is another one."),
        (
            "about nine in ten",
            "for us hardly anything has changed, but the distance adds up over 3072 numbers.",
        ),
        Right("fewer than half", "often another of the 10,000 images is nearer now."),
    ),
    "06.speed": Question(
        "Whole batches at once, compared with a DataLoader and two workers",
        ("twice as many", "each image costs the DataLoader several calls in Python."),
        ("five times as many", "on most machines it is more: see the cell."),
        Right(
            "twenty times as many, or more",
            "about a dozen calls for a batch, where the DataLoader needs several for each image.",
        ),
    ),
}

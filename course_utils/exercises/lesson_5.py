"""Exercises of lesson 5, preprocessing."""

import torch

from .checking import Exercise, Question, Right, Wrong

FRAME = torch.arange(0, 240, 10, dtype=torch.float32).reshape(2, 4, 3)  # (H, W, BGR)
BATCH = FRAME.flip(2).permute(2, 0, 1)[None] / 255


def _same_numbers(one: torch.Tensor, other: torch.Tensor) -> bool:
    """The same numbers, in any order."""
    one, other = (x.float().flatten().sort().values for x in (one, other))
    return torch.allclose(one, other, atol=1e-4)


EXERCISES = {
    "05.normalize": Exercise(
        "the red value 200 after ToTensor and Normalize with ImageNet's mean and std",
        (200 / 255 - 0.485) / 0.229,
        "200 / 255 = 0.784, minus the mean of red, 0.485, divided by its std, 0.229.",
        "First divide by 255. Then subtract the mean of red and divide by the std of red.",
        (
            Wrong(871.25, "871 forgets ToTensor: divide by 255 before you subtract the mean."),
            Wrong(3.417, "3.42 divides by 255 last: the mean is for values from 0 to 1."),
            Wrong(0.299, "0.299 has the mean subtracted; the std is still missing."),
            Wrong(1.466, "1.47 uses the numbers of green: red comes first, 0.485 and 0.229."),
            Wrong(1.681, "1.68 uses the numbers of blue: red comes first, 0.485 and 0.229."),
            Wrong(2.940, "2.94 divides only the pixel by the std; subtract the mean first."),
            Wrong(0.0685, "0.069 multiplies by the std; divide by it."),
            Wrong(0.784, "0.784 is the value after ToTensor; Normalize comes next."),
        ),
        more=(
            "Red comes first: its mean is 0.485, its std 0.229. Both are for values from 0 to 1.",
            "(200 / 255 − 0.485) / 0.229.",
        ),
        solution="(200 / 255 - 0.485) / 0.229",
    ),
    "05.shape": Exercise(
        "shape of the batch of one colour photograph, 640 wide and 480 high",
        (1, 3, 480, 640),
        "one image, three channels, then rows and columns: height before width.",
        "Batch, channels, height, width.",
        (
            Wrong((1, 3, 640, 480), "width and height are swapped: PyTorch puts the height first."),
            Wrong(
                (1, 480, 640, 3), "the channels stand last, as in the array: ToTensor moves them."
            ),
            Wrong(
                (3, 1, 480, 640), "unsqueeze(0) puts the new dimension in front of the channels."
            ),
            Wrong((1, 1, 480, 640), "1 channel is grey; a colour photograph has 3."),
            Wrong(
                (1, 640, 480, 3), "channels come before height and width, and height before width."
            ),
            Wrong(
                (3, 480, 640),
                "the batch dimension is missing: unsqueeze(0) puts a 1 in front.",
                lambda answer: len(answer) == 3,
            ),
            Wrong((1, 3, 224, 224), "nothing was resized or cropped here: the size stays."),
        ),
        form="four numbers like (2, 3, 5, 7)",
        more=(
            "One image, so N = 1. A colour photograph has three channels.",
            "(1, 3, …, …): and then the rows, which are the height, before the columns.",
        ),
    ),
    "05.mistake": Exercise(
        "the step that was left out when the network gets values from −1 to 509",
        "scale",
        "normalize subtracts 0.5 and divides by 0.5. From 0 to 255 that makes −1 to 509; scaled to "
        "0 to 1 first, it would be −1 to 1.",
        "Which step makes small numbers of large ones? What would −1 and 509 have been before it?",
        (
            Wrong(
                "normalize",
                "without normalize the values would be 0 to 1; 509 is beyond even 255.",
                lambda answer: answer.startswith("normali"),
            ),
            Wrong(
                "to tensor",
                "without to tensor there would be no numbers to normalise: an error.",
                lambda answer: answer.replace("_", "").replace(" ", "") == "totensor",
            ),
            Wrong(
                "resize",
                "without resize the network sees another part of the image, in the right range.",
            ),
            Wrong("crop", "without crop the values are right, and the image is not square."),
            Wrong("batch", "without batch the values are right, and the shape has no N."),
        ),
        form="the name of a step in quotes: resize, crop, to tensor, scale, normalize or batch",
        more=(
            "Undo normalize: times 0.5, plus 0.5. What becomes of −1, and what of 509?",
            "Before normalize they were 0 and 255. Which step should have divided these?",
        ),
    ),
    "05.frame": Exercise(
        "a batch (1, 3, 2, 4) in RGB, 0 to 1, from a uint8 frame (2, 4, 3) in BGR",
        BATCH,
        "channels reversed, moved to the front, divided by 255, and a batch dimension before them.",
        "Four things: reverse the last axis, permute(2, 0, 1), divide by 255, unsqueeze(0).",
        (
            Wrong(
                FRAME.permute(2, 0, 1)[None] / 255,
                "red and blue are still swapped: reverse the channels, frame[:, :, ::-1].",
            ),
            Wrong(BATCH * 255, "the values still go up to 230: divide by 255."),
            Wrong(
                FRAME.permute(2, 0, 1)[None],
                "divide by 255, and reverse the channels: they are still blue, green, red.",
            ),
            Wrong(
                BATCH[0],
                "the batch dimension is missing: unsqueeze(0).",
                lambda answer: answer.shape == (3, 2, 4),
            ),
            Wrong(
                BATCH.transpose(2, 3),
                "height and width are swapped: permute(2, 0, 1) moves the channels and leaves "
                "rows before columns.",
                lambda answer: answer.shape == (1, 3, 4, 2),
            ),
            Wrong(
                BATCH.permute(0, 2, 3, 1),
                "the channels stand last: permute(2, 0, 1) moves them to the front.",
                lambda answer: answer.shape == (1, 2, 4, 3),
            ),
            Wrong(
                BATCH.flip(2),
                "the rows are reversed as well, or instead: reverse the last axis only.",
            ),
            Wrong(
                FRAME.flip(2).reshape(1, 3, 2, 4) / 255,
                "reshape (or view) cuts the numbers into new rows and mixes the channels: use "
                "permute, which moves axes.",
                lambda answer: answer.shape == (1, 3, 2, 4) and _same_numbers(answer, BATCH),
            ),
        ),
        form="a tensor of the shape (1, 3, 2, 4)",
        more=(
            "frame[:, :, ::-1].copy() is RGB. torch.from_numpy makes a tensor (2, 4, 3) of it.",
            "torch.from_numpy(frame[:, :, ::-1].copy()).permute(2, 0, 1), then as a float / 255, "
            "and last unsqueeze(0).",
        ),
        solution="""import numpy as np, torch
frame = np.arange(0, 240, 10, dtype=np.uint8).reshape(2, 4, 3)
rgb = torch.from_numpy(frame[:, :, ::-1].copy())
(rgb.permute(2, 0, 1).float() / 255).unsqueeze(0)""",
    ),
}

QUESTIONS = (
    Question(
        "np.asarray(image).shape is (480, 640, 3). Which image is it?",
        Right("640 pixels wide, 480 high, in colour", "rows first, then columns, channels last."),
        ("480 pixels wide, 640 high, in colour", "that is how Pillow's size would say it."),
        ("480 grey images of 640 pixels", "the 3 stands for red, green and blue."),
    ),
    Question(
        "What does ToTensor make of a pixel's value 51?",
        ("51.0", "it becomes a float, and is divided by 255 as well."),
        Right("0.2", "51 / 255, and the channels move to the front."),
        ("a value around 0", "that needs a mean and a std: Normalize comes next."),
    ),
    Question(
        "Which mean and std belong into Normalize?",
        ("those of the image", "then every image would be equally bright and rich."),
        ("ImageNet's, always", "only for networks that were trained with them."),
        Right("those that the network was trained with", "its weights were learned for these."),
    ),
    Question(
        "Which of these mistakes raises no error?",
        Right("red and blue swapped", "shape, type and range are right; only the answers suffer."),
        ("channels last", "the first convolution finds 224 channels in place of 3."),
        ("numbers left as uint8", "the weights are floats, and cannot be multiplied by them."),
    ),
    Question(
        "A network for 1000 classes gets an image of none of them. What do the probabilities that "
        "softmax gives add up to?",
        ("0: it knows nothing of the kind", "it has no way to say so."),
        ("less than 1", "the rest would be 'none of these', which is no class of its own."),
        Right("1, as always", "softmax shares out 1 among the classes that there are."),
    ),
)

PREDICTIONS = {
    "05.array": Question(
        "the shape of the array of an image whose size is (1920, 1135)",
        ("(1920, 1135, 3)", "that is Pillow's order; an array has rows, the height, first."),
        Right("(1135, 1920, 3)", "rows, columns, and the three channels last."),
        ("(3, 1135, 1920)", "channels come first in PyTorch, not yet in the array."),
    ),
    "05.mean": Question(
        "what holds for one image's red after Normalize",
        ("its mean is 0", "only if the image is as bright as ImageNet is on average."),
        ("its mean is 0 and its std 1", "mean and std that are taken off are not the image's own."),
        Right("neither need hold", "the numbers are ImageNet's: a dark image keeps a low mean."),
    ),
    "05.size": Question(
        "at which size a network trained at 224 is surest of five photographs",
        ("the larger, the surer", "above 224 it falls: 512 is worse than 128."),
        Right("in between", "it falls at 64 and above 224."),
        ("about the same at all sizes", "the largest and the smallest mean are far apart."),
    ),
    "05.house": Question(
        "what the network says to a house, for which it has no class",
        ("that it does not know", "softmax shares out 1 among the classes that there are."),
        Right("something near, not very sure", "a church, with a quarter of the probability."),
        ("something near, very sure", "that happens too; here several classes share it."),
    ),
    "05.loud": Question(
        "how many of four mistakes run without an error",
        ("none", "one of them has the right shape and type."),
        Right("one", "red and blue swapped: shape, type and range are right."),
        ("two", "BGR is the only one; a forgotten batch comes far, but not to the end."),
        ("three", "no batch, uint8 and channels last each raise an error."),
    ),
    "05.crop": Question(
        "what the network says if 224 × 224 pixels are cut out of the house, not scaled",
        Right("something about windows", "that is what these 2.3 % of the image show."),
        ("church, as before", "the church was the gable and the roof; they are cut off."),
        ("an error: too many pixels", "the crop has exactly as many as the network wants."),
    ),
    "05.order": Question(
        "what comes out if one normalises before scaling",
        ("an error", "the steps only subtract, multiply and divide: they take any numbers."),
        ("the same values: one may swap them", "0.5 is half of 1, but next to 255 it is nothing."),
        Right("no error, values from 0 to 2", "(255 − 0.5) / 0.5 / 255 is nearly 2."),
    ),
    "05.twice": Question(
        "what the network says of three images that were scaled twice",
        Right("three times the same class", "all three are nearly black to it."),
        ("the right classes, less surely", "of the differences a 255th is left."),
        ("three different wrong classes", "they hardly differ any more."),
    ),
    "05.worst": Question(
        "which of four silent mistakes costs most",
        ("ImageNet's mean and std", "the values keep about the range that it was trained with."),
        ("no normalisation", "0 to 1 in place of −1 to 1: less contrast, but in the range."),
        Right("normalised before scaling", "0 to 2: what was black is grey, and white is beyond."),
        ("BGR", "much of an image is known by its brightness, which hardly changes."),
    ),
    "05.whole": Question(
        "what comes out if the whole house goes in",
        ("an error: the last layer wants a fixed number of inputs", "it gets that number."),
        ("1000 logits for each part of 224 × 224 pixels", "all places are averaged into one."),
        Right(
            "one row of 1000 logits", "the adaptive pooling makes 1280 numbers of maps of any size."
        ),
    ),
}

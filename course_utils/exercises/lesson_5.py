"""Exercises of lesson 5, preprocessing."""

import torch

from .checking import Exercise, Wrong

FRAME = torch.arange(0, 240, 10, dtype=torch.float32).reshape(2, 4, 3)  # (H, W, BGR)
BATCH = FRAME.flip(2).permute(2, 0, 1)[None] / 255

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
    ),
    "05.shape": Exercise(
        "shape of the batch of one colour photograph, 640 wide and 480 high",
        (1, 3, 480, 640),
        "one picture, three channels, then rows and columns: height before width.",
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
            Wrong(
                BATCH * 255,
                "the values still go up to 230: divide by 255.",
            ),
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
                lambda answer: answer.shape == (1, 3, 2, 4) and answer.float().max() <= 1,
            ),
        ),
        form="a tensor of the shape (1, 3, 2, 4)",
    ),
}

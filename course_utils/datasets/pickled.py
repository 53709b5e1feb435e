"""A batch file of CIFAR-10: a pickle, which is a small program, read without running it.

Its checksum is compared before that. As a second guard, the reader knows arrays only.
"""

import pickle
from io import BytesIO
from typing import Any

import numpy as np

from ..errors import CourseError
from .mapped import Array


def read_batch(content: bytes, name: str) -> tuple[Array, Array]:
    """Images uint8 `(n, 32, 32, 3)` and labels int64 `(n,)` of one pickled batch.

    In the file an image is 3072 bytes: its red plane, row by row, then green, then blue.
    Raises `CourseError` if `content` is not such a batch.
    """
    try:
        batch = ArraysOnly(BytesIO(content), encoding="latin1").load()
        pixels, labels = batch["data"], np.array(batch["labels"])
        if pixels.dtype != np.uint8 or pixels.shape != (len(labels), 3072):
            raise ValueError("its data are not a row of 3072 bytes for each label")
        if labels.dtype != np.int64 or labels.min() < 0 or labels.max() > 9:
            raise ValueError("a label is not one of 0 to 9")
    except Exception as error:  # a broken pickle can raise almost anything
        raise CourseError(f"{name} is no batch of CIFAR-10: {error or 'it is broken'}.") from None
    return pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels


class ArraysOnly(pickle.Unpickler):
    """Reads pickles that hold numbers, text, lists, dicts and arrays; nothing else is called."""

    def find_class(self, module: str, name: str) -> Any:
        """Called for each function or class that the pickle names."""
        called = (module.removesuffix(".multiarray").replace("._core", ".core"), name)
        known = [("numpy", "ndarray"), ("numpy", "dtype"), ("numpy.core", "_reconstruct")]
        if called not in [*known, ("_codecs", "encode")]:
            raise pickle.UnpicklingError(f"it wants to call {module}.{name}")
        return super().find_class(module, name)

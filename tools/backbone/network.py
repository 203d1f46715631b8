"""The (2+1)-D network of src/engine/backbone/movinet.ts in PyTorch: causal, ReLU6, two-dimensional operations only.

Activations are [B*T, C, H, W]: the frames of a clip lie in the batch, and only the temporal convolution looks across
them. Padding is TensorFlow's SAME, which is asymmetric where a stride of 2 meets an even size.
"""
import json
import struct

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

STEM, FEATURES = 8, 480
# (width, [(expand, kernel, stride, frames)]) of each stage
STAGES = [
    (8, [(24, 5, 2, 1)]),
    (32, [(80, 3, 2, 3), (80, 3, 1, 3), (80, 3, 1, 3)]),
    (56, [(184, 3, 2, 5), (112, 3, 1, 3), (184, 3, 1, 3)]),
    (56, [(184, 3, 1, 5), (184, 3, 1, 3), (184, 3, 1, 3), (184, 3, 1, 3)]),
    (104, [(384, 3, 2, 5), (280, 5, 1, 1), (280, 5, 1, 1), (344, 5, 1, 1)]),
]


def same_padding(size, kernel, stride):
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def pad_same(x, kernel, stride):
    (top, bottom), (left, right) = (same_padding(n, kernel, stride) for n in x.shape[-2:])
    return F.pad(x, (left, right, top, bottom)) if top + bottom + left + right else x


def average_pool(x):
    """3x3, stride 2, SAME; padding does not count."""
    ones = torch.ones_like(x[:1, :1])
    total = F.avg_pool2d(pad_same(x, 3, 2), 3, 2)
    return total / F.avg_pool2d(pad_same(ones, 3, 2), 3, 2)


class Convolution(nn.Module):
    """In space: `groups` 1 or depthwise. While it is trained, batch norm stands where the bias will be."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, depthwise=False, norm=True):
        super().__init__()
        self.kernel, self.stride, self.depthwise = kernel, stride, depthwise
        self.weight = nn.Parameter(torch.empty(outputs, 1 if depthwise else inputs, kernel, kernel))
        nn.init.kaiming_normal_(self.weight, nonlinearity="relu")
        self.bias = None if norm else nn.Parameter(torch.zeros(outputs))
        self.norm = nn.BatchNorm2d(outputs) if norm else None

    def forward(self, x):
        groups = self.weight.shape[0] if self.depthwise else 1
        x = F.conv2d(pad_same(x, self.kernel, self.stride), self.weight, self.bias, self.stride, 0, 1, groups)
        return self.norm(x) if self.norm else x

    def folded(self):
        """Weight and bias with the batch norm inside them, weights as the engine has them: [kh,kw,in,out]."""
        weight, bias = self.weight.detach(), self.bias
        if self.norm:
            factor = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
            weight = weight * factor.detach().view(-1, 1, 1, 1)
            bias = self.norm.bias - self.norm.running_mean * factor
        order = (2, 3, 0, 1) if self.depthwise else (2, 3, 1, 0)
        return weight.permute(order), bias.detach()

    def load(self, weight, bias):
        order = (2, 3, 0, 1) if self.depthwise else (3, 2, 0, 1)
        self.weight.data = weight.permute(order).contiguous()
        self.bias.data = bias


class TemporalConvolution(Convolution):
    """Depthwise over time, causal: the present frame and the `frames` - 1 before it, zeros before the first."""

    def __init__(self, channels, frames, norm=True):
        super().__init__(channels, channels, 1, depthwise=True, norm=norm)
        self.weight = nn.Parameter(torch.randn(channels, frames) / frames + torch.eye(frames)[-1])

    def forward(self, x, length):
        clips = x.view(-1, length, *x.shape[1:])
        frames = self.weight.shape[1]
        before = clips.new_zeros(clips.shape[0], frames - 1, *clips.shape[2:])
        padded = torch.cat([before, clips], 1)
        taps = self.weight.t().reshape(frames, -1, 1, 1)
        x = sum(padded[:, k : k + length] * taps[k] for k in range(frames)).flatten(0, 1)
        return self.norm(x) if self.norm else x + self.bias.view(-1, 1, 1)

    def folded(self):
        weight, channels = self.weight, self.weight.shape[0]
        self.weight = nn.Parameter(weight.t().reshape(-1, 1, channels, 1).permute(2, 3, 0, 1))  # [C,1,kt,1]
        folded = super().folded()
        self.weight = weight
        return folded

    def load(self, weight, bias):
        self.weight.data = weight[:, 0, :, 0].t().contiguous()
        self.bias.data = bias


class Block(nn.Module):
    """1x1 expand, k x k depthwise, kt depthwise in time, 1x1 project, skip."""

    def __init__(self, inputs, outputs, expand, kernel, stride, frames, norm):
        super().__init__()
        self.expand = Convolution(inputs, expand, norm=norm)
        self.spatial = Convolution(expand, expand, kernel, stride, depthwise=True, norm=norm)
        self.temporal = TemporalConvolution(expand, frames, norm) if frames > 1 else None
        self.project = Convolution(expand, outputs, norm=norm)
        self.skip = Convolution(inputs, outputs, norm=norm) if stride == 2 else None

    def forward(self, x, length):
        h = F.relu6(self.spatial(F.relu6(self.expand(x))))
        if self.temporal:
            h = F.relu6(self.temporal(h, length))
        return self.project(h) + (self.skip(average_pool(x)) if self.skip else x)


class Network(nn.Module):
    def __init__(self, norm=True):
        super().__init__()
        self.stem = Convolution(3, STEM, 3, 2, norm=norm)
        width, blocks = STEM, []
        for outputs, plans in STAGES:
            for plan in plans:
                blocks.append(Block(width, outputs, *plan, norm))
                width = outputs
        self.blocks = nn.ModuleList(blocks)
        self.head = Convolution(width, FEATURES, norm=norm)

    def steps(self):
        """The network as functions of (x, frames per clip), one after the other."""
        return [
            lambda x, length: F.relu6(self.stem(x)),
            *self.blocks,
            lambda x, length: F.relu6(self.head(x)),
        ]

    def forward(self, frames):
        """
        frames [B,T,3,S,S] in 0..1
        returns the output of every step, [B*T,C,H,W] each; the last is the map
        """
        outputs, x = [], frames.flatten(0, 1)
        for step in self.steps():
            x = step(x, frames.shape[1])
            outputs.append(x)
        return outputs

    def convolutions(self):
        """(engine name, convolution)"""
        yield "stem", self.stem
        blocks = iter(self.blocks)
        for s, (_, plans) in enumerate(STAGES):
            for b in range(len(plans)):
                block = next(blocks)
                for part in ("expand", "spatial", "temporal", "project", "skip"):
                    if getattr(block, part) is not None:
                        yield f"blocks.{s}.{b}.{part}", getattr(block, part)
        yield "head", self.head

    def export(self):
        """Tensors by the engine's names; the scale of a block is in its projection already."""
        tensors = {}
        for name, convolution in self.convolutions():
            tensors[f"{name}.weight"], tensors[f"{name}.bias"] = convolution.folded()
            if name.endswith("project"):
                tensors[name.replace("project", "scale")] = torch.ones(convolution.weight.shape[0])
        return tensors

    def load_engine(self, tensors):
        """From the engine's names into a network without norm."""
        for name, convolution in self.convolutions():
            weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
            if name.endswith("project"):
                scale = tensors[name.replace("project", "scale")]
                weight, bias = weight * scale, bias * scale
            convolution.load(weight, bias)
        return self


def read_safetensors(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(size)), file.read()
    header.pop("__metadata__", None)
    kinds = {"F32": np.float32, "F16": np.float16, "U8": np.uint8, "I32": np.int32}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[start:end], kinds[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.astype(np.float32))
    return tensors


def write_safetensors(path, tensors, metadata):
    """float16"""
    header, blocks, position = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        block = tensor.contiguous().numpy().astype(np.float16).tobytes()
        header[name] = {
            "dtype": "F16",
            "shape": list(tensor.shape),
            "data_offsets": [position, position + len(block)],
        }
        position += len(block)
        blocks.append(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blocks))

"""Writes what src/engine/backbone/i3d.ts is checked against: I3D in PyTorch, with 3-D convolutions.

    python3 tools/i3d/golden.py test/unit/backbone/i3d.golden.json && npx prettier --write test/unit/backbone/i3d.golden.json

Inputs and weights are drawn from a formula of name and index that the test computes as well, so only outputs are kept.
Tensors are [N,C,T,H,W] here and are written as [N,T,H,W,C].
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

EPSILON = 1e-3
# (b0, b1, b2, b3) of each Inception block
BLOCKS = {
    "Mixed_3b": (64, (96, 128), (16, 32), 32),
    "Mixed_3c": (128, (128, 192), (32, 96), 64),
    "Mixed_4b": (192, (96, 208), (16, 48), 64),
    "Mixed_4c": (160, (112, 224), (24, 64), 64),
    "Mixed_4d": (128, (128, 256), (24, 64), 64),
    "Mixed_4e": (112, (144, 288), (32, 64), 64),
    "Mixed_4f": (256, (160, 320), (32, 128), 128),
    "Mixed_5b": (256, (160, 320), (32, 128), 128),
    "Mixed_5c": (384, (192, 384), (48, 128), 128),
}


def drawn(name, shape, low, high):
    """Uniform in low..high, the same on every machine: 32-bit mixing of the index and the letters of the name."""
    seed = 0
    for letter in name:
        seed = (seed * 31 + ord(letter)) % 2**32
    x = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed)
    for shift, factor in ((16, 73244475), (15, 2146121005), (16, 1)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    values = low + (high - low) * (x.astype(np.float64) / 2**32)
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def unit_weights(name, inputs, kernel, outputs):
    limit = float(np.sqrt(6 / (inputs * kernel**3)))
    return {
        f"{name}.conv3d.weight": drawn(f"{name}.conv3d.weight", (outputs, inputs, kernel, kernel, kernel), -limit, limit),
        f"{name}.bn.weight": drawn(f"{name}.bn.weight", (outputs,), 0.8, 1.2),
        f"{name}.bn.bias": drawn(f"{name}.bn.bias", (outputs,), -0.1, 0.3),
        f"{name}.bn.running_mean": drawn(f"{name}.bn.running_mean", (outputs,), -0.2, 0.2),
        f"{name}.bn.running_var": drawn(f"{name}.bn.running_var", (outputs,), 0.5, 1.5),
    }


def pad_same(x, kernel, stride, value=0.0):
    around = []
    for size, k, s in reversed(list(zip(x.shape[2:], kernel, stride))):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        around += [total // 2, total - total // 2]
    return F.pad(x, around, value=value)


def unit(x, weights, name, stride=1):
    kernel = weights[f"{name}.conv3d.weight"]
    padded = pad_same(x, kernel.shape[2:], [stride] * 3)
    mean, variance, gamma, beta = (weights[f"{name}.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
    return F.relu(F.batch_norm(F.conv3d(padded, kernel, stride=stride), mean, variance, gamma, beta, eps=EPSILON))


def pool(x, kernel, stride):
    kernel, stride = ([e[0], e[1], e[1]] for e in (kernel, stride))
    return F.max_pool3d(pad_same(x, kernel, stride, -float("inf")), kernel, stride)


def mixed_weights(name, inputs, b0, b1, b2, b3):
    weights = {}
    for part, *shape in (
        ("b0", inputs, 1, b0),
        ("b1a", inputs, 1, b1[0]),
        ("b1b", b1[0], 3, b1[1]),
        ("b2a", inputs, 1, b2[0]),
        ("b2b", b2[0], 3, b2[1]),
        ("b3b", inputs, 1, b3),
    ):
        weights |= unit_weights(f"{name}.{part}", *shape)
    return weights


def mixed(x, weights, name):
    b1 = unit(unit(x, weights, f"{name}.b1a"), weights, f"{name}.b1b")
    b2 = unit(unit(x, weights, f"{name}.b2a"), weights, f"{name}.b2b")
    b3 = unit(pool(x, (3, 3), (1, 1)), weights, f"{name}.b3b")
    return torch.cat([unit(x, weights, f"{name}.b0"), b1, b2, b3], 1)


def network(size):
    """[1024] of one clip of 16 frames, and the map [h,w,1024] that it is the mean of."""
    weights = {}
    for name, *shape in (("Conv3d_1a_7x7", 3, 7, 64), ("Conv3d_2b_1x1", 64, 1, 64), ("Conv3d_2c_3x3", 64, 3, 192)):
        weights |= unit_weights(name, *shape)
    width = 192
    for name, plan in BLOCKS.items():
        weights |= mixed_weights(name, width, *plan)
        width = plan[0] + plan[1][1] + plan[2][1] + plan[3]
    x = channels_first(drawn("clip", (1, 16, size, size, 3), 0, 1)) * 2 - 1
    x = unit(x, weights, "Conv3d_1a_7x7", 2)
    x = pool(x, (1, 3), (1, 2))
    x = unit(unit(x, weights, "Conv3d_2b_1x1"), weights, "Conv3d_2c_3x3")
    x = pool(x, (1, 3), (1, 2))
    for name in BLOCKS:
        if name == "Mixed_4b":
            x = pool(x, (3, 3), (2, 2))
        if name == "Mixed_5b":
            x = pool(x, (2, 2), (2, 2))
        x = mixed(x, weights, name)
    x = x[0].mean(1)
    return x.mean((1, 2)), x.permute(1, 2, 0)


def channels_first(x):
    return x.permute(0, 4, 1, 2, 3)


def numbers(x):
    return [float(f"{value:.7g}") for value in x.flatten().tolist()]


def main(path):
    golden = {"units": [], "pools": [], "mixed": [], "network": {}}
    for kernel, stride, frames, height, width in ((7, 2, 6, 9, 8), (7, 2, 5, 8, 11), (3, 1, 4, 5, 6), (3, 2, 4, 6, 5), (1, 1, 2, 3, 4)):
        name = f"unit{kernel}{stride}{frames}"
        shape = (2, frames, height, width, 3)
        y = unit(channels_first(drawn(name, shape, -1, 1)), unit_weights(name, 3, kernel, 4), name, stride)
        y = y.permute(0, 2, 3, 4, 1)
        golden["units"].append({"name": name, "kernel": kernel, "stride": stride, "input": shape, "shape": list(y.shape), "output": numbers(y)})
    for kernel, stride in (((1, 3), (1, 2)), ((3, 3), (2, 2)), ((2, 2), (2, 2)), ((3, 3), (1, 1))):
        for frames, height, width in ((4, 6, 7), (5, 7, 6)):
            name = f"pool{kernel}{stride}{frames}"
            shape = (2, frames, height, width, 2)
            y = pool(channels_first(drawn(name, shape, -2, -1)), kernel, stride).permute(0, 2, 3, 4, 1)
            golden["pools"].append({"name": name, "kernel": kernel, "stride": stride, "input": shape, "shape": list(y.shape), "output": numbers(y)})
    shape, plan = (2, 4, 5, 6, 6), (4, (3, 5), (2, 4), 3)
    y = mixed(channels_first(drawn("mixed", shape, -1, 1)), mixed_weights("mixed", 6, *plan), "mixed").permute(0, 2, 3, 4, 1)
    golden["mixed"].append({"name": "mixed", "plan": plan, "input": shape, "shape": list(y.shape), "output": numbers(y)})
    vector, maps = network(64)
    golden["network"] = {"size": 64, "vector": numbers(vector), "norm": float(vector.norm()), "corner": numbers(maps[0, -1])}
    with open(path, "w") as file:
        json.dump(golden, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    with torch.no_grad():
        main(sys.argv[1])

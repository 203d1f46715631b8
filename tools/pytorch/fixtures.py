"""Writes the checkpoints that src/engine/formats/pytorch.ts is tested with, a few KB each.

    python3 tools/pytorch/fixtures.py test/unit/formats/pytorch
"""
import os
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn


class Shell:
    """What a pickle can do to whoever loads it."""

    def __reduce__(self):
        return os.system, ("echo this ran",)


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    save = lambda name, what, **how: torch.save(what, folder / f"{name}.pt", **how)

    layer = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    layer[0].weight.data = torch.tensor([[1, -2, 3.5], [0, 1e-20, 7]])
    layer[0].bias.data = torch.tensor([0.25, -0.5])
    state = layer.state_dict()
    save("plain", state)
    save("protocol4", state, pickle_protocol=4)
    save("wrapped", {"epoch": 12, "lr": 0.5, "best": None, "dtype": torch.float32, "state_dict": OrderedDict((f"module.{k}", v) for k, v in state.items())})
    save("parameters", {"model": {"w": layer[0].weight}})
    save("legacy", state, _use_new_zipfile_serialization=False)

    numbers = [-3, 0, 1, 100]
    types = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8")
    kinds = {name: torch.tensor(numbers, dtype=getattr(torch, name)) for name in types}
    kinds["uint8"] = torch.tensor([0, 1, 100, 255], dtype=torch.uint8)
    kinds["bool"] = torch.tensor([False, True, True, False])
    kinds["fraction16"] = torch.tensor([0.1, -65504, 2**-24], dtype=torch.float16)
    kinds["scalar"] = torch.tensor(-7)
    kinds["empty"] = torch.zeros(0, 5)
    save("types", kinds)

    base = torch.arange(24.0).reshape(4, 6)
    views = {
        "transposed": base.t(),
        "column": base[:, 2],
        "window": base[1:3, 1:6:2],
        "rows": base[2:],
        "expanded": base[1, :2].expand(3, 2),
        "axes": base.reshape(2, 2, 6).permute(2, 0, 1),
    }
    save("views", views)
    save("legacy-views", views, _use_new_zipfile_serialization=False)

    code = {"weight": torch.ones(2), "payload": Shell()}
    save("code", code)
    save("legacy-code", code, _use_new_zipfile_serialization=False)
    save("module", layer)


if __name__ == "__main__":
    torch.manual_seed(0)
    main(sys.argv[1])

"""How much features know: a linear probe, frozen features, on videos with and without a fight.

    python3 tools/backbone/probe.py --videos ../shared/videos/fights NAME=FOLDER...

A folder holds the NAME.npy files of `npm run lab -- extract VIDEO... --out FOLDER --backbone ID`. Of each video the mean
over its snippets is probed by logistic regression. Five folds are contiguous blocks of the videos' source index, so
that clips of one source stay together; a seed shifts where the blocks begin. Beside the features stands the simplest
rival: how much neighbouring frames differ.
"""
import argparse
import re
import subprocess
from pathlib import Path

import numpy as np
import torch

FOLDS, SEEDS, PENALTY = 5, 3, 0.1


def frame_differences(path):
    """Mean, spread, largest, and quantiles of the difference of neighbouring frames, five a second."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", "fps=5,scale=172:172,format=gray"]
    raw = subprocess.run([*command, "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, 172 * 172).astype(np.float32) / 255
    changes = np.abs(np.diff(frames, axis=0)).mean(1)
    return np.array([changes.mean(), changes.std(), changes.max(), *np.quantile(changes, (0.1, 0.5, 0.9))])


def auc(scores, labels):
    """Share of (anomalous, normal) pairs in the right order; ties count half."""
    positive, negative = scores[labels == 1], scores[labels == 0]
    return ((positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)).mean()


def fit(x, y):
    """Logistic regression with an L2 penalty, by L-BFGS; returns w and b."""
    w, b = torch.zeros(x.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=200, line_search_fn="strong_wolfe")

    def loss():
        optimiser.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y) + PENALTY * w.pow(2).mean() * len(w) / 2
        value.backward()
        return value

    optimiser.step(loss)
    return w.detach(), b.detach()


def probe(features, labels, indices):
    """AUC of out-of-fold scores, one per seed."""
    order, results = np.unique(indices), []
    for seed in range(SEEDS):
        shift = seed * len(order) // (FOLDS * SEEDS)
        fold_of = {index: (i + shift) % len(order) * FOLDS // len(order) for i, index in enumerate(order)}
        folds, scores = np.array([fold_of[i] for i in indices]), np.zeros(len(labels))
        for fold in range(FOLDS):
            train, test = folds != fold, folds == fold
            mean, spread = features[train].mean(0), features[train].std(0) + 1e-6
            x = torch.tensor((features - mean) / spread, dtype=torch.float32)
            w, b = fit(x[train], torch.tensor(labels[train], dtype=torch.float32))
            scores[test] = (x[test] @ w + b).numpy()
        results.append(auc(scores, labels))
    return np.array(results)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--videos", required=True)
    options.add_argument("folders", nargs="+")
    options = options.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    videos = sorted(Path(options.videos).glob("*.mp4"))
    indices = np.array([int(re.search(r"(\d+)\D*$", video.stem).group(1)) for video in videos])
    labels = np.array([0 if video.stem.startswith("nofight") else 1 for video in videos])
    sets = {"frame difference": np.stack([frame_differences(video) for video in videos])}
    for entry in options.folders:
        name, folder = entry.split("=", 1)
        sets[name] = np.stack([np.load(Path(folder) / f"{video.stem}.npy").mean(0) for video in videos])
    for name, features in sets.items():
        results = probe(features.astype(np.float64), labels, indices)
        print(f"{name:24} AUC {results.mean():.3f}  ({', '.join(f'{r:.3f}' for r in results)})")


main()

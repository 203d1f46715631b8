"""Clips to learn from: frames of videos at 15 a second, drawn clips, and strong augmentation, each from its own seed."""
import subprocess
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

SHORT_SIDE, RATE = 192, 15
UNLICENSED = "none stated"


def videos(folder):
    """Files of `corpus` and `street` whose licence is stated; `index.tsv` says it."""
    rows = [line.split("\t") for line in (Path(folder) / "index.tsv").read_text().splitlines()[1:]]
    return sorted(
        Path(folder) / name
        for name, _, licence in rows
        if name.startswith(("corpus/", "street/")) and licence.strip() != UNLICENSED
    )


def decode(path, codec_noise=False):
    """[N,h,w,3] uint8, short side 192; with `codec_noise` after a second, poor encoding."""
    scale = f"scale=w='if(gt(iw,ih),-2,{SHORT_SIDE})':h='if(gt(iw,ih),{SHORT_SIDE},-2)',fps={RATE}"
    source = ["-i", str(path)]
    if codec_noise:
        poor = ["-vf", scale, "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "40", "-f", "mpegts", "-"]
        source = ["-f", "mpegts", "-i", "-"]
        stream = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), *poor], capture_output=True, check=True).stdout
    raw = ["-an", "-vf", scale, "-f", "image2pipe", "-c:v", "ppm", "-"]
    output = subprocess.run(
        ["ffmpeg", "-v", "error", *source, *raw],
        input=stream if codec_noise else None,
        capture_output=True,
        check=True,
    ).stdout
    width, height = map(int, output[3 : output.index(b"\n", 3)].split())
    header = len(b"P6\n%d %d\n255\n" % (width, height))
    frames = np.frombuffer(output, np.uint8).reshape(-1, header + width * height * 3)
    return frames[:, header:].reshape(-1, height, width, 3)


def drawn(random, count=90):
    """Flat rectangles and discs that move, turn back, stand still or shake before a plain or patterned ground."""
    height, width = SHORT_SIDE, 256
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    ground = random.uniform(0, 255, 3) + random.uniform(-0.4, 0.4, 3) * rows[..., None]
    if random.random() < 0.5:
        ground = ground + random.uniform(5, 40) * np.sin(columns * random.uniform(0.02, 0.4))[..., None]
    things = []
    for _ in range(random.integers(1, 9)):
        things.append(
            dict(
                at=random.uniform((0, 0), (height, width)),
                speed=random.normal(0, 2.5, 2) * (random.random() < 0.8),
                size=random.uniform(4, 40, 2),
                colour=random.uniform(0, 255, 3),
                round=random.random() < 0.5,
                shake=random.uniform(0, 6) * (random.random() < 0.3),
                turn=random.integers(0, 2 * count),
            )
        )
    frames = np.empty((count, height, width, 3), np.uint8)
    for t in range(count):
        picture = ground.copy()
        for thing in things:
            if t == thing["turn"]:
                thing["speed"] = random.normal(0, 4, 2)
            thing["at"] = thing["at"] + thing["speed"]
            y, x = thing["at"] + random.normal(0, 1, 2) * thing["shake"]
            dy, dx = (rows - y % height) / thing["size"][0], (columns - x % width) / thing["size"][1]
            picture[(dy**2 + dx**2 < 1) if thing["round"] else (abs(dy) < 1) & (abs(dx) < 1)] = thing["colour"]
        frames[t] = np.clip(picture, 0, 255)
    return frames


def prepare(folder, cache):
    """Decodes once; returns (training clips, held-out clips) as lists of memory-mapped arrays."""
    cache = Path(cache)
    cache.mkdir(parents=True, exist_ok=True)

    def stored(name, make):
        path = cache / f"{name}.npy"
        if not path.exists():
            np.save(path, make())
        return np.load(path, mmap_mode="r")

    training, held_out = [], []
    for i, path in enumerate(videos(folder)):
        clean = stored(path.stem, lambda: decode(path))
        if len(clean) < RATE:
            continue
        # Every tenth file is held out; neighbours in the list are often of one source and may look alike.
        if i % 10 == 9:
            held_out.append(clean)
        else:
            training += [clean, stored(f"{path.stem}~poor", lambda: decode(path, codec_noise=True))]
    random = np.random.default_rng(0)
    training += [stored(f"drawn{i}", lambda: drawn(random)) for i in range(24)]
    return training, held_out


def window(frames, random, length, size, strong=True):
    """[T,3,size,size] in 0..1: a stretch of a clip at a random speed, cut at a random scale and aspect."""
    stride = random.integers(2, 6) if strong else 3  # 7.5 to 3 frames a second; 3 = the network's 5
    stride = max(1, min(stride, (len(frames) - 1) // max(1, length - 1)))
    start = random.integers(0, max(1, len(frames) - stride * (length - 1)))
    picks = np.minimum(start + stride * np.arange(length), len(frames) - 1)
    if strong and random.random() < 0.1:
        picks = picks[::-1]
    height, width = frames.shape[1:3]
    share = random.uniform(0.45, 1) if strong else 1
    side = min(height, width) * share
    cut_h, cut_w = side, min(width, side * (random.uniform(0.75, 1.33) if strong else 1))
    top = random.uniform(0, height - cut_h) if strong else (height - cut_h) / 2
    left = random.uniform(0, width - cut_w) if strong else (width - cut_w) / 2
    area = (slice(int(top), int(top + cut_h)), slice(int(left), int(left + cut_w)))
    cut = torch.from_numpy(np.stack([frames[p][area] for p in picks])).permute(0, 3, 1, 2).float() / 255
    clip = F.interpolate(cut, size=(size, size), mode="bilinear", antialias=bool(random.random() < 0.3))
    return clip.flip(3) if strong and random.random() < 0.5 else clip


def coloured(clip, random):
    """Brightness, contrast, gamma, tint or grey, noise: what cameras and nights do."""
    if random.random() < 0.8:
        clip = (clip - 0.5) * random.uniform(0.6, 1.4) + 0.5 + random.uniform(-0.2, 0.2)
        clip = clip * torch.tensor(random.uniform(0.85, 1.15, (3, 1, 1)), dtype=torch.float32)
        clip = clip.clamp(0, 1) ** random.uniform(0.7, 1.6)
    if random.random() < 0.2:
        clip = clip.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    if random.random() < 0.5:
        generator = torch.Generator().manual_seed(int(random.integers(2**31)))
        clip = clip + torch.randn(clip.shape, generator=generator) * random.uniform(0, 0.06)
    return clip.clamp(0, 1)


class Batches(torch.utils.data.Dataset):
    """Batch n of a run is a function of (seed, n) alone, so that a run resumes where it stopped."""

    def __init__(self, clips, seed, plan):
        """plan(n) says (clips per batch, frames, size) of step n."""
        self.clips, self.seed, self.plan = clips, seed, plan
        self.shares = np.sqrt([len(clip) for clip in clips])
        self.shares /= self.shares.sum()

    def __getitem__(self, n):
        random = np.random.default_rng((self.seed, n))
        count, length, size = self.plan(n)
        chosen = random.choice(len(self.clips), count, p=self.shares)
        batch = [coloured(window(self.clips[c], random, length, size), random) for c in chosen]
        for i in range(count):
            if random.random() < 0.3:  # CutMix: a window of another clip, over the whole time
                h, w = (size * random.uniform(0.2, 0.7, 2)).astype(int)
                y, x = random.integers(0, size - h), random.integers(0, size - w)
                batch[i][:, :, y : y + h, x : x + w] = batch[i - 1][:, :, y : y + h, x : x + w]
        return torch.stack(batch)

"""Trains weaklens-a0 from random weights by distillation from MoViNet-A0-Stream. Resumes where it stopped.

    python3 tools/backbone/train.py --shared ../shared --work /tmp/backbone

Blocks first: each step of the network learns what the teacher's step makes of the teacher's own input, all at once.
Then the whole: the student sees through its own steps, and learns the 480-d vectors (cosine), the maps (squared error),
and the classifier's opinion of them.
"""
import argparse
import json
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from data import Batches, prepare, window
from network import Network, read_safetensors, write_safetensors

# (objective, steps, learning rate at the start, at the end, clips, frames, size)
PHASES = [
    ("blocks", 3000, 3e-3, 3e-4, 8, 8, 112),
    ("whole", 1700, 1e-3, 2e-4, 8, 8, 128),
    ("whole", 350, 2e-4, 1e-5, 6, 10, 172),
]
SEED = 0
TEMPERATURE = 2.0


def phase_of(step, phases):
    """(phase, share of it that is done)"""
    for phase in phases:
        if step < phase[1]:
            return phase, step / phase[1]
        step -= phase[1]
    return phases[-1], 1.0


def relative_error(student, teacher):
    """Squared error as a share of the teacher's variance over pictures and places, [C] together."""
    spread = (teacher - teacher.mean((0, 2, 3), keepdim=True)).pow(2).mean()
    return (student - teacher).pow(2).mean() / (spread + 1e-6)


def block_losses(student, teacher, frames):
    """One relative error per step of the network, each from the teacher's input to it."""
    with torch.no_grad():
        made = teacher(frames)
    length, inputs = frames.shape[1], [frames.flatten(0, 1), *made[:-1]]
    return {f"step{i}": relative_error(step(x, length), y) for i, (step, x, y) in enumerate(zip(student.steps(), inputs, made))}


def opinion(classifier, vectors):
    hidden = F.relu6(vectors @ classifier["hidden.weight"] + classifier["hidden.bias"])
    return hidden @ classifier["logits.weight"] + classifier["logits.bias"]


def whole_losses(student, teacher, classifier, frames):
    with torch.no_grad():
        made = teacher(frames)
    own = student(frames)
    mine, theirs = own[-1].mean((2, 3)), made[-1].mean((2, 3))
    log_mine = F.log_softmax(opinion(classifier, mine) / TEMPERATURE, 1)
    log_theirs = F.log_softmax(opinion(classifier, theirs) / TEMPERATURE, 1)
    hints = [relative_error(own[i], made[i]) for i in (4, 7, 11, 15)]  # the ends of the stages
    return {
        "cosine": 1 - F.cosine_similarity(mine, theirs).mean(),
        "vector": (mine - theirs).pow(2).mean() / (theirs - theirs.mean(0)).pow(2).mean(),
        "map": relative_error(own[-1], made[-1]),
        "opinion": F.kl_div(log_mine, log_theirs, reduction="batchmean", log_target=True),
        "hints": 0.25 * sum(hints),
    }


@torch.no_grad()
def held_out(student, teacher, clips, size=172, length=24):
    """Over clips that were left out: cosine of frame vectors, and of vectors less the teacher's mean."""
    import numpy as np

    student.eval()
    random, mine, theirs = np.random.default_rng(1), [], []
    for clip in clips:
        frames = window(clip, random, length, size, strong=False)[None]
        mine.append(student(frames)[-1].mean((2, 3)))
        theirs.append(teacher(frames)[-1].mean((2, 3)))
    student.train()
    mine, theirs = torch.cat(mine), torch.cat(theirs)
    centre = theirs.mean(0)
    return {
        "cosine": F.cosine_similarity(mine, theirs).mean().item(),
        "centred": F.cosine_similarity(mine - centre, theirs - centre).mean().item(),
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--shared", default="../shared")
    options.add_argument("--work", default="/tmp/backbone")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--scale", type=float, default=1.0, help="of the number of steps")
    options.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = options.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    phases = [(p[0], int(p[1] * options.scale), *p[2:]) for p in PHASES]
    steps = sum(p[1] for p in phases)
    work, weights = Path(options.work), Path(options.shared) / "weights/movinet-a0-stream"

    clips, left_out = prepare(Path(options.shared) / "videos", work / "frames")
    teacher = Network(norm=False).load_engine(read_safetensors(weights / "backbone.safetensors"))
    teacher = teacher.requires_grad_(False).to(options.device)
    classifier = {k: v.to(options.device) for k, v in read_safetensors(weights / "classifier.safetensors").items()}
    student = Network().to(options.device)
    optimiser = torch.optim.Adam(student.parameters(), betas=(0.9, 0.99))

    checkpoint, start = work / "checkpoint.pt", 0
    if checkpoint.exists():
        stored = torch.load(checkpoint, map_location=options.device)
        student.load_state_dict(stored["student"])
        optimiser.load_state_dict(stored["optimiser"])
        start = stored["step"]

    batches = torch.utils.data.DataLoader(
        Batches(clips, SEED, lambda n: phase_of(n, phases)[0][4:]),
        batch_size=None,
        sampler=range(start, steps),
        num_workers=1,
    )
    log = open(work / "log.jsonl", "a")
    began, sums, kept = time.time(), {}, time.time()
    for step, frames in enumerate(batches, start):
        phase, done = phase_of(step, phases)
        high, low = phase[2:4]
        warm = min(1, (done * phase[1] + 1) / 50)
        rate = warm * (low + (high - low) * 0.5 * (1 + torch.cos(torch.tensor(done * torch.pi)).item()))
        for group in optimiser.param_groups:
            group["lr"] = rate
        frames = frames.to(options.device)
        if phase[0] == "blocks":
            losses = block_losses(student, teacher, frames)
        else:
            losses = whole_losses(student, teacher, classifier, frames)
        optimiser.zero_grad()
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 10.0)
        optimiser.step()
        for name, loss in losses.items():
            sums.setdefault(name, []).append(loss.item())
        last = step + 1 == steps
        if step % 50 == 49 or last:
            row = {"step": step + 1, "seconds": round(time.time() - began), "rate": rate}
            row |= {name: round(sum(values) / len(values), 4) for name, values in sums.items()}
            sums = {}
            if step % 200 == 199 or last:
                row["held out"] = held_out(student, teacher, left_out)
            print(json.dumps(row), file=log, flush=True)
        if time.time() - kept > 240 or last:
            kept = time.time()
            torch.save({"student": student.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1}, checkpoint)
            student.eval()
            write_safetensors(work / "weaklens-a0.safetensors", student.cpu().export(), {"id": "weaklens-a0"})
            student.to(options.device).train()


main()

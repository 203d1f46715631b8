"""Reads what Weaklens writes, with NumPy alone: runs (RUN.zip), scores (SCORES.json) and weights (.safetensors).

    import weaklens_io
    run = weaklens_io.read_run('rtfm-0.zip')
    run['weights']['fc1.weight'].shape; run['scores']['gate.mp4']; run['record']['config']; run['metrics']

    python3 weaklens_io.py FILE...     # says what is in them
"""
import hashlib
import json
import struct
import sys
import zipfile

import numpy as np

TYPES = {'F64': '<f8', 'F32': '<f4', 'F16': '<f2', 'I64': '<i8', 'I32': '<i4', 'I16': '<i2', 'I8': 'i1',
         'U16': '<u2', 'U8': 'u1', 'BOOL': '?'}


def read_safetensors(data):
    """Bytes, or the path of a file, as (tensors by name, metadata). BF16, which NumPy lacks, becomes float32."""
    if not isinstance(data, bytes):
        with open(data, 'rb') as file:
            data = file.read()
    start = 8 + struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:start])
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        first, last = (start + offset for offset in entry['data_offsets'])
        if last > len(data):
            raise ValueError(f'the file ends inside {name}')
        raw = data[first:last]
        if entry['dtype'] == 'BF16':
            values = (np.frombuffer(raw, '<u2').astype('<u4') << 16).view('<f4')
        else:
            values = np.frombuffer(raw, TYPES[entry['dtype']])
        tensors[name] = values.reshape(entry['shape'])
    return tensors, metadata


def read_scores(data):
    """The text of SCORES.json, or its path, as float32 scores [snippets] by the name of the video."""
    if isinstance(data, bytes):
        content = json.loads(data)
    else:
        with open(data, encoding='utf-8') as file:
            content = json.load(file)
    if content.get('format') != 'weaklens-scores' or content.get('version') != 1:
        raise ValueError('not a file of scores that is understood here')
    return {video['name']: np.array(video['scores'], 'float32') for video in content['videos']}


def read_run(path):
    """A run: its record (head, config, seed, losses, ...), metrics, features seen, weights and scores by video."""
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read('run.json'))
        if told.get('format') != 'weaklens-run' or told.get('version') != 1:
            raise ValueError('not a run that is understood here')
        for part, digest in told['parts'].items():
            if hashlib.sha256(archive.read(part)).hexdigest() != digest:
                raise ValueError(f'{part} was changed or damaged')
        weights, _ = read_safetensors(archive.read('weights.safetensors'))
        scores = read_scores(archive.read('scores.json'))
    return {'record': told['run'], 'metrics': told['metrics'], 'features': told['features'],
            'weights': weights, 'scores': scores}


if __name__ == '__main__':
    for path in sys.argv[1:]:
        run = read_run(path) if path.endswith('.zip') else {}
        scores = run.get('scores') or (read_scores(path) if path.endswith('.json') else {})
        weights = run.get('weights') or (read_safetensors(path)[0] if path.endswith('.safetensors') else {})
        print(json.dumps({
            'file': path, 'head': run.get('record', {}).get('head'), 'metrics': run.get('metrics'),
            'weights': {name: [list(a.shape), float(a.sum(dtype='float64'))] for name, a in weights.items()},
            'scores': {name: values.tolist() for name, values in scores.items()}}))

/** What a backbone was trained to name, told of the snippets of a video. */
import * as tf from '@tensorflow/tfjs-core';
import { parseClassNames, topClasses, type Classifier, type Opinion } from '../engine/backbone/classifier.ts';
import { loadClassifier } from '../engine/backbone/weights.ts';
import { Failure } from '../engine/failure.ts';
import { checkDevice } from './device.ts';
import type { Store } from './store.ts';

/** Classes that are told of a snippet. */
const MOST = 3;
/** Longest list of names that is read. */
const MAX_LIST_BYTES = 1 << 20;

let loaded: { id: string; classifier: Classifier } | null = null;

/**
 * The three likeliest classes of every snippet, by the backbone that its features come from; crops are averaged. Device
 * and backend are started by the caller.
 * @returns null where that backbone has no classifier here
 */
export async function opinionsOn(featureKey: string, store: Store): Promise<Opinion[][] | null> {
  const { features, provenance } = await store.features(featureKey);
  const record = (await store.backbones()).find(({ entry }) => entry.sha256 === provenance.backboneHash);
  if (!record?.classes) return null;
  // Nothing is waited for between here and the logits: another call may let go of the classifier.
  const bytes = loaded?.id === record.id ? null : await store.backboneFile(record.id);
  if (bytes && loaded?.id !== record.id) {
    loaded?.classifier.dispose();
    loaded = null;
    const classifier = loadClassifier(bytes, record.entry.title);
    if (classifier) loaded = { id: record.id, classifier };
  }
  const classifier = loaded?.classifier;
  if (!classifier || features.shape.at(-1) !== classifier.featureSize) return null;
  const logits = tf.tidy(() => {
    const rows = tf.tensor(features.values, [...features.shape]); // [N,D] or [N,P,D]
    return classifier.opinions((rows.rank === 3 ? tf.mean(rows, 1) : rows) as tf.Tensor2D);
  });
  const names = record.classNames ?? Array.from({ length: record.classes }, (_, i) => `class ${i}`);
  try {
    const opinions = await topClasses(logits, names, MOST);
    checkDevice();
    return opinions;
  } finally {
    logits.dispose();
  }
}

/** Its tensors went with the device. */
export function forgetClassifier(): void {
  loaded = null;
}

/**
 * Keeps what the classes of a backbone are called.
 * @throws Failure `format-invalid`, `data-mismatch` or `weights-missing`; names that were there stay
 */
export async function nameClasses(id: string, file: Blob, name: string, store: Store): Promise<void> {
  const record = (await store.backbones()).find((candidate) => candidate.id === id);
  if (!record?.classes) {
    throw new Failure({
      code: 'weights-missing',
      subject: name,
      what: 'The backbone has no classifier here.',
      next: 'Add the file of the backbone first: of MoViNet-A0-Stream the TFLite file has one.',
    });
  }
  const text = file.size > MAX_LIST_BYTES ? '\0' : await file.text();
  await store.nameClasses(id, parseClassNames(text, name, record.classes));
}

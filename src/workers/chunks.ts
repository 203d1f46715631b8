/** Large values in pieces, as the store keeps them. */

/** Largest single value; browsers refuse values of 127 MB and more. */
const CHUNK_BYTES = 8 << 20;

export function chunksOf({ buffer, byteOffset, byteLength }: ArrayBufferView): ArrayBuffer[] {
  const chunks: ArrayBuffer[] = [];
  for (let start = 0; start < byteLength; start += CHUNK_BYTES) {
    const end = Math.min(byteLength, start + CHUNK_BYTES);
    chunks.push((buffer as ArrayBuffer).slice(byteOffset + start, byteOffset + end));
  }
  return chunks;
}

export function joined(chunks: readonly ArrayBuffer[]): ArrayBuffer {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let position = 0;
  for (const chunk of chunks) {
    whole.set(new Uint8Array(chunk), position);
    position += chunk.byteLength;
  }
  return whole.buffer;
}

/** Runs that were saved as files. */

/** No header is longer. */
const MOST_BYTES = 8 << 20;

/**
 * Whether a file is a run that was saved, here or elsewhere. It has the ending of a backbone's weights; its header tells
 * them apart.
 */
export async function isSavedRun(file: File): Promise<boolean> {
  if (!/\.safetensors$/i.test(file.name) || file.size < 8) return false;
  try {
    const length = Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
    if (length > Math.min(MOST_BYTES, file.size - 8)) return false;
    const header = JSON.parse(await file.slice(8, 8 + length).text()) as {
      __metadata__?: { format?: string };
    };
    return header.__metadata__?.format === 'weaklens-run';
  } catch {
    return false; // whoever reads it as something else says what is wrong with it
  }
}

/** What a file is by its first bytes, whatever it is called. Free of everything, so that the page can ask as well. */

export type FileKind =
  | 'npy'
  | 'zip'
  | 'hdf5'
  | 'matlab'
  | 'safetensors'
  | 'pytorch'
  | 'numbers'
  | 'json'
  | 'text'
  | 'empty'
  | 'lfs-pointer'
  | 'web-page'
  | 'gzip'
  | 'video'
  | 'picture'
  | 'tflite'
  | 'unknown';

/** How many first bytes are needed to tell. */
export const HEAD_BYTES = 4096;

/** Each kind, as it is called in a sentence: "This is ...". */
export const KIND_NAMES: Record<FileKind, string> = {
  npy: "NumPy's .npy",
  zip: 'a zip archive',
  hdf5: 'HDF5',
  matlab: 'a MATLAB file',
  safetensors: 'safetensors',
  pytorch: 'a Python pickle',
  numbers: 'text with numbers',
  json: 'JSON',
  text: 'text',
  empty: 'an empty file',
  'lfs-pointer': 'a Git LFS pointer: the real file was not downloaded',
  'web-page': 'a web page: the download failed',
  gzip: 'gzip-compressed',
  video: 'a video',
  picture: 'a picture',
  tflite: 'a TensorFlow Lite model',
  unknown: 'none of the formats that are known here',
};

/** The first bytes of a file, of which most is told. */
export async function headOf(file: Uint8Array | Blob): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file.subarray(0, HEAD_BYTES);
  return new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
}

/** Protocols 2 to 5, and 0, which is text. */
const PICKLE = /^(\x80[\x02-\x05]|\(dp\d+\n)/;
/** How PyTorch's files of old begin, which are pickles in a row: the first is a number of ten bytes. */
const OLD_PYTORCH = /^\x80\x02\x8a\x0a/;

/** Whether a file is one pickle and nothing else, as far as its first bytes tell. */
export function isPlainPickle(head: Uint8Array): boolean {
  const start = String.fromCharCode(...head.subarray(0, 16));
  return PICKLE.test(start) && !OLD_PYTORCH.test(start);
}

/** @param head the first bytes of a file, `HEAD_BYTES` where it has that many */
export function sniff(head: Uint8Array): FileKind {
  if (head.length === 0) return 'empty';
  // Not `latin1`, which browsers take for Windows' code page.
  const latin = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (latin.startsWith('\x93NUMPY')) return 'npy';
  if (latin.startsWith('\x89HDF\r\n\x1a\n') || latin.startsWith('MATLAB 7.3')) return 'hdf5';
  if (latin.startsWith('MATLAB 5.0')) return 'matlab';
  if (latin.startsWith('PK\x03\x04') || latin.startsWith('PK\x05\x06')) return 'zip';
  // The length of a header of less than 4 GB, and how the header begins; or a header that begins as it should.
  if (/^[^]{8}\{"/.test(latin) || /^[^]{4}\0{4}\{/.test(latin)) return 'safetensors';
  if (PICKLE.test(latin)) return 'pytorch';
  if (latin.startsWith('\x1f\x8b')) return 'gzip';
  if (latin.startsWith('\x1aE\xdf\xa3') || latin.slice(4, 8) === 'ftyp' || /^RIFF[^]{4}AVI /.test(latin))
    return 'video';
  if (latin.startsWith('\x89PNG') || latin.startsWith('\xff\xd8\xff') || latin.startsWith('GIF8'))
    return 'picture';
  if (latin.slice(4, 8) === 'TFL3') return 'tflite';
  // Whatever words it begins with: the version and the byte order behind them.
  if (/^(\0\x01IM|\x01\0MI)$/.test(latin.slice(124, 128))) return 'matlab';
  if (/^(\xff\xfe|\xfe\xff)/.test(latin)) return 'text'; // UTF-16
  if (latin.includes('\0')) return 'unknown';
  const text = latin.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (text.startsWith('version https://git-lfs')) return 'lfs-pointer';
  if (/^<(!doctype|html)/i.test(text)) return 'web-page';
  if (/^(\{|\[|null\b)/.test(text)) return 'json';
  if (isNumbers(text) || isTable(text)) return 'numbers';
  return /[\x01-\x08\x0e-\x1f]/.test(text) ? 'unknown' : 'text';
}

const isNumbers = (text: string): boolean =>
  /\d/.test(text) && /^[-+.,;\s\deE]+$/.test(text.replace(/\b(nan|inf|infinity)\b/gi, ''));

/** Of fewer columns, a table with a heading is rather a list or an annotation than features. */
const LEAST_COLUMNS = 3;
/** Of so many numbered columns it is features, though their numbers begin after what is looked at. */
const MANY_COLUMNS = 64;

/** Whether it is a heading with a name for each column, and numbers below. */
function isTable(text: string): boolean {
  const end = text.indexOf('\n');
  const names = (end < 0 ? text : text.slice(0, end)).trim().split(/[,;\t]/);
  if (end < 0) {
    const isNumbered = (name: string, i: number) => new RegExp(`^"?[a-z_ .-]+0*${i}"?$`, 'i').test(name);
    return names.length > MANY_COLUMNS && names.slice(0, MANY_COLUMNS).every(isNumbered);
  }
  const below = text.slice(end + 1).trimStart();
  const columns = below
    .split('\n', 1)[0]
    .trim()
    .split(/[,;\t]/).length;
  const isWhole = below.includes('\n'); // else it may go on after what is looked at
  const areNames = names.every((name) => /^"?[a-z_][\w .-]*"?$/i.test(name));
  const fits = isWhole ? columns === names.length : columns <= names.length;
  return areNames && names.length >= LEAST_COLUMNS && fits && isNumbers(below);
}

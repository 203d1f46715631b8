/**
 * Python's pickle, as far as files of tensors and of annotations need it. A pickle is a program for a small stack machine,
 * and Python runs whatever functions it names. Here nothing is run: the few instructions that build plain values are
 * interpreted, and what refers to a function is left to the caller, who knows a handful of names by heart and refuses the
 * rest.
 */

/** What a pickle is made of once it is read; a dict (ordered or not) is a Map, bytes are a `Uint8Array`. */
export type PickleValue = unknown;

/** What a pickle may mean beyond plain values. Each may throw. */
export interface PickleMeaning {
  /** What to call the pickle in what is refused, as in "its list of tensors". */
  called: string;
  /** A name of Python's: a class, a function, or a constant. */
  global(name: string): PickleValue;
  /** A call of what `global` gave. */
  call(callee: PickleValue, args: PickleValue[]): PickleValue;
  /** Something that the pickle keeps elsewhere. */
  persistent(id: PickleValue): PickleValue;
  /** An object whose state is set; without it, only a dict may have one, and it is left out. */
  build?(object: PickleValue, state: PickleValue): PickleValue;
  /** The pickle breaks a rule. */
  refuse(why: string): never;
}

/** Lists and tuples are both arrays. */
const isArray = (value: PickleValue): value is PickleValue[] => Array.isArray(value);

/**
 * Reads one pickle, which may be one of several in a row. Work and memory are bounded by its length.
 * @param start where it begins
 * @param oldest protocol that is read; 0 is text, as Python 2 wrote it where nobody asked for another
 * @returns its value, and where the next begins
 */
export function readPickle(
  bytes: Uint8Array,
  meaning: PickleMeaning,
  start = 0,
  oldest: 0 | 2 = 2,
): { value: PickleValue; end: number } {
  const { refuse, called } = meaning;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const memo = new Map<number, PickleValue>();
  let stack: PickleValue[] = [];
  /** The stacks that stood aside at each mark that is still open. */
  const marked: PickleValue[][] = [];
  let at = start;

  const take = (count: number): number => {
    if (count > bytes.byteLength - at) refuse(`${called} breaks off`);
    at += count;
    return at - count;
  };
  const byte = () => view.getUint8(take(1));
  const uint32 = () => view.getUint32(take(4), true);
  const uint64 = () => Number(view.getBigUint64(take(8), true));
  const text = (length: number) => {
    const first = take(length);
    return new TextDecoder().decode(bytes.subarray(first, first + length));
  };
  const bytesOf = (length: number) => {
    const first = take(length);
    return bytes.slice(first, first + length);
  };
  const line = () => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) refuse(`${called} breaks off`);
    return latin(bytesOf(end + 1 - at)).slice(0, -1);
  };
  const push = (value: PickleValue) => stack.push(value);
  const pop = (): PickleValue => {
    if (stack.length === 0) refuse(`${called} takes more than it was given`);
    return stack.pop();
  };
  const top = (): PickleValue => {
    if (stack.length === 0) refuse(`${called} takes more than it was given`);
    return stack[stack.length - 1];
  };
  const popToMark = (): PickleValue[] => {
    const items = stack;
    stack = marked.pop() ?? refuse(`${called} ends what it did not begin`);
    return items;
  };
  const popMany = (count: number): PickleValue[] => {
    if (stack.length < count) refuse(`${called} takes more than it was given`);
    return stack.splice(stack.length - count);
  };
  const append = (items: PickleValue[]) => {
    const list = top();
    if (!isArray(list)) return refuse('it adds to what is not a list');
    for (const item of items) list.push(item);
  };
  const setItems = (items: PickleValue[]) => {
    const dict = top();
    if (!(dict instanceof Map) || items.length % 2 !== 0) return refuse('it adds to what is not a dict');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  };
  const recall = (place: number) => {
    if (!memo.has(place)) refuse(`${called} recalls what was never there`);
    push(memo.get(place));
  };
  const number = (written: string) =>
    written.trim() !== '' && Number.isFinite(Number(written))
      ? Number(written)
      : refuse('a number in it is none');
  const name = (value: PickleValue) =>
    typeof value === 'string' ? value : refuse('a name in it is no text');

  const protocol = bytes[start] === 0x80 ? bytes[start + 1] : 0;
  if (protocol < oldest || protocol > 5)
    return refuse(`${called} is not a pickle of protocol ${oldest} to 5`);
  while (true) {
    const instruction = byte();
    switch (instruction) {
      case 0x80: // PROTO
        take(1);
        break;
      case 0x95: // FRAME
        take(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at };
      case 0x28: // MARK
        marked.push(stack);
        stack = [];
        break;
      case 0x30: // POP
        pop();
        break;

      case 0x4e: // NONE
        push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        push(instruction === 0x88);
        break;
      case 0x4a: // BININT
        push(view.getInt32(take(4), true));
        break;
      case 0x4b: // BININT1
        push(byte());
        break;
      case 0x4d: // BININT2
        push(view.getUint16(take(2), true));
        break;
      case 0x8a: {
        // LONG1: little-endian, two's complement
        const length = byte();
        if (length > 8) refuse('a number in it has more than 64 bits');
        const first = take(length);
        let value = 0n;
        for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[first + i]);
        push(Number(BigInt.asIntN(8 * length, value)));
        break;
      }
      case 0x49: {
        // INT: a line of text, in which 00 and 01 are truth values
        const written = line();
        push(written === '00' || written === '01' ? written === '01' : number(written));
        break;
      }
      case 0x4c: // LONG: likewise, with an L behind it
        push(number(line().replace(/L$/, '')));
        break;
      case 0x46: // FLOAT: likewise
        push(number(line()));
        break;
      case 0x47: // BINFLOAT, alone in being big-endian
        push(view.getFloat64(take(8), false));
        break;
      case 0x53: // STRING: as Python's source would have it
        push(unquoted(line()) ?? refuse('a text in it has no quotes'));
        break;
      case 0x56: // UNICODE
        push(unescaped(line()));
        break;
      case 0x55: // SHORT_BINSTRING: of Python 2, whose texts may be bytes
        push(latin(bytesOf(byte())));
        break;
      case 0x54: // BINSTRING
        push(latin(bytesOf(uint32())));
        break;
      case 0x43: // SHORT_BINBYTES
        push(bytesOf(byte()));
        break;
      case 0x42: // BINBYTES
        push(bytesOf(uint32()));
        break;
      case 0x8c: // SHORT_BINUNICODE
        push(text(byte()));
        break;
      case 0x58: // BINUNICODE
        push(text(uint32()));
        break;
      case 0x8d: // BINUNICODE8
        push(text(uint64()));
        break;

      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        push([]);
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        push(popMany(instruction - 0x84));
        break;
      case 0x74: // TUPLE
      case 0x6c: // LIST
        push(popToMark());
        break;
      case 0x61: // APPEND
        append(popMany(1));
        break;
      case 0x65: // APPENDS
        append(popToMark());
        break;
      case 0x7d: // EMPTY_DICT
        push(new Map());
        break;
      case 0x64: {
        // DICT, of what stands since the mark
        const items = popToMark();
        push(new Map());
        setItems(items);
        break;
      }
      case 0x73: // SETITEM
        setItems(popMany(2));
        break;
      case 0x75: // SETITEMS
        setItems(popToMark());
        break;

      case 0x70: // PUT
        memo.set(number(line()), top());
        break;
      case 0x67: // GET
        recall(number(line()));
        break;
      case 0x71: // BINPUT
        memo.set(byte(), top());
        break;
      case 0x72: // LONG_BINPUT
        memo.set(uint32(), top());
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, top());
        break;
      case 0x68: // BINGET
        recall(byte());
        break;
      case 0x6a: // LONG_BINGET
        recall(uint32());
        break;

      case 0x63: // GLOBAL
        push(meaning.global(`${line()}.${line()}`));
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [module, item] = popMany(2).map(name);
        push(meaning.global(`${module}.${item}`));
        break;
      }
      case 0x52: {
        // REDUCE
        const [callee, args] = popMany(2);
        push(meaning.call(callee, isArray(args) ? args : refuse('a call in it has no arguments')));
        break;
      }
      case 0x62: {
        // BUILD: also attributes that Python hangs on a dict, such as the versions of a state dict's layers
        const state = pop();
        if (meaning.build) push(meaning.build(pop(), state));
        else if (!(top() instanceof Map)) refuse('it holds objects other than tensors');
        break;
      }
      case 0x51: // BINPERSID
        push(meaning.persistent(pop()));
        break;
      default:
        refuse(`it has the pickle instruction 0x${instruction.toString(16)}, which is not read here`);
    }
  }
}

/** Bytes as text, a character each. Not `latin1`, which browsers take for Windows' code page. */
function latin(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** A text in quotes; null where it has none. */
function unquoted(written: string): string | null {
  const quote = written[0];
  const isQuoted = (quote === "'" || quote === '"') && written.length > 1 && written.endsWith(quote);
  return isQuoted ? unescaped(written.slice(1, -1)) : null;
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** `\x41`, `\u0041` and the like as the characters that they stand for. */
const unescaped = (written: string) =>
  written.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (_, byte, unit, one: string) =>
    one === undefined ? String.fromCharCode(parseInt(byte ?? unit, 16)) : (ESCAPES[one] ?? one),
  );

/** The protocol of a link: read apart from the rest of it, since the table of switches is no part of the first paint. */
import type { Protocol } from '../../engine/evaluation/protocol.ts';
import { parseProtocol, shortProtocol } from '../../engine/evaluation/protocol-words.ts';

/** What makes no sense is left out and named. */
export function readLinkedProtocol(text: string): { protocol: string; refused: string[] } {
  const told: Partial<Protocol> = {};
  const refused: string[] = [];
  for (const part of text.split(',').filter(Boolean)) {
    const parsed = parsedPart(part);
    if (parsed) Object.assign(told, parsed);
    else refused.push(part);
  }
  return { protocol: shortProtocol(told), refused };
}

function parsedPart(part: string): Partial<Protocol> | null {
  try {
    const told = parseProtocol(part);
    return told.expansion === 'widths' ? null : told; // widths come with a file, which no link holds
  } catch {
    return null;
  }
}

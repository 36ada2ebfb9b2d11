import { createHash } from 'node:crypto';
import { isSummary, textOf } from './message-record.ts';

/** A message's row, as far as its copies have it as well. */
export interface MessageRow {
  readonly id: number;
  readonly role: string;
  readonly content: unknown;
  readonly toolCallId: unknown;
  readonly toolCalls: unknown;
  readonly toolName: unknown;
  /** Milliseconds. */
  readonly at: number | undefined;
}

/** A message and the one it was copied from: `session/id`. */
export interface Traced {
  readonly signature: string;
  readonly at: number | undefined;
  readonly origin: string;
}

/** How long a compaction takes to write what it keeps, in milliseconds. */
const BURST_MS = 2000;

/**
 * Finds out which messages of a session are copies: of earlier ones of its own, which a compaction wrote again, or of those of the
 * sessions it continues or branched off from, `before`, in their order.
 *
 * Copies of newer versions keep the time. Those of older ones do not: they stand at the beginning of the session, in their order, or
 * directly after a summary.
 */
export function createTracing(session: string, before: readonly Traced[]): (row: MessageRow) => Traced {
  const exact = new Map<string, string>();
  const places = new Map<string, number[]>();
  const own = new Map<string, string>();
  let lastPlace = -1;
  let isLeading = before.length > 0;
  let burstUntil = Number.NEGATIVE_INFINITY;
  for (const [place, { signature, at, origin }] of before.entries()) {
    if (at !== undefined) exact.set(`${signature}${at}`, origin);
    const known = places.get(signature);
    if (known === undefined) places.set(signature, [place]);
    else known.push(place);
  }
  return (row) => {
    const signature = signatureOf(row);
    const { at } = row;
    const inOrder = places.get(signature)?.find((place) => place > lastPlace);
    const isInBurst = at !== undefined && at <= burstUntil;
    const copied =
      (at === undefined ? undefined : exact.get(`${signature}${at}`)) ??
      (isLeading && inOrder !== undefined ? before[inOrder]?.origin : undefined) ??
      (isInBurst ? own.get(signature) : undefined);
    const origin = copied ?? `${session}/${row.id}`;
    if (isSummary(textOf(row.content))) burstUntil = (at ?? Number.NEGATIVE_INFINITY) + BURST_MS;
    else if (copied === undefined) isLeading = false;
    else if (inOrder !== undefined) lastPlace = inOrder;
    if (at !== undefined) exact.set(`${signature}${at}`, origin);
    own.set(signature, origin);
    return { signature, at, origin };
  };
}

const signatureOf = ({ role, content, toolCallId, toolCalls, toolName }: MessageRow): string =>
  createHash('sha1')
    .update(JSON.stringify([role, content, toolCallId, toolCalls, toolName]))
    .digest('base64');

import { createHash, createHmac } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { AgenttraceError } from '../model/errors.ts';
import type { Connection } from '../warehouse/connection.ts';
import type { PseudonymKind } from './column-policy.ts';

const DIGIT_COUNT = 16;
const LEAST_KEY_BYTES = 16;
/** A key is small; anything bigger is a file that was named by mistake. */
const MOST_KEY_BYTES = 4096;
/** Block of SHA-256, in bytes: HMAC pads its key to one. */
const BLOCK_BYTES = 64;

/**
 * Reads the key of pseudonyms: the bytes of a file, less white space at its end.
 *
 * Throws `no_input` where there is no file, `bad_input` where it is no key.
 */
export function readPseudonymKey(file: string): Buffer {
  const hint = 'Make one with: openssl rand -hex 32 > key';
  let bytes: Buffer;
  try {
    if (!statSync(file).isFile()) throw new Error('not a file');
    bytes = readFileSync(file);
  } catch (cause) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'The key file of --pseudonyms cannot be read.',
      source: file,
      hint,
      cause,
    });
  }
  const key = Buffer.from(bytes.toString('latin1').trimEnd(), 'latin1');
  if (key.length < LEAST_KEY_BYTES || bytes.length > MOST_KEY_BYTES) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: `The key of --pseudonyms must have ${LEAST_KEY_BYTES} to ${MOST_KEY_BYTES} bytes; this file has ${key.length}.`,
      source: file,
      hint,
    });
  }
  return key;
}

/**
 * A pseudonym: kind and the first 16 hexadecimal digits of HMAC-SHA-256 over `kind:value`, such as `project-0f4c…`.
 *
 * The same key gives the same pseudonym on every machine; without it, values cannot be tried out.
 */
export function pseudonymOf(key: Buffer, { kind, value }: { kind: PseudonymKind; value: string }): string {
  const digest = createHmac('sha256', key).update(`${kind}:${value}`, 'utf8').digest('hex');
  return `${kind}-${digest.slice(0, DIGIT_COUNT)}`;
}

/** Names a key without giving it away: equal names, equal keys. */
export function keyName(key: Buffer): string {
  return createHmac('sha256', key).update('agenttrace pseudonym key').digest('hex').slice(0, DIGIT_COUNT);
}

/**
 * Defines two SQL macros on a connection: `pseudonym(kind, value)`, which is what `pseudonymOf` says, and
 * `pseudonym_number(value)`, the same for a number (UBIGINT). NULL stays NULL.
 *
 * They are temporary and hold the key, so no SQL from outside may run on that connection afterwards.
 */
export async function definePseudonyms(connection: Connection, key: Buffer): Promise<void> {
  const block = Buffer.alloc(BLOCK_BYTES);
  (key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key).copy(block);
  const padded = (pad: number): string => Buffer.from(block.map((byte) => byte ^ pad)).toString('hex');
  await connection.execute(`
    create or replace temp macro keyed_hash(message) as left(
        sha256(unhex('${padded(0x5c)}') || unhex(sha256(unhex('${padded(0x36)}') || encode(message)))),
        ${DIGIT_COUNT}
    );
    create or replace temp macro pseudonym(kind, value) as kind || '-' || keyed_hash(kind || ':' || value);
    create or replace temp macro pseudonym_number(value) as cast('0x' || keyed_hash('number:' || value) as ubigint)`);
}

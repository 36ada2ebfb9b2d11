/** Some agents put a word of their own before it: `T-`, `session_`. */
const UUID_ID =
  /^((?:[a-z][a-z0-9-]*:)?)((?:[A-Za-z]{1,12}[-_])?[0-9a-f]{8}-[0-9a-f]{4})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * An id without the end of its UUID: still the beginning of the id, so that it can be pasted where a unique prefix is
 * taken. Thirteen characters are the time to the millisecond of a version 7 UUID, and 48 random bits of a version 4.
 */
export const shortId = (id: string): string => id.replace(UUID_ID, '$1$2');

/** The same without the agent in front: the beginning of the agent's own id, which is taken as well. */
export const bareId = (id: string): string => shortId(id).replace(AGENT, '');

/** The agent that an id begins with; a UUID with more behind it is longer. */
const AGENT = /^[a-z][a-z0-9-]{0,15}:/;

/**
 * The fewest columns of an id, as it is written, that leave a beginning to paste. A UUID is shortened before it is cut.
 */
export function leastId(text: string, id: string): number {
  if (text === id && shortId(id) !== id) return text.length;
  const agent = AGENT.exec(id)?.[0] ?? '';
  const front = text.startsWith(agent) ? agent.length : 0;
  return Math.min(text.length, front + 13 + '…'.length);
}

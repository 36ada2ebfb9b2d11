import { AgenttraceError } from '../../src/model/errors.ts';

/** What an error says, behind its place. */
export function placedError(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AgenttraceError) return `${error.source}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

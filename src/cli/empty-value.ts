import { AgenttraceError } from '../model/errors.ts';

/** What to say of an empty text in the place of a value, which a path or a filter would take for something else. */
export const emptyValue = (asker: string, wanted: string): AgenttraceError =>
  new AgenttraceError({
    code: 'usage',
    message: `${asker} wants ${wanted}, not an empty text.`,
    hint: 'A shell variable that is not set leaves an empty text behind.',
  });

import type { ReadSource } from '../../src/model/reader.ts';
import { readElements, toRecord } from './read-elements.ts';

/** Which models a task used and when: a record each. The files that it lists are left out. */
export const readMetadata: ReadSource = function* read({ path }) {
  for (const element of readElements(path, ['model_usage[]', 'files_in_context[]'])) {
    if ('reason' in element) yield element;
    else if (element.at === 'model_usage[]') {
      const { ts, model_id, model_provider_id } = element.value;
      yield toRecord(element.lineNo, { kind: 'model', ts, model: model_id, provider: model_provider_id });
    } else if (element.at === '') yield toRecord(element.lineNo, { kind: 'metadata' });
  }
  return undefined;
};

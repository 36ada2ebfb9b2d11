import type { Adapter } from '../../src/model/adapter.ts';
import { taskFormOf, taskForms, taskKnowledge } from '../cline/family.ts';
import { taskPlaces } from '../cline/places.ts';
import { familyPlan } from '../cline/plan.ts';
import { recogniserOf } from '../cline/recognise.ts';

/** Roo Code, an extension of VS Code and its kin, which came from Cline. */
export const rooCode: Adapter = {
  id: 'roo-code',
  displayName: 'Roo Code',
  version: 3,
  plan: familyPlan('roo-code'),
  normalizeSql: 'adapters/cline/normalize.sql',
  forms: taskForms,
  places: (surroundings) => taskPlaces('rooveterinaryinc.roo-cline', surroundings),
  formOf: taskFormOf,
  recognise: recogniserOf('roo-code'),
  knows: taskKnowledge,
};

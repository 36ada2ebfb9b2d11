import type { Adapter } from '../../src/model/adapter.ts';
import { taskFormOf, taskForms, taskKnowledge } from '../cline/family.ts';
import { taskPlaces } from '../cline/places.ts';
import { familyPlan } from '../cline/plan.ts';
import { recogniserOf } from '../cline/recognise.ts';

/** Kilo Code, an extension of VS Code and its kin, which came from Roo Code; its later command line is a kind of OpenCode. */
export const kiloCode: Adapter = {
  id: 'kilo-code',
  displayName: 'Kilo Code',
  version: 3,
  plan: familyPlan('kilo-code'),
  normalizeSql: 'adapters/cline/normalize.sql',
  forms: taskForms,
  places: (surroundings) => taskPlaces('kilocode.kilo-code', surroundings),
  formOf: taskFormOf,
  recognise: recogniserOf('kilo-code'),
  knows: taskKnowledge,
};

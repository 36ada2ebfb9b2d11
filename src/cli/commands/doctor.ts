import { LOG_OPTIONS, PAGE_OUTPUT_OPTIONS } from '../common-options.ts';
import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';

export const DOCTOR: CommandSpec = {
  name: 'doctor',
  summary: 'Every folder looked in, what was found, understood and rejected, and the next step',
  group: GROUPS.data,
  argument: {
    name: 'path',
    description: 'only these logs: folders or files',
    isVariadic: true,
    completes: 'file',
  },
  options: [...PAGE_OUTPUT_OPTIONS, ...LOG_OPTIONS],
  examples: [
    { command: 'agenttrace doctor', says: 'why is a session missing? which model has no price?' },
    { command: 'agenttrace doctor -d ./logs', says: 'is this folder understood?' },
    { command: 'agenttrace doctor -f json', says: 'for a bug report, or a program' },
  ],
  run: async (invocation) => {
    const { runDoctor } = await import('../run-doctor.ts');
    await runDoctor(invocation);
  },
};

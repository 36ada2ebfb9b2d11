import { GROUPS } from '../groups.ts';
import type { CommandSpec } from '../spec.ts';

export const COMPLETION: CommandSpec = {
  name: 'completion',
  summary: 'A completion script for bash, zsh or fish',
  group: GROUPS.other,
  argument: { name: 'shell', description: 'bash, zsh or fish', isRequired: true, completes: 'shell' },
  options: [],
  examples: [
    { command: 'source <(agenttrace completion bash)', says: 'in ~/.bashrc' },
    { command: 'agenttrace completion zsh > ~/.zfunc/_agenttrace', says: 'zsh' },
    { command: 'agenttrace completion fish > ~/.config/fish/completions/agenttrace.fish', says: 'fish' },
  ],
  run: async ({ runtime, operands }) => {
    const { completionScript } = await import('../completion-script.ts');
    await runtime.stdout.write(completionScript(operands[0] ?? ''));
  },
};

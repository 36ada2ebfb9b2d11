import type { Adapter } from '../src/model/adapter.ts';
import { aider } from './aider/adapter.ts';
import { amp } from './amp/adapter.ts';
import { claudeCode } from './claude-code/adapter.ts';
import { cline } from './cline/adapter.ts';
import { codex } from './codex/adapter.ts';
import { copilotCli } from './copilot-cli/adapter.ts';
import { crush } from './crush/adapter.ts';
import { cursor } from './cursor/adapter.ts';
import { droid } from './droid/adapter.ts';
import { geminiCli } from './gemini-cli/adapter.ts';
import { generic } from './generic/adapter.ts';
import { goose } from './goose/adapter.ts';
import { hermes } from './hermes/adapter.ts';
import { kiloCode } from './kilo-code/adapter.ts';
import { kimiCli } from './kimi-cli/adapter.ts';
import { kimiCode } from './kimi-code/adapter.ts';
import { omp } from './omp/adapter.ts';
import { openclaw } from './openclaw/adapter.ts';
import { opencode } from './opencode/adapter.ts';
import { pi } from './pi/adapter.ts';
import { qwenCode } from './qwen-code/adapter.ts';
import { rooCode } from './roo-code/adapter.ts';
import { zed } from './zed/adapter.ts';

/** Every agent that can be read. The order is the order of recognition. */
export const adapters: readonly Adapter[] = [
  claudeCode,
  codex,
  copilotCli,
  geminiCli,
  cursor,
  kimiCli,
  kimiCode,
  droid,
  qwenCode,
  aider,
  pi,
  omp,
  openclaw,
  opencode,
  crush,
  goose,
  zed,
  hermes,
  amp,
  cline,
  kiloCode,
  rooCode,
  generic, // the last: it takes what nobody else knows
];

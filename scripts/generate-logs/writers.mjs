import { aider } from './aider.mjs';
import { amp } from './amp.mjs';
import { claudeCode } from './claude-code.mjs';
import { cline, kiloCode, rooCode } from './cline.mjs';
import { codex } from './codex.mjs';
import { copilotCli } from './copilot-cli.mjs';
import { crush } from './crush.mjs';
import { cursor } from './cursor.mjs';
import { droid } from './droid.mjs';
import { geminiCli } from './gemini-cli.mjs';
import { generic } from './generic.mjs';
import { goose } from './goose.mjs';
import { hermes } from './hermes.mjs';
import { kimiCli } from './kimi-cli.mjs';
import { kimiCode } from './kimi-code.mjs';
import { opencode } from './opencode.mjs';
import { omp, openclaw, pi } from './pi.mjs';
import { qwenCode } from './qwen-code.mjs';
import { zed } from './zed.mjs';

/**
 * One for each adapter. `totals` of a session are what its form tells; `write` puts it into a file of its own, or `open` begins what is to
 * hold all of them. Both return about how many bytes that took.
 */
export const writers = [
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
  generic,
];

import { existsSync, statSync } from 'node:fs';
import { prepareWarehouse, warehouseFile } from './context.ts';
import { doctorAnswer } from './doctor-answer.ts';
import { readDoctorFacts } from './doctor-facts.ts';
import { chooseFormat } from './format-choice.ts';
import { openOutputFile } from './output-file.ts';
import type { Invocation } from './spec.ts';
import { writeAnswer } from './write-answer.ts';

/** Looks at everything between the logs and the figures, and says what is wrong and what to do. */
export async function runDoctor(invocation: Invocation): Promise<void> {
  const format = chooseFormat(invocation, 'document');
  const { options, operands, runtime } = invocation;
  const file = warehouseFile(invocation, options.folders.length + operands.length > 0);
  const isNew = !existsSync(file);
  const prepared = await prepareWarehouse(invocation, { paths: operands });
  try {
    const { applySettings } = await import('../report/run-report.ts');
    await applySettings(prepared.connection, options);
    const facts = await readDoctorFacts(prepared, runtime.now);
    const answer = doctorAnswer({
      facts,
      mode: options.isDemo
        ? 'demo sessions'
        : options.folders.length > 0
          ? 'custom directory'
          : 'auto-discovery',
      warehouse: {
        path: file,
        size_bytes: existsSync(file) ? BigInt(statSync(file).size) : null,
        is_new: isNew,
      },
      timeZone: options.timeZone,
    });
    const output = await openOutputFile(invocation, {
      format,
      stem: 'doctor',
      connection: prepared.connection,
      logFolders: facts.directories.map(({ path }) => path),
    });
    await writeAnswer(invocation, { answer, format, file: output });
  } finally {
    prepared.close();
  }
}

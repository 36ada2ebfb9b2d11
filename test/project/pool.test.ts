import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type ProjectOptions,
  projectFiles,
  type ScanJob,
  type StagedBatch,
} from '../../src/project/project.ts';
import { query, readParts, withFolder } from './harness.ts';
import { VALUE_PLAN } from './plans.ts';

/** Forty logs in four batches, one of them missing. */
function makeJobs(folder: string): readonly ScanJob[] {
  return Array.from({ length: 40 }, (_, i) => {
    const path = join(folder, `${i}.jsonl`);
    const text = `{"v":${i}}\n`.repeat(i + 1);
    if (i !== 13) writeFileSync(path, text);
    return {
      sourceNo: i,
      path,
      plan: 'value',
      from: 0,
      lineNo: 0,
      batch: Math.floor(i / 10) * 2,
      size: text.length,
    };
  });
}

async function project(options: Omit<ProjectOptions, 'plans'>): Promise<readonly StagedBatch[]> {
  const batches: StagedBatch[] = [];
  for await (const batch of projectFiles({ plans: [VALUE_PLAN], ...options })) batches.push(batch);
  return batches;
}

const inFolder = (test: (folder: string, directory: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    const directory = join(folder, 'parts');
    mkdirSync(directory);
    await test(folder, directory);
  });

describe('projectFiles', () => {
  it.each([0, 1, 3, undefined])('yields batches in order with %s workers', async (workers) => {
    await inFolder(async (folder, directory) => {
      const jobs = makeJobs(folder);
      const seen: number[] = [];
      const batches = await project({
        jobs,
        directory,
        onProgress: (bytes) => seen.push(bytes),
        ...(workers !== undefined && { workers }),
      });
      expect(batches.map(({ batch }) => batch)).toEqual([0, 2, 4, 6]);
      for (const { batch, outcomes, parts } of batches) {
        const expected = jobs.filter((job) => job.batch === batch);
        expect(outcomes.map(({ sourceNo }) => sourceNo)).toEqual(expected.map(({ sourceNo }) => sourceNo));
        expect(Object.keys(parts)).toEqual(['value.record']);
        const rows = (await readParts(VALUE_PLAN, parts)).record ?? [];
        const lines = outcomes.reduce((sum, { lineCount }) => sum + lineCount, 0);
        expect(rows).toHaveLength(lines);
        const files = (parts['value.record'] ?? []).map((path) => `'${path}'`).join(', ');
        const sums = await query(
          `select source_no, count(*)::integer from read_parquet([${files}]) group by 1 order by 1`,
        );
        expect(sums).toEqual(
          expected.filter(({ sourceNo }) => sourceNo !== 13).map(({ sourceNo }) => [sourceNo, sourceNo + 1]),
        );
      }
      const errors = batches.flatMap(({ outcomes }) => outcomes).filter(({ error }) => error);
      expect(errors.map(({ sourceNo, error }) => [sourceNo, error?.code])).toEqual([[13, 'ENOENT']]);
      expect(seen.at(-1)).toBe(
        jobs.reduce((sum, { size, sourceNo }) => sum + (sourceNo === 13 ? 0 : size), 0),
      );
    });
  });
  it('yields nothing for no jobs, and no parts for no rows', async () => {
    await inFolder(async (folder, directory) => {
      expect(await project({ jobs: [], directory })).toEqual([]);
      const job = { ...(makeJobs(folder)[13] as ScanJob), batch: 3 };
      expect(await project({ jobs: [job], directory })).toMatchObject([
        { batch: 3, parts: {}, outcomes: [{ error: { code: 'ENOENT' } }] },
      ]);
      expect(readdirSync(directory)).toEqual([]);
    });
  });
  it('rejects with the error of a worker that crashes', async () => {
    await inFolder(async (folder, directory) => {
      const worker = join(folder, 'worker.mjs');
      writeFileSync(worker, "throw new Error('worker broke')");
      const options = { jobs: makeJobs(folder), directory, workers: 2, workerUrl: pathToFileURL(worker) };
      await expect(project(options)).rejects.toThrow('worker broke');
      writeFileSync(worker, 'process.exit(3)');
      await expect(project(options)).rejects.toThrow('code 3');
      await expect(
        project({ jobs: makeJobs(folder), directory: join(folder, 'none'), workers: 2 }),
      ).rejects.toThrow('ENOENT');
      await expect(project({ jobs: makeJobs(folder), directory: join(folder, 'none') })).rejects.toThrow(
        'ENOENT',
      );
    });
  });
  it('stops its workers when the consumer stops', async () => {
    await inFolder(async (folder, directory) => {
      for await (const { batch } of projectFiles({
        plans: [VALUE_PLAN],
        jobs: makeJobs(folder),
        directory,
        workers: 2,
      })) {
        expect(batch).toBe(0);
        break;
      }
      expect(readdirSync(directory).some((name) => name.startsWith('6-'))).toBe(false);
    });
  });
});

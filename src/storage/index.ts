/** Files that survive interruptions: tables read as streams, append-only logs, atomic writes, run folders, datasets. */
export { openAppendLog } from './append-log.ts';
export type { AppendLog } from './append-log.ts';
export { writeFileAtomic } from './atomic-file.ts';
export { describeMachine, openRun, provenance, RunInUseError, RUNS_FOLDER } from './run-folder.ts';
export type { Machine, RunFolder } from './run-folder.ts';
export { type DatasetFile, openDataset } from './dataset/read-dataset.ts';
export { type DatasetRow, parseSolution, solutionText } from './dataset/row.ts';
export { createSplitWriter, type SplitWriter } from './dataset/write-dataset.ts';
export { openTable } from './table.ts';
export type { Table, TableRow } from './table.ts';

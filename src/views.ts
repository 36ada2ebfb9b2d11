/** Schemas of the rows of every view: the entry `agenttrace/views`, apart from the main one, which loads no zod. */
export { viewRows } from './library/view-rows.ts';

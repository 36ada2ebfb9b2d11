/** Headings under which help lists the commands. */
export const GROUPS = {
  audit: 'Audit:',
  reports: 'Reports:',
  sql: 'SQL:',
  data: 'Data:',
  other: 'Other:',
} as const;

import type { Unit } from '../units.ts';

/** A colour by its name in the stylesheet, so that it is another one on a dark page. */
export type Tone = 'c1' | 'c2' | 'c3' | 'c4' | 'c5' | 'quiet' | 'alarm';

export interface ChartSeries {
  readonly name: string;
  readonly tone: Tone;
  /** One value a label; NULL where it is not known. */
  readonly values: readonly (number | null)[];
}

/** What a chart shows, before it is drawn. */
export interface Chart {
  /** `columns` stand beside each other along a course, `line` is a course itself, `rows` lie below each other. */
  readonly kind: 'columns' | 'line' | 'rows';
  readonly title: string;
  /** A single label without text: one row that is parted into its series. */
  readonly labels: readonly string[];
  readonly unit: Unit;
  /** Several series are stacked. */
  readonly series: readonly ChartSeries[];
  readonly range?: readonly [low: number, high: number];
}

/** One row parted into what it is made of. */
export const isSplit = ({ kind, labels }: Chart): boolean =>
  kind === 'rows' && labels.length === 1 && labels[0] === '';

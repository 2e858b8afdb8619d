import type { Variable } from '../../backend/types.ts';
import { shortValue } from '../../format/values.ts';

/** `(int n = 0n3, char * p = 0x…)`; '' when parameters are not wanted. */
export function parameterText(
  args: readonly Variable[],
  style: 'none' | 'inline' | 'lines',
  pointerSize: 4 | 8,
): string {
  if (style === 'none') return '';
  const texts = args.map(
    ({ name, value }) => `${value.type.name} ${name} = ${shortValue(value, pointerSize)}`,
  );
  if (style === 'inline' || texts.length === 0) return `(${texts.join(', ')})`;
  return `(\n${texts.map((text) => `\t\t\t${text}`).join(', \n')})`;
}

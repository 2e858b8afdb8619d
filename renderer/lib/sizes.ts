import { look } from './look.ts';
import { useStore } from './store.ts';

const DEFAULT_MONO = 13;

export interface Sizes {
  /** Of a row of a table, pixels. */
  readonly row: number;
  /** Of a line of code or memory. */
  readonly line: number;
}

/** They go with the size of the font, as they do in the style sheets (theme.css). */
export function useSizes(): Sizes {
  const size = useStore(look)?.monoSize ?? DEFAULT_MONO;
  return { row: size + 8, line: size + 6 };
}

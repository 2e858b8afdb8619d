import type { PlacedVariable, TypedValue, Variable } from '../../backend/types.ts';
import { address } from '../../format/address.ts';
import { shortValue } from '../../format/values.ts';

export interface VariableStyle {
  /** `/t`. */
  readonly types: boolean;
  /** `/v`: where it lives. */
  readonly places: boolean;
  /** `/V`: the place as a register of the frame has it, `@rbp-0x14`; '' where none does. */
  readonly relative?: (address: bigint) => string;
  /** `/i`: local or parameter. */
  readonly kinds: boolean;
  /** Not of code that is not running. */
  readonly values?: boolean;
}

const LEAST_WIDTH = 15;
const PLACE_WIDTH = 17;

/** Lines of `dv`, names set flush right. */
export function variableLines(
  variables: readonly (Variable | PlacedVariable)[],
  style: VariableStyle,
  pointerSize: 4 | 8,
): string[] {
  const names = variables.map((variable) =>
    style.types ? `${variable.value.type.name} ${variable.name}` : variable.name,
  );
  // With types before them names follow at once, as WinDbg has it.
  const width = style.types ? 0 : Math.max(LEAST_WIDTH, ...names.map((name) => name.length));
  const nears = variables.map(({ value }) => nearText(value, style.relative));
  const nearWidth = Math.max(0, ...nears.map((near) => near.length));
  return variables.map((variable, index) => {
    const name = (names[index] ?? '').padStart(width);
    const kind = style.kinds ? `prv ${variable.isParameter ? 'param' : 'local'}  ` : '';
    const where = style.places ? `${placeText(variable, pointerSize).padEnd(PLACE_WIDTH)} ` : '';
    const near = nearWidth === 0 ? '' : `${(nears[index] ?? '').padEnd(nearWidth)} `;
    const value = style.values === false ? '' : ` = ${shortValue(variable.value, pointerSize)}`;
    return `${kind}${where}${near}${name}${value}`;
  });
}

/** By what the flag says, the other way round for a capital: `a` address, `n` name, `z` size. */
export function sortedVariables<T extends Variable>(
  variables: readonly T[],
  flags: ReadonlySet<string>,
): readonly T[] {
  const flag = [...flags].find((each) => /^[aAnNzZ]$/.test(each));
  if (!flag) return variables;
  const keys: Readonly<Record<string, (variable: T) => bigint | number | string>> = {
    a: ({ value }) => value.address ?? -1n,
    n: ({ name }) => name,
    z: ({ value }) => value.type.size,
  };
  const key = keys[flag.toLowerCase()] ?? (() => 0);
  const up = [...variables].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a < b ? -1 : a > b ? 1 : 0;
  });
  return flag === flag.toLowerCase() ? up : up.reverse();
}

function nearText({ address: at, register }: TypedValue, relative: VariableStyle['relative']): string {
  if (!relative) return '';
  if (at === null) return register === undefined ? '' : `@${register}`;
  return relative(at);
}

function placeText(variable: Variable | PlacedVariable, pointerSize: 4 | 8): string {
  if ('place' in variable) return variable.place;
  const { address: at, register } = variable.value;
  if (at !== null) return address(at, pointerSize);
  return register === undefined ? '<unavailable>' : `@${register}`;
}

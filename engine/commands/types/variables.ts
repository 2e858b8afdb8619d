import type { TypedValue, Variable } from '../../backend/types.ts';
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
}

const LEAST_WIDTH = 15;
const PLACE_WIDTH = 17;

/** Lines of `dv`, names set flush right. */
export function variableLines(
  variables: readonly Variable[],
  style: VariableStyle,
  pointerSize: 4 | 8,
): string[] {
  const names = variables.map((variable) =>
    style.types ? `${variable.value.type.name} ${variable.name}` : variable.name,
  );
  // With places or types before them names follow at once, as WinDbg has it.
  const width = style.places || style.types ? 0 : Math.max(LEAST_WIDTH, ...names.map((name) => name.length));
  const nears = variables.map(({ value: { address: at } }) =>
    at === null ? '' : (style.relative?.(at) ?? ''),
  );
  const nearWidth = Math.max(0, ...nears.map((near) => near.length));
  return variables.map((variable, index) => {
    const name = (names[index] ?? '').padStart(width);
    const kind = style.kinds ? `prv ${variable.isParameter ? 'param' : 'local'}  ` : '';
    const where = style.places ? `${placeText(variable.value, pointerSize).padEnd(PLACE_WIDTH)} ` : '';
    const near = nearWidth === 0 ? '' : `${(nears[index] ?? '').padEnd(nearWidth)} `;
    return `${kind}${where}${near}${name} = ${shortValue(variable.value, pointerSize)}`;
  });
}

function placeText(value: TypedValue, pointerSize: 4 | 8): string {
  if (value.address !== null) return address(value.address, pointerSize);
  return value.register === undefined ? '<none>' : `@${value.register}`;
}

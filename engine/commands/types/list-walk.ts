import type { TypedValue } from '../../backend/types.ts';
import { address as addressText } from '../../format/address.ts';
import type { CommandContext } from '../entry.ts';
import type { Objects } from './objects.ts';
import type { FieldPath } from './request.ts';
import type { Display } from './show.ts';

/** A list without an end is shown this far. */
const LONGEST = 10_000;

/** `dt … -l Field`: the object and those that follow, until a pointer is null or leads to one that was shown. */
export async function walkList(
  { state, host }: CommandContext,
  objects: Objects,
  display: Display,
  first: TypedValue,
  paths: readonly FieldPath[],
  link: FieldPath,
): Promise<void> {
  const name = link.steps.map((step) => step.name).join('.');
  const seen = new Set<bigint>();
  for (let value = first; value.address !== null; ) {
    state.cancel.check();
    seen.add(value.address);
    const [nodes = []] = await objects.select(value, link);
    display.line(`## ${name} at 0x${addressText(value.address, state.pointerSize)}`);
    await display.object(value, paths, false);
    const next = nextObject(value, nodes);
    if (next === null || seen.has(next)) return;
    if (seen.size === LONGEST) {
      display.flush();
      host.output('warning', `Only the first ${LONGEST} elements are shown.\n`);
      return;
    }
    value = await objects.read(first.type.name, next, link.steps.length + 1);
  }
}

/** A link that points to its like in the next object, as a `list_head` does, lies within that object. */
function nextObject(value: TypedValue, nodes: Awaited<ReturnType<Objects['select']>>[number]): bigint | null {
  const last = nodes.at(-1);
  const pointer = last?.value.integer;
  if (!last || !pointer) return null;
  const target = last.value.type.target?.canonicalName;
  const holder = nodes.at(-2);
  const isEmbedded = target !== value.type.canonicalName && holder?.value.type.canonicalName === target;
  return BigInt.asUintN(64, pointer - (isEmbedded ? BigInt(holder?.field.offset ?? 0) : 0n));
}

import type { TypedValue } from '../../backend/types.ts';
import { typedLine } from '../../format/typed.ts';
import type { CommandContext } from '../entry.ts';
import { isComposite, Objects } from '../types/objects.ts';
import type { TypeStyle } from '../types/request.ts';
import { Display } from '../types/show.ts';

const STYLE: TypeStyle = {
  arrays: null,
  compact: false,
  flush: false,
  bare: false,
  verbose: false,
  levels: 0,
  follows: false,
};

/** What `??` shows: type and value, and the members of a structure, or of the one that is pointed to. */
export async function showTyped(context: CommandContext, value: TypedValue): Promise<void> {
  const { pointerSize } = context.state;
  context.print(typedLine(value, pointerSize));
  const objects = new Objects(context.state, null, false);
  const display = new Display(context, objects, STYLE);
  const inner = isComposite(value.type) ? value : await objects.pointee(value);
  if (inner) await display.object(inner, [], false);
  const [first] = value.type.kind === 'array' && value.string === undefined ? (value.elements ?? []) : [];
  if (first && !isComposite(first.type) && first.type.kind !== 'array')
    display.line(typedLine(first, pointerSize).replace(/^.* (?=\S)/, ''));
  display.flush();
}

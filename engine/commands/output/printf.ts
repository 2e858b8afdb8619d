import { engineErrors } from '../../errors.ts';
import { address, hexDigits, symbol } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { readNumberArgument } from '../evaluate/argument.ts';
import { countedStringAt, stringAt } from '../memory/strings.ts';
import { type Conversion, parseFormat, withoutEscapes } from './conversions.ts';
import { type Field, floatText, integerText, padded } from './number-text.ts';

/** The text of `"Format"[, Argument …]`, which is next in the arguments. `written`: how values go into it. */
export async function formatted(
  context: CommandContext,
  args: Args,
  written: (value: string) => string = (value) => value,
): Promise<string> {
  const at = args.next;
  const format = args.match(/"((?:[^"\\]|\\.)*)(?:"|$)/y)?.[1] ?? args.fail(at);
  const out: string[] = [];
  for (const piece of parseFormat(withoutEscapes(format))) {
    out.push(piece.kind === 'text' ? piece.text : written(await converted(context, args, piece)));
  }
  args.expectEnd();
  return out.join('');
}

async function converted(context: CommandContext, args: Args, conversion: Conversion): Promise<string> {
  const field: Field = {
    ...conversion,
    width: await countOf(context, args, conversion.width),
    precision: await countOf(context, args, conversion.precision),
  };
  next(args, conversion);
  const literal = /^(?:s|S|ma|mu)$/.test(field.letter) ? args.quoted() : null;
  if (literal !== null) return textField(field, literal);
  const argument = await readNumberArgument(context, args);
  const { integer } = argument;
  const { pointerSize } = context.state;
  switch (field.letter) {
    case 'c':
    case 'C':
      return padded(
        field,
        '',
        String.fromCharCode(Number(integer & (field.letter === 'c' ? 0xffn : 0xffffn))),
        false,
      );
    case 's':
    case 'ma':
      return textField(field, await stringAt(context, integer, 1, field.precision));
    case 'S':
    case 'mu':
      return textField(field, await stringAt(context, integer, 2, field.precision));
    case 'msa':
    case 'msu':
      return textField(field, await countedStringAt(context, integer, field.letter === 'msa' ? 1 : 2));
    case 'p':
      return padded(field, '', address(integer, pointerSize), false);
    case 'N':
      return padded(field, '', hexDigits(integer, 16), false);
    case 'y':
      return padded(field, '', await symbolText(context, integer, field.size === 'l'), false);
    default:
      return /[diouxX]/.test(field.letter)
        ? integerText(field, argument, pointerSize)
        : floatText(field, argument);
  }
}

/** To the next argument. */
function next(args: Args, { letter }: Conversion): void {
  const at = args.next;
  if (args.take(',') && !args.done) return;
  throw engineErrors.badArgument(`There is no argument for %${letter}`, at);
}

const MOST = 1024n;

async function countOf(
  context: CommandContext,
  args: Args,
  count: number | '*' | null,
): Promise<number | null> {
  if (count !== '*') return count;
  next(args, { kind: 'conversion', flags: '', width: null, precision: null, size: '', letter: '*' });
  const value = await context.evaluate(args);
  return Number(value > MOST ? MOST : value);
}

function textField(field: Field, text: string): string {
  return padded(field, '', field.precision === null ? text : text.slice(0, field.precision), false);
}

/** ``loop!work+0x4 (00005555`5555514d)``, with the source line where it is wanted. */
async function symbolText(context: CommandContext, value: bigint, withLine: boolean): Promise<string> {
  const { state } = context;
  const where = address(value, state.pointerSize);
  if (state.kind === 'none') return where;
  const [hit] = await state.target.symbolize([value]);
  if (!hit) return where;
  const [line] = withLine ? await state.target.lines([value]) : [];
  return `${symbol(hit)}${line ? ` [${line.file} @ ${line.line}]` : ''} (${where})`;
}

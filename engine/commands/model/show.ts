import { joined, linked, type Marked } from '../../dml/marked.ts';
import { type ModelStyle, modelLine, modelValue, valueText } from '../../format/debugger-model.ts';
import type { CommandContext } from '../entry.ts';
import { Breath } from '../flow/breath.ts';
import { modelNames } from './debugger.ts';
import { elementsOf, evaluateModel } from './evaluate.ts';
import { gridLines } from './grid.ts';
import { parseModel } from './parse.ts';
import { type Entry, isObject, isVariable, type ModelValue } from './value.ts';

/** What of an object is shown, and how. */
export interface ModelView {
  readonly shown: string;
  readonly levels: number;
  readonly grid: boolean;
  readonly skip: number;
  /** Of a collection so many elements; null: a hundred. */
  readonly most: number | null;
  readonly style: ModelStyle;
}

const NAME_WIDTH = 16;
const INDENT = 4;
const MOST_ELEMENTS = 100;
const AT_ONCE = 200;

/** `dx @$curprocess.Threads`: an expression over the object model. */
export async function showModel(context: CommandContext, expression: string, view: ModelView): Promise<void> {
  const { state } = context;
  const breath = new Breath(state.cancel);
  const value = await evaluateModel(parseModel(expression), { breath, names: modelNames(state) });
  if (view.grid) {
    context.print((await grid(value, view)).join('\n'));
    return;
  }
  const lines: (string | Marked)[] = [header(value, view)];
  await addChildren(value, 1, view, breath, lines);
  for (let first = 0; first < lines.length; first += AT_ONCE)
    context.print(joined(lines.slice(first, first + AT_ONCE), '\n'));
}

function header(value: ModelValue, { shown, style }: ModelView): string {
  const text = textOf(value, style);
  if (isObject(value) || isVariable(value))
    return `${shown}${' '.repeat(NAME_WIDTH)}${text === '' ? '' : ` : ${text}`}`;
  return `${shown.padEnd(NAME_WIDTH)} : ${text}`;
}

function textOf(value: ModelValue, style: ModelStyle): string {
  if (typeof value === 'bigint') return number(value, style);
  if (isVariable(value)) return modelValue(value.node, style).replace(/^: /, '');
  return isObject(value) ? value.text : String(value);
}

function number(value: bigint, { base }: ModelStyle): string {
  const prefix = { 16: '0x', 10: '', 8: '0', 2: '0y' }[base ?? 16];
  return value < 0n ? `-${prefix}${(-value).toString(base ?? 16)}` : `${prefix}${value.toString(base ?? 16)}`;
}

/** `[0x0]            : /home/u/loop`. */
function line([name, value]: Entry, isElement: boolean, style: ModelStyle): string {
  if (isVariable(value)) return modelLine({ ...value.node, name }, style);
  const text = textOf(value, style);
  return `${nameText(name, isElement, style).padEnd(NAME_WIDTH)}${text === '' ? '' : ` : ${text}`}`;
}

function nameText(name: string, isElement: boolean, style: ModelStyle): string {
  if (!isElement) return name;
  return `[${/^0x[0-9a-f]+$/.test(name) && style.base === 10 ? BigInt(name) : name}]`;
}

interface Children {
  readonly entries: readonly Entry[];
  readonly areElements: boolean;
}

async function childrenOf(value: ModelValue): Promise<Children> {
  if (isVariable(value))
    return { entries: (value.node.children ?? []).map((node) => [node.name, { node }]), areElements: false };
  if (!isObject(value)) return { entries: [], areElements: false };
  if (value.elements) return { entries: await value.elements(), areElements: true };
  return { entries: await value.members(), areElements: false };
}

async function addChildren(
  value: ModelValue,
  level: number,
  view: ModelView,
  breath: Breath,
  lines: (string | Marked)[],
): Promise<void> {
  if (level > view.levels) return;
  const { entries, areElements } = await childrenOf(value);
  const skip = level === 1 ? view.skip : 0;
  const most = areElements ? ((level === 1 ? view.most : null) ?? MOST_ELEMENTS) : entries.length;
  const indent = ' '.repeat(INDENT * level);
  for (const entry of entries.slice(skip, skip + most)) {
    await breath.take();
    lines.push(switchLink(`${indent}${line(entry, areElements, view.style)}`, entry));
    await addChildren(entry[1], level + 1, view, breath, lines);
  }
  if (entries.length > skip + most) lines.push(`${indent}[...]`);
}

/** Threads, processes and frames by their numbers. */
function switchLink(text: string, [, value]: Entry): string | Marked {
  const at = text.lastIndexOf('[Switch To]');
  if (at < 0 || !isObject(value)) return text;
  return value.switches === undefined ? text : linked(text, '[Switch To]', value.switches, at);
}

async function grid(value: ModelValue, { style, skip, most }: ModelView): Promise<string[]> {
  const all = (await elementsOf(value)).slice(skip, skip + (most ?? MOST_ELEMENTS));
  const rows = await Promise.all(
    all.map(async ([name, each]) => {
      const { entries } = await childrenOf(each);
      const cells = entries.length === 0 ? [['Value', each] as const] : entries;
      return {
        name: nameText(name, true, style),
        cells: new Map(cells.map(([column, cell]) => [column, cellText(cell, style)])),
      };
    }),
  );
  return gridLines(rows);
}

function cellText(value: ModelValue, style: ModelStyle): string {
  if (isVariable(value))
    return value.node.value ? valueText(value.node, value.node.value, style) : (value.node.error ?? '');
  const text = textOf(value, style).replace(/ ?\[Switch To\]$/, '');
  return text === '' && isObject(value) ? '{...}' : text;
}

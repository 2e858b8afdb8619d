import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineErrors } from '../../errors.ts';
import { parseNumber } from '../../expressions/numbers.ts';
import type { DebuggerState } from '../state.ts';

/** GNU binutils of a machine, and how they are called. */
interface Tools {
  readonly prefix: string;
  readonly as: readonly string[];
  readonly ld: readonly string[];
  /** Before the instruction. */
  readonly opening: string;
}

/** One instruction takes milliseconds. */
const TIMEOUT_MS = 20_000;
const LONGEST = 200;
/** Instructions and their operands: nothing by which the assembler would read files or define anything. */
const INSTRUCTION = /^[a-z][\w.]*(?:\s+[\w\s,[\]+\-*:()!$@`#{}.]*)?$/i;
const DIRECTIVE = /(?:^|[\s:,])\.[a-z]/i;

const run = promisify(execFile);

function toolsFor({ isX64, isArm64, pointerSize }: DebuggerState): Tools {
  if (isArm64)
    return { prefix: process.arch === 'arm64' ? '' : 'aarch64-linux-gnu-', as: [], ld: [], opening: '' };
  if (!isX64 && pointerSize !== 4)
    throw engineErrors.unsupported('a', 'there is no assembler for this architecture', 'eb writes bytes.');
  const prefix = process.arch === 'x64' ? '' : 'x86_64-linux-gnu-';
  const opening = '.intel_syntax noprefix\n';
  return isX64
    ? { prefix, as: ['--64'], ld: ['-m', 'elf_x86_64'], opening }
    : { prefix, as: ['--32'], ld: ['-m', 'elf_i386'], opening };
}

/**
 * The bytes of an instruction at an address, by GNU's assembler and linker. `text` is as the disassembly shows it: numbers in the
 * current base unless they end in `h`, names with their module. @throws HawserError `BAD_ARGUMENT`, `UNSUPPORTED`, `UNRESOLVED`
 */
export async function assemble(
  state: DebuggerState,
  address: bigint,
  text: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const tools = toolsFor(state);
  if (text.length > LONGEST || !INSTRUCTION.test(text) || DIRECTIVE.test(text))
    throw engineErrors.assembler('one instruction is wanted, as the disassembly shows it');
  const source = await sourceOf(state, text);
  const folder = await mkdtemp(join(tmpdir(), 'hawser-'));
  const file = (name: string): string => join(folder, name);
  try {
    await writeFile(file('in.s'), `${tools.opening}.text\n${source}\n`);
    const options = { signal, timeout: TIMEOUT_MS, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
    await run(`${tools.prefix}as`, [...tools.as, '-o', 'in.o', 'in.s'], options);
    const place = ['-Ttext', `0x${address.toString(16)}`, '-e', '0', '--oformat=binary'];
    await run(`${tools.prefix}ld`, [...tools.ld, ...place, '-o', 'out', 'in.o'], options);
    return await readFile(file('out'));
  } catch (error) {
    throw explained(error, tools);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function explained(error: unknown, { prefix }: Tools): unknown {
  const { code, stderr = '', name } = error as NodeJS.ErrnoException & { stderr?: string };
  if (name === 'AbortError') return engineErrors.interrupted();
  if (code === 'ENOENT')
    return engineErrors.unsupported(
      'a',
      `GNU's assembler (${prefix}as) is not installed on the machine where the engine runs`,
      'Install binutils there, or write the bytes: eb.',
    );
  const said = /(?:Error:|undefined reference to|relocation truncated)\s*(.*)/.exec(stderr);
  if (!said) return error;
  const what = said[0].startsWith('Error') ? said[1] : said[0];
  return engineErrors.assembler((what ?? '').trim());
}

const WORD = /[A-Za-z_]\w*![\w:$.]+|[A-Za-z_$][\w$.]*|0[xnty][0-9a-f`]+|\d[0-9a-f`]*h?|\s+|./giy;

/** Numbers as the assembler takes them, addresses in the place of names; what the disassembly adds to addresses is dropped. */
async function sourceOf(state: DebuggerState, text: string): Promise<string> {
  const space = text.search(/\s/);
  if (space < 0) return text;
  // `call loop!helper (00005555`55555030)`, `mov rax,offset loop!g_count`.
  const operands = text
    .slice(space)
    .replace(/(\S)\s+\([0-9a-f`]+\)/i, '$1')
    .replace(/\boffset\s+/gi, '');
  const out: string[] = [];
  for (const [word] of operands.matchAll(new RegExp(WORD.source, 'gi'))) out.push(await operand(state, word));
  return text.slice(0, space) + out.join('');
}

async function operand(state: DebuggerState, word: string): Promise<string> {
  if (/^\d/.test(word)) {
    const value = parseNumber(word, /^\d+h$|h$/i.test(word) ? 16 : state.radix);
    return value === null ? word : `0x${value.toString(16)}`;
  }
  const mark = word.indexOf('!');
  if (mark < 0) return word;
  const found = await state.target.resolveSymbol(word.slice(0, mark), word.slice(mark + 1), state.context);
  if (found === null) throw engineErrors.unresolved(word);
  return `0x${found.toString(16)}`;
}

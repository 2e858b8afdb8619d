import { createHash } from 'node:crypto';
import type { Frame, SourceLine } from '../../backend/types.ts';
import { hexDigits, symbol } from '../../format/address.ts';
import { instructionLine, namedAddresses } from '../../format/instruction.ts';
import { frameLine } from '../stack/text.ts';
import type { DebuggerState } from '../state.ts';
import { labelLine } from '../stops/display.ts';
import { exceptionLines } from '../stops/exception-record.ts';
import { signalName } from '../stops/signals.ts';
import type { Analysis } from './analyze.ts';

const STARS = '*'.repeat(79);
const boxed = (text: string): string => `*${text.padEnd(77)}*`;

const header = (title: string): string =>
  [STARS, boxed(''), boxed(`${' '.repeat(24)}${title}`), boxed(''), STARS, ''].join('\n');

export const ANALYSIS_HEADER = header('Exception Analysis');
export const HANG_HEADER = header('Hang Analysis');

const FOLLOWUP = 'Followup:     MachineOwner\n---------\n';

const causeText = ({ finding }: Analysis): string => `CAUSE:  ${finding.cause.join('\n        ')}\n`;

/** Without -v: what it was, who is to blame, and the bucket. */
export function shortReport(analysis: Analysis): string {
  const { culprit, bucket } = analysis;
  const place = culprit?.symbol;
  return [
    causeText(analysis),
    ...(place ? [`Probably caused by : ${place.module} ( ${placeText(culprit)} )\n`] : []),
    `FAILURE_BUCKET_ID:  ${bucket}\n`,
    FOLLOWUP,
    'Use !analyze -v for the whole report.',
  ].join('\n');
}

/** With -v: keys and values, in WinDbg's order and form. */
export async function longReport(state: DebuggerState, analysis: Analysis): Promise<string> {
  const { crash, finding, culprit } = analysis;
  const exception = crash.signal && { signal: crash.signal, thread: crash.thread, address: crash.ip };
  const tid = state.threads.find(({ index }) => index === crash.thread)?.tid ?? 0;
  const executable = state.process?.executable ?? '';
  return [
    `FAULTING_IP: \n${await faultingCode(state, analysis)}\n`,
    ...(exception ? [`EXCEPTION_RECORD:  (.exr -1)\n${await exceptionLines(state, exception)}\n`] : []),
    `FAULTING_THREAD:  ${hexDigits(tid, 8)}\n`,
    `PROCESS_NAME:  ${executable.slice(executable.lastIndexOf('/') + 1)}\n`,
    ...(crash.signal ? [`SIGNAL:  ${signalText(analysis)}\n`] : []),
    causeText(analysis),
    ...(finding.facts ?? []).map(([key, value]) => `${key}:  ${value}\n`),
    `STACK_TEXT:  \n${stackText(state, crash.frames)}\n`,
    `STACK_COMMAND:  ~${crash.thread}s; ${crash.signal ? '.ecxr ; ' : ''}k\n`,
    ...(culprit ? [await followUp(state, culprit)] : []),
    ...identity(analysis),
    FOLLOWUP,
  ].join('\n');
}

function signalText({ crash: { signal } }: Analysis): string {
  if (!signal) return '';
  const code = signal.code === undefined ? '' : `, si_code ${signal.code}`;
  const sender = signal.sender ? `, from process 0n${signal.sender.pid}` : '';
  return `${signalName(signal)}${code}${sender}`;
}

async function faultingCode(state: DebuggerState, { crash }: Analysis): Promise<string> {
  const { instruction, ip, frames } = crash;
  const [first] = frames;
  const named = instruction ? namedAddresses(instruction) : [];
  const hits = await state.target.symbolize([ip, ...named]);
  const label = labelLine(hits[0] ? symbol(hits[0]) : null, first?.source ?? null).map((line) =>
    line.replace(/:$/, ''),
  );
  const name = (at: bigint): string | null => {
    const hit = hits[named.indexOf(at) + 1];
    return hit ? symbol(hit) : null;
  };
  const text = instruction
    ? instructionLine(instruction, name, state.syntax)
    : `${hexDigits(ip, state.pointerSize * 2)} ??              ???`;
  return [...label, text].join('\n');
}

/** More frames are left out in the middle: the last ones tell how it began. */
const FIRST_FRAMES = 32;
const LAST_FRAMES = 8;

function stackText(state: DebuggerState, frames: readonly Frame[]): string {
  const lines = frames.map((frame) => frameLine(state, frame).replace(/^\S+ /, ''));
  const hidden = lines.length - FIRST_FRAMES - LAST_FRAMES;
  if (hidden <= 1) return lines.join('\n');
  const between = `... ${hidden} frames more; k shows all ...`;
  return [...lines.slice(0, FIRST_FRAMES), between, ...lines.slice(-LAST_FRAMES)].join('\n');
}

async function followUp(state: DebuggerState, culprit: Frame): Promise<string> {
  const { source, symbol: hit } = culprit;
  const place = hit ? symbol(hit) : placeText(culprit);
  const lines = source ? await sourceLines(state, source) : [];
  const code = lines.length > 0 ? [`FAULTING_SOURCE_CODE:  \n${lines.join('\n')}\n`] : [];
  return [
    `FOLLOWUP_IP: \n${labelLine(place, source).join('').replace(/:$/, '')}\n`,
    ...(source
      ? [
          `FAULTING_SOURCE_LINE:  ${source.file}\n`,
          `FAULTING_SOURCE_FILE:  ${source.file}\n`,
          `FAULTING_SOURCE_LINE_NUMBER:  ${source.line}\n`,
          ...code,
        ]
      : []),
  ].join('\n');
}

const AROUND = 4;

async function sourceLines(state: DebuggerState, { file, line }: SourceLine): Promise<string[]> {
  const lines: string[] = [];
  for (let at = Math.max(1, line - AROUND); at <= line + AROUND; at++) {
    const text = await state.target.sourceText(file, at);
    if (text === null) continue;
    lines.push(`${at === line ? '>' : ' '}${String(at).padStart(5)}: ${text}`);
  }
  return lines;
}

/** `loop!crash+10`, as these reports write it: without `0x`; `loop+1149` where the code has no name. */
function placeText({ symbol: hit, module, address }: Frame): string {
  const offset = hit ? hit.offset : address - (module?.start ?? 0n);
  const name = hit ? `${hit.module}!${hit.name}` : (module?.name ?? '');
  return `${name}${offset === 0n ? '' : `+${offset.toString(16)}`}`;
}

function identity({ crash, culprit, bucket, finding }: Analysis): string[] {
  const name = culprit?.symbol?.module ?? culprit?.module?.name;
  const module = crash.modules.find((each) => each.name === name);
  const short = module?.symbols !== 'dwarf';
  return [
    ...(culprit ? [`SYMBOL_NAME:  ${placeText(culprit)}\n`] : []),
    ...(module
      ? [
          `MODULE_NAME: ${module.name}\n`,
          `IMAGE_NAME:  ${module.path.slice(module.path.lastIndexOf('/') + 1)}\n`,
          ...(module.buildId ? [`BUILD_ID:  ${module.buildId}\n`] : []),
          ...(short ? [`SYMBOLS:  ${missing(module.name, module.symbols)}\n`] : []),
        ]
      : []),
    `PRIMARY_PROBLEM_CLASS:  ${finding.problem}\n`,
    `FAILURE_BUCKET_ID:  ${bucket}\n`,
    `FAILURE_ID_HASH:  ${hashOf(bucket)}\n`,
  ];
}

function missing(name: string, symbols: string): string {
  const has = symbols === 'none' ? 'no symbols' : 'no debug information, only its exported symbols';
  return `there is ${has} of ${name}; lmvm ${name} shows where it was looked for, .sympath sets it.`;
}

/** `{9f86d081-884c-7d65-9a2f-eaa0c55ad015}`. */
function hashOf(bucket: string): string {
  const digits = createHash('sha256').update(bucket).digest('hex');
  return `{${[0, 8, 12, 16, 20, 32]
    .slice(1)
    .map((end, index) => digits.slice([0, 8, 12, 16, 20][index], end))
    .join('-')}}`;
}

import { HawserError } from '../../../transports/errors/error.ts';
import { readHeap } from '../heap/arena.ts';
import { walkArena } from '../heap/walk.ts';
import { cppException } from './cpp-exception.ts';
import { type Crash, type Finding, isIn, textAt, wordAt } from './crash.ts';
import { rustPanic } from './rust-panic.ts';

const [HEAP, STACK, ASSERTION] = [0xc0000374, 0xc0000409, 0xc0000420];

type Known = readonly [message: RegExp, problem: string, code: number, why: string];

/** What glibc says before it aborts. */
const MESSAGES: readonly Known[] = [
  [
    /stack smashing detected/,
    'STACK_BUFFER_OVERRUN',
    STACK,
    'A buffer on the stack was written past its end: the guard value before the return address has changed.',
  ],
  [
    /buffer overflow detected/,
    'FORTIFY_BUFFER_OVERRUN',
    STACK,
    'A function of the C library was about to write more than the buffer holds (_FORTIFY_SOURCE).',
  ],
  [/%n in writable/, 'FORTIFY_FORMAT_STRING', STACK, 'A format string in writable memory has %n in it.'],
  [
    /longjmp causes uninitialized/,
    'FORTIFY_LONGJMP',
    STACK,
    'longjmp was to go to a function that has returned.',
  ],
  [
    /double free or corruption \(out\)/,
    'HEAP_CORRUPTION',
    HEAP,
    'What is written before the block that was freed was overwritten: the block before it was written past its end.',
  ],
  [/double free/, 'DOUBLE_FREE', HEAP, 'A block of the heap was freed that is free already.'],
  [
    /(?:free\(\)|munmap_chunk\(\)|realloc\(\)): invalid (?:pointer|size)|munmap_chunk\(\): invalid/,
    'INVALID_FREE',
    HEAP,
    'What was freed is no block of the heap, or what is written before it was overwritten.',
  ],
  [
    /unaligned (?:tcache|fastbin) chunk/,
    'USE_AFTER_FREE',
    HEAP,
    'A freed block was written to: the link of the allocator’s list in it leads nowhere.',
  ],
  [
    /corrupted|invalid (?:next )?size|malloc\(\)|unsorted|smallbin|tcache|mismatching|invalid chunk|free\(\)|realloc\(\)|unlink|prev_size/,
    'HEAP_CORRUPTION',
    HEAP,
    'What the allocator keeps between the blocks of the heap was overwritten, mostly by a write past the end of a block, earlier than here.',
  ],
];

/** SIGABRT. */
export async function aborted(crash: Crash): Promise<Finding> {
  const message = await abortMessage(crash);
  if (message !== null) {
    const facts = [['ABORT_MESSAGE', message]] as const;
    const assertion = /Assertion `([\s\S]*)' failed\.?$/.exec(message)?.[1];
    if (assertion !== undefined) return assertionFailed(assertion, message);
    const known = MESSAGES.find(([pattern]) => pattern.test(message));
    if (known) {
      const [, problem, code, why] = known;
      const where = code === HEAP ? await heapProblems(crash) : [];
      return { problem, code, cause: [`glibc ended the program: ${message}`, why, ...where], facts };
    }
    return { problem: 'ABORT', code: ASSERTION, cause: [`glibc ended the program: ${message}`], facts };
  }
  return (await byFrames(crash)) ?? plainAbort(crash);
}

const MOST_PROBLEMS = 3;

/** What a walk through the heap finds to be wrong; nothing where it cannot be walked. */
async function heapProblems({ state }: Crash): Promise<string[]> {
  try {
    const heap = await readHeap(state);
    const found: string[] = [];
    for (const arena of heap.arenas)
      for (const { problems } of await walkArena(heap, arena)) found.push(...problems);
    return found.slice(0, MOST_PROBLEMS).map((problem) => `In the heap: ${problem}.`);
  } catch (error) {
    if (error instanceof HawserError && error.code === 'UNSUPPORTED') return [];
    throw error;
  }
}

function assertionFailed(assertion: string, message: string): Finding {
  return {
    problem: 'ASSERTION_FAILURE',
    code: ASSERTION,
    cause: [`An assertion does not hold: ${assertion}`],
    facts: [
      ['ASSERTION', assertion],
      ['ABORT_MESSAGE', message],
    ],
  };
}

async function byFrames(crash: Crash): Promise<Finding | null> {
  const has = (names: RegExp): boolean => crash.frames.some((frame) => isIn(frame, names));
  if (has(/^__cxa_pure_virtual/))
    return {
      problem: 'PURE_VIRTUAL_CALL',
      code: STACK,
      cause: [
        'A pure virtual function was called: the object is still being constructed, or is being destroyed already.',
      ],
    };
  if (has(/^__cxa_deleted_virtual/))
    return {
      problem: 'DELETED_VIRTUAL_CALL',
      code: STACK,
      cause: ['A deleted virtual function was called.'],
    };
  if (has(/^std::__glibcxx_assert_fail|^std::__replacement_assert/))
    return {
      problem: 'ASSERTION_FAILURE',
      code: ASSERTION,
      cause: [
        'A check of the C++ library (_GLIBCXX_ASSERTIONS) does not hold: an index or an iterator is out of range, mostly.',
      ],
    };
  if (has(/^__(?:asan|ubsan|tsan|msan|sanitizer)/))
    return {
      problem: 'SANITIZER',
      code: ASSERTION,
      cause: ['A sanitizer has found an error; it has written what to the program’s standard error.'],
    };
  if (
    has(/^(?:std::terminate|__cxxabiv1::__terminate|__gnu_cxx::__verbose_terminate_handler)/) ||
    isFromCpp(crash)
  )
    return cppException(crash);
  return rustPanic(crash);
}

/** The functions that end a C++ program are not among the exported symbols of its library, which may have no others. */
function isFromCpp({ frames, modules }: Crash): boolean {
  const abort = frames.findIndex((frame) => isIn(frame, /^(?:__GI_)?abort$/));
  const caller = frames[abort + 1]?.symbol?.module;
  const path = modules.find(({ name }) => name === caller)?.path ?? '';
  return abort >= 0 && /\/lib(?:stdc\+\+|c\+\+abi|c\+\+)\.so/.test(path);
}

function plainAbort({ signal, state }: Crash): Finding {
  const from = signal?.sender?.pid;
  if (from !== undefined && from !== 0 && from !== state.process?.pid)
    return {
      problem: 'SIGNAL_SIGABRT',
      code: ASSERTION,
      cause: [`Process 0n${from} has sent SIGABRT; the program did nothing wrong itself.`],
    };
  return {
    problem: 'ABORT',
    code: ASSERTION,
    cause: ['The program has called abort(), and left no message.'],
  };
}

/** What glibc had to say (`__abort_msg`: its size, then the text); null: nothing. */
async function abortMessage(crash: Crash): Promise<string | null> {
  const at = await crash.state.target.resolveSymbol(null, '__abort_msg', null);
  const pointer = at === null ? null : await wordAt(crash, at);
  if (pointer === null || pointer === 0n) return null;
  const text = await textAt(crash, pointer + 4n);
  return text?.trim() || null;
}

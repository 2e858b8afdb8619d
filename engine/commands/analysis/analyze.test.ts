import { describe, expect, it } from 'vitest';
import { available, compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';
import { C_FLAGS, crashSource } from '../testing/crashes/c.ts';
import { coreOf } from '../testing/crashes/core.ts';
import { CPP_FLAGS, crashCppSource } from '../testing/crashes/cpp.ts';
import { crashRustSource, RUST_FLAGS } from '../testing/crashes/rust.ts';

type Row = readonly [name: string, bucket: string, cause: RegExp, full?: 'full'];

/** What is found of each crash: its bucket behind the problem, and words of the cause that nothing else has. */
const C: readonly Row[] = [
  [
    'null_write',
    'NULL_POINTER_WRITE_c0000005_crash!null_write+',
    /write to 0{8}`0{7}8: 0x8 behind a null pointer \(rax\)/,
  ],
  ['null_read', 'NULL_POINTER_READ_c0000005_crash!null_read+', /read from 0{8}`00000018/, 'full'],
  [
    'null_read_again',
    'NULL_POINTER_READ_c0000005_crash!null_read_again+',
    /read from 0{8}`0{8}: a null pointer/,
    'full',
  ],
  ['null_call', 'NULL_POINTER_EXECUTE_c0000005_crash!null_call+', /a null pointer was called/],
  [
    'wild_call',
    'INVALID_POINTER_EXECUTE_c0000005_crash!wild_call+',
    /run code at 00000012`34567000, where nothing is mapped/,
    'full',
  ],
  [
    'text_call',
    'INVALID_POINTER_EXECUTE_c0000005_crash!text_call+',
    /not canonical[\s\S]*text, 'AAAAAAAA'/,
    'full',
  ],
  ['data_call', 'SOFTWARE_NX_FAULT_c0000005_crash!data_call+', /data and no code \(of module crash\)/],
  [
    'text_pointer',
    'INVALID_POINTER_READ_c0000005_crash!text_pointer+',
    /41414141`41414141 is not canonical[\s\S]*'AAAAAAAA'/,
  ],
  ['marker', 'INVALID_POINTER_READ_c0000005_crash!marker+', /holds deadbeef, a marker/, 'full'],
  [
    'kernel_address',
    'INVALID_POINTER_READ_c0000005_crash!kernel_address+',
    /belongs to the kernel: the pointer is a negative number/,
    'full',
  ],
  ['unmapped', 'INVALID_POINTER_READ_c0000005_crash!unmapped+', /where nothing is mapped/, 'full'],
  [
    'past_end',
    'INVALID_POINTER_WRITE_c0000005_crash!past_end+',
    /It is 0x0 bytes behind memory without a file/,
  ],
  ['read_only', 'READ_ONLY_WRITE_c0000005_crash!read_only', /may be read only \(of module crash\)/],
  ['guard_page', 'GUARD_PAGE_READ_c0000005_crash!guard_page+', /nobody may touch/],
  ['stack_overflow', 'STACK_OVERFLOW_c00000fd_crash!deep', /full of calls of crash!deep/],
  ['thread_stack_overflow', 'STACK_OVERFLOW_c00000fd_crash!deep', /full of calls of crash!deep/, 'full'],
  ['divide', 'INTEGER_DIVIDE_BY_ZERO_c0000094_crash!divide+', /divided by zero \(idiv/],
  ['divide_overflow', 'INTEGER_DIVIDE_OVERFLOW_c0000095_crash!divide_overflow+', /the divisor is -1/, 'full'],
  ['trap_instruction', 'TRAP_INSTRUCTION_c000001d_crash!trap_instruction', /ran into ud2/],
  [
    'bad_instruction',
    'ILLEGAL_INSTRUCTION_c000001d_crash!bad_instruction',
    /There is no instruction at/,
    'full',
  ],
  ['privileged', 'PRIVILEGED_INSTRUCTION_c0000096_crash!privileged', /for the kernel alone/, 'full'],
  ['breakpoint', 'BREAKPOINT_80000003_crash!breakpoint+', /a breakpoint of its own/, 'full'],
  [
    'misaligned',
    'MISALIGNED_OPERAND_WRITE_80000002_crash!misaligned+',
    /movaps wants a multiple of 16, and 1h is left over/,
  ],
  ['plain_abort', 'ABORT_c0000420_crash!plain_abort+', /called abort\(\), and left no message/, 'full'],
  ['failed_assert', 'ASSERTION_FAILURE_c0000420_crash!failed_assert+', /does not hold: wanted == zero/],
  [
    'double_free',
    'DOUBLE_FREE_c0000374_crash!double_free+',
    /free that is free already|freed that is free already/,
  ],
  ['invalid_free', 'INVALID_FREE_c0000374_crash!invalid_free+', /free\(\): invalid pointer/, 'full'],
  [
    'heap_overrun',
    'HEAP_CORRUPTION_c0000374_crash!heap_overrun+',
    /the block before it was written past its end[\s\S]*In the heap: [0-9a-f]+: the header says a size of 4141414141414140/,
  ],
  [
    'use_after_free',
    'USE_AFTER_FREE_READ_c0000005_crash!use_after_free+',
    /allocator writes into a freed block/,
  ],
  ['smashed_stack', 'STACK_BUFFER_OVERRUN_c0000409_crash!smashed_stack+', /stack smashing detected/],
  ['fortified', 'FORTIFY_BUFFER_OVERRUN_c0000409_crash!fortified+', /more than the buffer holds/, 'full'],
  [
    'lost_return',
    'RETURN_ADDRESS_OVERWRITTEN_c0000409_crash!lost_return+',
    /return address on the stack, 42424242`42424242/,
  ],
  [
    'truncated_file',
    'IN_PAGE_ERROR_FILE_TRUNCATED_c0000006_crash!truncated_file+',
    /mapping of \/tmp\/hawser-crash-\w+[\s\S]*offset 0x1000/,
  ],
  [
    'forbidden_call',
    'INVALID_SYSTEM_CALL_getppid_c000001c_crash!forbidden_call+',
    /system call getppid \(110\)/,
  ],
  [
    'null_string',
    'NULL_POINTER_READ_c0000005_crash!null_string+',
    /rdi holds 10, which is next to a null pointer/,
    'full',
  ],
  [
    'sent_signal',
    'SIGNAL_SIGSEGV_c0000005_crash!sent_signal+',
    /The program itself has sent SIGSEGV \(11\)/,
    'full',
  ],
];

const CPP: readonly Row[] = [
  [
    'runtime_failure',
    'CPP_EXCEPTION_std::runtime_error_e06d7363_crash!runtime_failure+',
    /nobody catches it: the disk is full/,
    'full',
  ],
  [
    'own_failure',
    'CPP_EXCEPTION_Own_e06d7363_crash!own_failure+',
    /type Own was thrown, and nobody catches it: own failure 42/,
  ],
  [
    'plain_failure',
    'CPP_EXCEPTION_Plain_e06d7363_crash!plain_failure+',
    /type Plain was thrown, and nobody catches it\./,
    'full',
  ],
  ['number_failure', 'CPP_EXCEPTION_int_e06d7363_crash!number_failure+', /nobody catches it: 42/, 'full'],
  [
    'text_failure',
    'CPP_EXCEPTION_char_const*_e06d7363_crash!text_failure+',
    /nobody catches it: a text/,
    'full',
  ],
  [
    'range_failure',
    'CPP_EXCEPTION_std::out_of_range_e06d7363_crash!range_failure+',
    /__n \(which is 9\) >= this->size\(\) \(which is 3\)/,
  ],
  ['memory_failure', 'CPP_EXCEPTION_std::bad_alloc_e06d7363_crash!memory_failure+', /std::bad_alloc/, 'full'],
  [
    'noexcept_failure',
    'CPP_EXCEPTION_std::runtime_error_e06d7363_crash!runtime_failure+',
    /the disk is full/,
    'full',
  ],
  ['thread_failure', 'CPP_TERMINATE_e06d7363_crash!thread_failure+', /no exception is under way/, 'full'],
  ['kept_failure', 'CPP_EXCEPTION_Own_e06d7363_crash!kept_failure+', /own failure 42/, 'full'],
  ['pure_call', 'PURE_VIRTUAL_CALL_c0000409_crash!Base::call+', /pure virtual function was called/],
];

const RUST: readonly Row[] = [
  [
    'out_of_range',
    'RUST_PANIC_e0525354_crash!crash::out_of_range+',
    /index out of bounds: the len is 3 but the index is 7/,
    'full',
  ],
  [
    'unwraps',
    'RUST_PANIC_e0525354_crash!crash::unwraps+',
    /called `Option::unwrap\(\)` on a `None` value/,
    'full',
  ],
  ['explicit', 'RUST_PANIC_e0525354_crash!crash::explicit+', /explicit 2 and text/],
  ['literal', 'RUST_PANIC_e0525354_crash!crash::literal+', /only a literal/, 'full'],
];

const full = process.env.HAWSER_FULL !== undefined;
const PATIENCE = { timeout: 300_000 };

/** Of the core file that the system leaves, or where it leaves none (core_pattern) of the program itself. */
async function analysis(program: string, name: string, command = '!analyze', live = false): Promise<string> {
  const core = live ? null : coreOf(program, [name]);
  const console = new Console();
  if (core !== null) await console.start({ kind: 'core', core });
  else {
    await console.start({ kind: 'launch', program, args: [name] });
    await console.run('sxe ii; g');
  }
  const text = await console.run(command);
  await console.language.dispose('kill');
  return text;
}

const bucketIn = (text: string): string => /^FAILURE_BUCKET_ID: {2}(.*)$/m.exec(text)?.[1] ?? text;

/** Two at a time: most of each is GDB's. */
async function check(program: string, rows: readonly Row[]): Promise<void> {
  const wanted = rows.filter((row) => full || row[3] === undefined);
  const found = new Map<string, string>();
  const left = [...wanted];
  const worker = async () => {
    for (let row = left.shift(); row; row = left.shift()) found.set(row[0], await analysis(program, row[0]));
  };
  await Promise.all([worker(), worker()]);
  for (const [name, bucket, cause] of wanted) {
    const text = found.get(name) ?? '';
    expect(`${name}: ${bucketIn(text)}`).toContain(`${name}: ${bucket}`);
    expect(text, name).toMatch(cause);
  }
  const buckets = wanted.map(([name]) => bucketIn(found.get(name) ?? ''));
  const same = wanted.filter(([, bucket], index) => wanted.findIndex((row) => row[1] === bucket) !== index);
  expect(new Set(buckets).size).toBe(wanted.length - same.length);
}

describe('!analyze names the cause', () => {
  const program = compile('crash.c', crashSource, C_FLAGS);

  it('of what C programs do wrong', PATIENCE, () => check(program.path, C));

  it('of exceptions of C++', PATIENCE, () =>
    check(compile('crash.cpp', crashCppSource, CPP_FLAGS).path, CPP),
  );

  const rust = available('rustc');
  it.skipIf(!rust)(`of panics of Rust${rust ? '' : ' (skipped: there is no rustc here)'}`, PATIENCE, () =>
    check(compile('crash.rs', crashRustSource, RUST_FLAGS).path, RUST),
  );

  it('by the same bucket of the living program, wherever it lies', PATIENCE, async () => {
    const moving = compile('crash.c', crashSource, [
      ...C_FLAGS.filter((flag) => flag !== '-no-pie'),
      '-pie',
      '-fPIE',
    ]);
    for (const name of full
      ? ['double_free', 'stack_overflow', 'null_call', 'failed_assert']
      : ['null_call']) {
      const buckets = [
        await analysis(moving.path, name),
        await analysis(moving.path, name, '!analyze', true),
        ...(full ? [await analysis(moving.path, name)] : []),
      ].map(bucketIn);
      expect(new Set(buckets).size, buckets.join()).toBe(1);
    }
  });

  it('by its place in the module where there are no symbols', PATIENCE, async () => {
    const stripped = compile('crash.c', crashSource, [...C_FLAGS, '-s']);
    expect(bucketIn(await analysis(stripped.path, 'null_write'))).toMatch(
      /^NULL_POINTER_WRITE_c0000005_crash\+[0-9a-f]+$/,
    );
  });
});

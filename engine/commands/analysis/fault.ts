import { hexDigits, address as wide } from '../../format/address.ts';
import { type Access, accessesOf, failedAccess, jumpTarget } from './access.ts';
import { badAddress } from './bad-address.ts';
import { type Crash, type Finding, moduleAt, regionAt, wordAt } from './crash.ts';
import { isCanonical, textIn } from './pointers.ts';
import { stackOverflow } from './stack-overflow.ts';

const ACCESS_VIOLATION = 0xc0000005;
/** siginfo's si_code where the processor tells no address: a general protection fault. */
const SI_KERNEL = 128;

/** Aligned vector moves, and the operations of SSE on memory, which have to lie at a multiple of 16 (32, 64). */
const ALIGNED = /^v?(?:mov(?:aps|apd|dqa\d*|ntps|ntpd|ntdqa?))\b/;
const PRIVILEGED =
  /^(?:hlt|cli|sti|in|out|ins|outs|rdmsr|wrmsr|invd|wbinvd|invlpg|lgdt|lidt|lldt|ltr|clts|lmsw|rdpmc|mov\s+[cd]r\d|mov\s+\w+,[cd]r\d)\b/;

/** SIGSEGV. */
export async function segmentationFault(crash: Crash): Promise<Finding> {
  const { signal } = crash;
  const address = signal?.address ?? likelyAddress(crash);
  if (signal?.code === SI_KERNEL || address === null) return protectionFault(crash);
  const access = await failedAccess(crash, address);
  return (await stackOverflow(crash, access.address)) ?? badAddress(crash, access);
}

/** Where nobody tells, as in core files of QEMU: what the instruction was at, if that cannot be. */
function likelyAddress(crash: Crash): bigint | null {
  const here = regionAt(crash, crash.ip);
  if (crash.instruction === null && !here?.execute) return crash.ip;
  const bad = accessesOf(crash).find(({ address, kind }) => {
    const region = regionAt(crash, address);
    if (!isCanonical(address)) return false;
    return region === null || (kind === 'write' ? !region.write : !region.read);
  });
  return bad?.address ?? null;
}

/** The processor told no address, so it is worked out what it had to do. */
async function protectionFault(crash: Crash): Promise<Finding> {
  const text = crash.instruction?.text ?? '';
  if (PRIVILEGED.test(text))
    return {
      problem: 'PRIVILEGED_INSTRUCTION',
      code: 0xc0000096,
      cause: ['The instruction is for the kernel alone.'],
    };
  const target = await jumpTarget(crash);
  if (target !== null && !isCanonical(target)) return wildJump(crash, target);
  for (const access of accessesOf(crash)) {
    const finding = notCanonical(crash, access) ?? misaligned(crash, access);
    if (finding) return finding;
  }
  return {
    problem: 'INVALID_POINTER',
    code: ACCESS_VIOLATION,
    cause: ['The processor refused the instruction and told no address (a general protection fault).'],
  };
}

function wildJump({ instruction }: Crash, target: bigint): Finding {
  const returns = /^ret/.test(instruction?.text ?? '');
  const what = returns ? 'The return address on the stack' : 'The address of the code to be called';
  return {
    problem: returns ? 'RETURN_ADDRESS_OVERWRITTEN' : 'INVALID_POINTER_EXECUTE',
    code: returns ? 0xc0000409 : ACCESS_VIOLATION,
    cause: [
      `${what}, ${wide(target)}, is not canonical: no program can have memory there.`,
      ...textNote(target),
      ...(returns ? ['A buffer on the stack was written past its end, or the stack pointer is wrong.'] : []),
    ],
  };
}

function notCanonical(_crash: Crash, { kind, address, base }: Access): Finding | null {
  if (isCanonical(address)) return null;
  return {
    problem: `INVALID_POINTER_${kind.toUpperCase()}`,
    code: ACCESS_VIOLATION,
    cause: [
      `The address ${wide(address)} is not canonical: no program can have memory there.`,
      ...(base && !isCanonical(base.value) ? [`It comes from ${base.name}, ${wide(base.value)}.`] : []),
      ...textNote(base && !isCanonical(base.value) ? base.value : address),
    ],
  };
}

function textNote(value: bigint): string[] {
  const text = textIn(value);
  return text === null ? [] : [`Its bytes are text, '${text}': a string was written over the pointer.`];
}

function misaligned({ instruction }: Crash, { address, size, kind }: Access): Finding | null {
  const text = instruction?.text ?? '';
  const vector = size >= 16 && /^[a-uw-z]/.test(text) && /xmm/.test(text);
  if (!ALIGNED.test(text) && !vector) return null;
  const needed = BigInt(size || 16);
  if (address % needed === 0n) return null;
  return {
    problem: `MISALIGNED_OPERAND_${kind.toUpperCase()}`,
    code: 0x80000002,
    cause: [
      `The operand at ${wide(address)} is misaligned: ${text.split(/\s/, 1)[0]} wants a multiple of ${needed}, and ${hexDigits(address % needed, 1)}h is left over.`,
    ],
  };
}

/** siginfo's si_code of SIGBUS. */
const [BUS_ALIGNMENT, BUS_ADDRESS, BUS_HARDWARE] = [1, 2, 3];

/** SIGBUS. */
export async function busError(crash: Crash): Promise<Finding> {
  const { signal } = crash;
  const address = signal?.address ?? 0n;
  if (signal?.code === BUS_ALIGNMENT)
    return {
      problem: 'MISALIGNED_OPERAND',
      code: 0x80000002,
      cause: [`The operand at ${wide(address)} is misaligned.`],
    };
  const region = regionAt(crash, address);
  const file = region && region.path !== '' && !region.path.startsWith('[') ? region : null;
  if ((signal?.code ?? 0) >= BUS_HARDWARE)
    return {
      problem: 'MEMORY_FAILURE',
      code: 0xc0000006,
      cause: [`The hardware reports that the memory at ${wide(address)} is damaged.`],
    };
  if (signal?.code !== BUS_ADDRESS || !file)
    return {
      problem: 'IN_PAGE_ERROR',
      code: 0xc0000006,
      cause: [`There is a mapping at ${wide(address)}, but no memory could be brought in for it.`],
    };
  const at = file.offset + (address - file.start);
  return {
    problem: 'IN_PAGE_ERROR_FILE_TRUNCATED',
    code: 0xc0000006,
    cause: [
      `${wide(address)} lies in a mapping of ${file.path}, at offset 0x${at.toString(16)} of the file, behind the file’s end.`,
      'The file is shorter than what was mapped of it: it was truncated, or never was so long; or it could not be read.',
    ],
    facts: [['FILE_IN_PAGE_ERROR', file.path]],
  };
}

/** A jump to where no code is: who made it stands on the stack. */
export async function callerOfWild(crash: Crash): Promise<bigint | null> {
  const sp = crash.registers.get('rsp');
  const word = sp === undefined ? (crash.registers.get('x30') ?? null) : await wordAt(crash, sp);
  return word !== null && moduleAt(crash, word) && regionAt(crash, word)?.execute ? word : null;
}

import type { InstructionKind } from '../backend/types.ts';

/** Words that may stand before an instruction of x86. */
const PREFIXES = /^(?:(?:bnd|notrack|rep[nz]*|data16|addr32|cs|ds|lock) )+/;

const KINDS: readonly (readonly [InstructionKind, RegExp])[] = [
  ['call', /^(?:l?callq?|bl|blr\w*|jalr?)\b/],
  ['return', /^(?:l?retq?f?|iretq?|iretd|eret|ret\w*)\b/],
  ['syscall', /^(?:syscall|sysenter|int|svc|ecall)\b/],
  [
    'branch',
    /^(?:j[a-z]+|loop\w*|xbegin|b|b\.\w+|br\w*|cbn?z|tbn?z|b(?:eq|ne|lt|ge|gt|le|ltu|geu|eqz|nez)z?)(?:\s|$)/,
  ],
];

/** What an instruction, as GDB writes it, does with the flow of control; null: it goes on to the next one. */
export function instructionKind(text: string): InstructionKind | null {
  const plain = text.replace(PREFIXES, '');
  return KINDS.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

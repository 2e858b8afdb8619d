import { expect, test } from 'vitest';
import { referencesOf } from './references.ts';

test('what code of AArch64 refers to is told from its instructions, as the assembler makes them', () => {
  // adrp x0, +0x12345000; add x0, x0, #0x678; adrp x21, -0x1000; ldr x1, [x21, #0x88]; str x2, [x21, #8]; ldr x3, [x9, #8]; ret
  const code = [0xb0091a20, 0x9119e000, 0xf0fffff5, 0xf94046a1, 0xf90006a2, 0xf9400523, 0xd65f03c0];
  const bytes = new Uint8Array(new Uint32Array(code).buffer);
  expect(referencesOf(bytes, 0xffff800008010010n).map((each) => each.toString(16))).toEqual([
    'ffff80001a355678',
    'ffff80000800f088',
    'ffff80000800f008',
  ]);
});

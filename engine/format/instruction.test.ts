import { describe, expect, it } from 'vitest';
import { instructionText } from './instruction.ts';
import { branchTaken, effectiveAddress, memoryOperand, registersIn, segmentOf } from './operands.ts';

const NAMES = new Map([
  [0x401139n, 'loop!helper'],
  [0x404070n, 'loop!g_count'],
]);

function masm(text: string): string {
  const instruction = { address: 0x401000n, bytes: new Uint8Array(), text };
  return instructionText(instruction, (address) => NAMES.get(address) ?? null);
}

describe('instructions in MASM spelling', () => {
  it.each([
    ['mov    eax,DWORD PTR [rax+0x8]', 'mov     eax,dword ptr [rax+8]'],
    ['mov    DWORD PTR [rbp-0x14],edi', 'mov     dword ptr [rbp-14h],edi'],
    ['call   0x401139 <helper>', 'call    loop!helper (00000000`00401139)'],
    ['jmp    0x401200 <main+40>', 'jmp     00000000`00401200'],
    [
      'mov    eax,DWORD PTR [rip+0x2e15]        # 0x404070 <g_count>',
      'mov     eax,dword ptr [loop!g_count (00000000`00404070)]',
    ],
    ['and    rsp,0xfffffffffffffff0', 'and     rsp,0FFFFFFFFFFFFFFF0h'],
    ['nop    DWORD PTR [rax+rax*1+0x0]', 'nop     dword ptr [rax+rax]'],
    ['lea    rdx,[rax+rax*4]', 'lea     rdx,[rax+rax*4]'],
    ['movabs rax,0x1122334455667788', 'mov     rax,1122334455667788h'],
    ['mov    rax,QWORD PTR fs:0x28', 'mov     rax,qword ptr fs:28h'],
    ['ret', 'ret'],
    ['rep stos QWORD PTR es:[rdi],rax', 'rep stos qword ptr es:[rdi],rax'],
    ['vpbroadcastb ymm17,esi', 'vpbroadcastb ymm17,esi'],
  ])('%s', (text, expected) => {
    expect(masm(text)).toBe(expected);
  });
});

describe('effective addresses', () => {
  const registers = new Map([
    ['rax', 0x1000n],
    ['rbx', 3n],
    ['rbp', 0x7ff0n],
    ['fs_base', 0x5000n],
    ['eflags', 0x44n],
  ]);
  it.each([
    ['mov eax,DWORD PTR [rax+0x8]', 0x1008n, 'ds', 4],
    ['mov eax,DWORD PTR [rbp-0x10]', 0x7fe0n, 'ss', 4],
    ['mov al,BYTE PTR [rax+rbx*8+0x1]', 0x1019n, 'ds', 1],
    ['mov rax,QWORD PTR fs:0x28', 0x5028n, 'fs', 8],
    ['mov eax,DWORD PTR [rip+0x2e15]        # 0x404070 <g_count>', 0x404070n, 'ds', 4],
    ['call QWORD PTR [rax]', 0x1000n, 'ds', 8],
  ])('%s', (text, address, segment, size) => {
    const operand = memoryOperand(text);
    expect(operand && [effectiveAddress(operand, registers), segmentOf(operand), operand.size]).toEqual([
      address,
      segment,
      size,
    ]);
  });

  it.each([
    'lea rax,[rbx+0x8]',
    'nop DWORD PTR [rax]',
    'call 0x401139 <helper>',
    'jne 0x4',
    'mov eax,0x5',
    'ret',
  ])('%s has none', (text) => {
    expect(memoryOperand(text)).toBeNull();
  });

  it.each([
    ['je 0x1', true],
    ['jne 0x1', false],
    ['jbe 0x1', true],
    ['ja 0x1', false],
    ['jl 0x1', false],
    ['jg 0x1', false],
    ['jp 0x1', true],
    ['jmp 0x1', null],
    ['mov eax,1', null],
  ])('%s is taken: %s', (text, taken) => {
    expect(branchTaken(text, registers)).toBe(taken);
  });

  it('names the registers of an instruction', () => {
    expect(registersIn('mov    DWORD PTR [rbp+rax*4-0x14],r8d')).toEqual(['rbp', 'rax', 'r8d']);
  });
});

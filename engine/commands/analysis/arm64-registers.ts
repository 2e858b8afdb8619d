/** What an instruction of AArch64 needs of the registers. */
export const ARM64_REGISTERS: readonly string[] = [
  'pc',
  'sp',
  ...Array.from({ length: 31 }, (_, index) => `x${index}`),
];

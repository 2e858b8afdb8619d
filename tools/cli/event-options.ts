import type { OptionSpec, ParsedOptions } from './options.ts';

const STATUS = {
  e: 'stop at an event at its first chance (sxe)',
  d: 'stop at an event only when nobody handles it (sxd)',
  n: 'tell an event and do not stop (sxn)',
  i: 'do not even tell an event (sxi)',
} as const;

/** What is done about events and children from the beginning. */
export const eventOptions: readonly OptionSpec[] = [
  ...Object.entries(STATUS).map(([letter, what]) => ({
    names: [`x${letter}`],
    value: 'EVENT',
    repeats: true as const,
    help: `${what}; EVENT as sx lists it: av, ld:libm*, SIGUSR1`,
  })),
  { names: ['x'], help: 'the same as -xd av' },
  { names: ['o'], help: 'debug the processes that the target makes, too (.childdbg 1)' },
  { names: ['noshell'], help: 'refuse .shell and .gdb until the debugger ends (.noshell)' },
];

/** The commands that do what these options say, for before there is a target. */
export function earlyCommands({ values, repeated }: ParsedOptions): readonly string[] {
  return [
    ...(values.has('x') ? ['sxd av'] : []),
    ...Object.keys(STATUS).flatMap((letter) =>
      (repeated.get(`x${letter}`) ?? []).map((event) => `sx${letter} ${event}`),
    ),
    ...(values.has('o') ? ['.childdbg 1'] : []),
    ...(values.has('noshell') ? ['.noshell'] : []),
  ];
}

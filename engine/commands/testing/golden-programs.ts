import { withDebugApart } from '../../gdb/testing/debug-apart.ts';
import { compile, type Program } from '../../gdb/testing/programs.ts';
import { classesSource } from './classes.ts';
import { C_FLAGS, crashSource } from './crashes/c.ts';
import { CPP_FLAGS, crashCppSource } from './crashes/cpp.ts';
import { FACTS_FLAGS, factsSource } from './crashes/facts.ts';
import { loopSource } from './loop.ts';
import { nodesSource } from './nodes.ts';
import { optimisedSource } from './optimised.ts';
import { thingsSource } from './things.ts';

/** Fixed addresses of the program itself, so that transcripts can hold them. */
const FIXED = ['-pthread', '-no-pie', '-fcf-protection=none'];

/** What transcripts run, by name. */
const PROGRAMS = {
  loop: { file: 'loop.c', source: loopSource, flags: ['-g', '-O0', ...FIXED] },
  things: { file: 'loop.cpp', source: thingsSource, flags: ['-g', '-O0', ...FIXED] },
  classes: { file: 'classes.cpp', source: classesSource, flags: ['-g', '-O0', '-std=c++17', ...FIXED] },
  optimised: { file: 'fast.c', source: optimisedSource, flags: ['-g', '-O2', ...FIXED] },
  stripped: { file: 'bare.c', source: optimisedSource, flags: ['-O2', '-s', ...FIXED] },
  rust: { file: 'nodes.rs', source: nodesSource, flags: ['-g'] },
  crash: { file: 'crash.c', source: crashSource, flags: C_FLAGS },
  staticPie: {
    file: 'loop.c',
    source: loopSource,
    flags: ['-g', '-O0', '-pthread', '-static-pie', '-fcf-protection=none'],
  },
  splitDwarf: { file: 'loop.c', source: loopSource, flags: ['-g', '-gsplit-dwarf', '-O0', ...FIXED] },
  crashCpp: { file: 'crash.cpp', source: crashCppSource, flags: CPP_FLAGS },
  facts: { file: 'facts.c', source: factsSource, flags: FACTS_FLAGS },
} as const;

/** Their debug information is in a file of its own. */
const APART = { debugLink: 'debuglink', buildId: 'build-id' } as const;

export type GoldenProgram = keyof typeof PROGRAMS | keyof typeof APART;

export function goldenProgram(name: GoldenProgram): Program {
  if (name === 'debugLink' || name === 'buildId') return withDebugApart(goldenProgram('loop'), APART[name]);
  const { file, source, flags } = PROGRAMS[name];
  return compile(file, source, flags);
}

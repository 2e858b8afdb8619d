import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.ts';

/** Steps through it never end and never leave it; its stack is ten frames deep. */
const STEADY = `
static volatile unsigned total;
static unsigned mix(unsigned value) { return value * 2654435761u ^ value >> 7; }
static void work(unsigned rounds) {
  for (unsigned i = 0; i < rounds; i++) total += mix(i);
}
static void nest(int depth) {
  if (depth == 0) for (;;) work(1000);
  nest(depth - 1);
}
int main(void) { nest(7); return 0; }
`;

/** Writes so many MiB, as fast as it is read. */
const FLOOD = `
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  static char block[65536];
  const char line[] = "a line of eighty characters, as programs print when they are told to say it all....\\n";
  size_t length = sizeof line - 1, filled = 0;
  while (filled + length <= sizeof block) { memcpy(block + filled, line, length); filled += length; }
  size_t left = (argc > 1 ? atoi(argv[1]) : 1) * (size_t)(1 << 20);
  while (left > 0) {
    size_t now = left < filled ? left : filled;
    ssize_t done = write(1, block, now);
    if (done <= 0) return 1;
    left -= done;
  }
  return 0;
}
`;

/** Waits until somebody looks, then writes so many lines. */
const LINES = `
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>
int main(int argc, char **argv) {
  static char buffer[65536];
  int count = argc > 1 ? atoi(argv[1]) : 1;
  struct timeval begun;
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  sleep(3);
  gettimeofday(&begun, 0);
  for (int i = 0; i < count; i++)
    printf("line %d of a flood, as long as the lines that programs print mostly are\\n", i);
  printf("flood of %d lines, begun at %lld\\n", count, begun.tv_sec * 1000LL + begun.tv_usec / 1000);
  return 0;
}
`;

function compile(name: string, source: string): string {
  const folder = join(root, '.cache/bench');
  const file = join(folder, `${name}.c`);
  const program = join(folder, name);
  mkdirSync(folder, { recursive: true });
  const made = statSync(program, { throwIfNoEntry: false });
  writeFileSync(file, source);
  if (made && made.mtimeMs > statSync(join(root, 'dist/bench/bench.js')).mtimeMs) return program;
  execFileSync('gcc', ['-g', '-O0', file, '-o', program], { stdio: 'pipe' });
  return program;
}

export const steady = () => compile('steady', STEADY);
export const lines = () => compile('lines', LINES);
export const flood = () => compile('flood', FLOOD);

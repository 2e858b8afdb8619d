import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** A function that steps never leave, one that calls nothing, a deep stack, much memory, and chains. */
const LONG = `
#include <string.h>
unsigned block[16 << 20];
struct tree { struct tree *next, *left, *right; unsigned value[8]; } nodes[100000], *chain, *root;
volatile unsigned total;
unsigned mix(unsigned value) { return value * 2654435761u ^ value >> 7; }
void work(unsigned rounds) { for (unsigned i = 0; i < rounds; i++) total += mix(i); }
void quiet(unsigned rounds) { for (unsigned i = 0; i < rounds; i++) total ^= i; }
void deepest(void) { total++; }
int deep(int depth) { if (depth == 0) { deepest(); return 0; } return deep(depth - 1) + 1; }
void never(void) {}
void steady(void) {}
void end(int which) { total = which; }
int main(int argc, char **argv) {
  memset(block, 0x5a, sizeof block);
  for (int i = 0; i < 100000; i++) {
    nodes[i].next = &nodes[(i + 1) % 99999];
    nodes[i].left = &nodes[(i + 1) % 100000];
    nodes[i].right = &nodes[(i + 7) % 100000];
  }
  chain = root = nodes;
  steady();
  for (int i = 0; i < 100; i++) end(i);
  if (argc > 1) never();
  deep(100000);
  for (;;) work(4000000000u);
}
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

/** 64 MiB that no two pages of are alike. */
const MEMORY = `
#include <stdlib.h>
unsigned char *block;
enum { SIZE = 64 << 20 };
static void ready(void) { for (;;); }
int main(void) {
  block = malloc(SIZE);
  unsigned value = 1;
  for (unsigned at = 0; at < SIZE; at++) block[at] = (value = value * 1664525u + 1013904223u) >> 24;
  ready();
}
`;

/** Says that it is ready when all its threads stand. */
const THREADS = `
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
enum { COUNT = 299 };
static pthread_barrier_t all;
static void *wait(void *unused) { pthread_barrier_wait(&all); for (;;) pause(); return unused; }
int main(void) {
  pthread_barrier_init(&all, 0, COUNT + 1);
  for (int i = 0; i < COUNT; i++) { pthread_t thread; pthread_create(&thread, 0, wait, 0); }
  pthread_barrier_wait(&all);
  printf("ready as %d\\n", getpid());
  fflush(stdout);
  for (;;) pause();
}
`;

/** So many threads, then its ready(). */
const CROWD = `
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_barrier_t all;
void ready(void) { for (;;) ; }
static void *wait(void *unused) { pthread_barrier_wait(&all); for (;;) pause(); return unused; }
int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 1;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  pthread_barrier_init(&all, 0, count);
  for (int i = 1; i < count; i++) { pthread_t thread; pthread_create(&thread, &small, wait, 0); }
  pthread_barrier_wait(&all);
  ready();
}
`;

/** Prints so many lines as fast as they are taken, then its ready(). */
const COUNTED = `
#include <stdio.h>
#include <stdlib.h>
void ready(void) {}
int main(int argc, char **argv) {
  static char buffer[65536];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  for (int i = 1; i <= atoi(argv[1]); i++) printf("line %d of many\\n", i);
  fflush(stdout);
  ready();
  return 0;
}
`;

/** Loads the first of its copies of one library, then its ready(). */
const MODULES = `
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
void ready(void) { for (;;) ; }
int main(int argc, char **argv) {
  char path[4096];
  for (int i = 0; i < atoi(argv[1]); i++) {
    snprintf(path, sizeof path, "%s.d/copy%d.so", argv[0], i);
    if (!dlopen(path, RTLD_NOW)) { fprintf(stderr, "%s\\n", dlerror()); return 1; }
  }
  ready();
}
`;

const LIBRARIES = 200;

function compile(name: string, source: string, words: readonly string[] = []): string {
  const folder = join(root, '.cache/bench');
  const file = join(folder, `${name}.c`);
  const program = join(folder, name);
  mkdirSync(dirname(program), { recursive: true });
  const made = statSync(program, { throwIfNoEntry: false });
  writeFileSync(file, source);
  if (made && made.mtimeMs > statSync(join(root, 'dist/bench/bench.js')).mtimeMs) return program;
  execFileSync('gcc', ['-g', '-O0', file, '-o', program, ...words], { stdio: 'pipe' });
  return program;
}

/** A program that has so many shared libraries loaded. */
function withLibraries(): string {
  const folder = join(root, '.cache/bench/shared');
  const numbers = Array.from({ length: LIBRARIES }, (_, number) => number);
  for (const number of numbers)
    compile(`shared/library${number}.so`, `int shared${number}(int n) { return n + ${number}; }`, [
      '-shared',
      '-fPIC',
    ]);
  const calls = numbers.map((number) => `int shared${number}(int);`).join('\n');
  const sum = numbers.map((number) => `shared${number}(0)`).join(' + ');
  return compile(
    'libraries',
    `#include <stdio.h>
#include <unistd.h>
${calls}
int main(void) {
  volatile int sum = ${sum};
  printf("ready as %d\\n", getpid());
  fflush(stdout);
  for (;;) pause();
}
`,
    [...numbers.map((number) => join(folder, `library${number}.so`)), `-Wl,-rpath,${folder}`],
  );
}

export const steady = () => compile('steady', STEADY);
export const long = () => compile('long', LONG);
export const lines = () => compile('lines', LINES);
export const flood = () => compile('flood', FLOOD);
export const memory = () => compile('memory', MEMORY);
export const threads = () => compile('threads', THREADS, ['-pthread']);
export const libraries = withLibraries;
export const crowd = () => compile('crowd', CROWD, ['-pthread']);
export const counted = () => compile('counted', COUNTED);

/** With so many libraries to load. */
export function modules(count: number): string {
  const library = compile('copied.so', 'int copied(int n) { return n + 1; }', ['-shared', '-fPIC']);
  const program = compile('modules', MODULES);
  mkdirSync(`${program}.d`, { recursive: true });
  for (let number = 0; number < count; number++) {
    const copy = `${program}.d/copy${number}.so`;
    if (!existsSync(copy)) copyFileSync(library, copy);
  }
  return program;
}

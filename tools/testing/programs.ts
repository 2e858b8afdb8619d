import { compile } from '../../engine/gdb/testing/programs.ts';

const program = (name: string, source: string) =>
  compile(`${name}.c`, source, ['-g', '-O0', '-pthread']).path;

/** Counts for ever, a line a tick: something to break into. */
export const ticker = () =>
  program(
    'ticker',
    `#include <stdio.h>
#include <unistd.h>
volatile int ticks;
static int tick(int n) { return n + 1; }
int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IOLBF, 0);
  printf("ticker starts with %d arguments\\n", argc - 1);
  for (;;) { ticks = tick(ticks); usleep(2000); }
}
`,
  );

/** Writes so many lines and ends with status 3. */
export const flood = () =>
  program(
    'flood',
    `#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  int lines = argc > 1 ? atoi(argv[1]) : 10;
  for (int i = 1; i <= lines; i++) printf("line %d of the program's own output\\n", i);
  return 3;
}
`,
  );

/** Echoes a line of its input, then crashes on a null pointer. */
export const crasher = () =>
  program(
    'crasher',
    `#include <stdio.h>
struct node { int value; struct node *next; };
static int sum(struct node *n) { return n->value + n->next->value; }
int main(void) {
  char line[100];
  if (fgets(line, sizeof line, stdin)) printf("got: %s", line);
  fflush(stdout);
  struct node one = {1, 0};
  return sum(&one);
}
`,
  );

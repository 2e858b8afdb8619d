import { compile } from '../../../engine/gdb/testing/programs.ts';

/** Lines between two of its rests, and how many of them come at once. */
export const LINES_A_ROUND = 100;

/** Prints numbered lines for ever, with a function to stop in after every hundred, some frames deep. */
export const target = () =>
  compile(
    'soak.c',
    `#include <stdio.h>
#include <unistd.h>
unsigned char buffer[4096];
volatile long rounds;
void rest(void) { rounds++; }
static void speak(long *line, int depth) {
  if (depth > 0) { speak(line, depth - 1); return; }
  for (int i = 1; i <= ${LINES_A_ROUND}; i++) {
    printf("line %ld of the target, as long as lines of programs are\\n", ++*line);
    buffer[*line & 4095] = *line;
    if (i % 10 == 0) usleep(10000);
  }
  rest();
}
int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  for (long line = 0;;) speak(&line, 5);
}
`,
  ).path;

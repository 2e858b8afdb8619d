/** A C program for the optimiser: functions within functions, variables that are nowhere, a part that is set apart. */
export const optimisedSource = `
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
struct item { int value; struct item *next; char name[12]; };
static inline __attribute__((always_inline)) int leaf(int x) {
  if (x == 77) raise(SIGUSR1); /* leaf */
  return x * 3;
}
static inline __attribute__((always_inline)) int middle(int x, int y) {
  int sum = leaf(x + y);
  return sum + 1;
}
__attribute__((noinline)) int outer(int n, struct item *item) {
  int unused = n * 7;
  int result = middle(n, item->value); /* outer */
  return result + unused % 2;
}
__attribute__((noinline)) int twice(int a, int b) {
  struct item item = {b, 0, "item"};
  return outer(a, &item) + outer(a + 1, &item);
}
__attribute__((noinline)) int call(int (*function)(int, int), int n) { return function(n, 70) + 1; }
int main(int argc, char **argv) {
  (void)argv;
  return call(argc > 1 ? (int (*)(int, int))0 : twice, argc + 6) & 1;
}
`;

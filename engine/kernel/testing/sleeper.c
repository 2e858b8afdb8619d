// A program in the test kernel: two threads, each asleep at the bottom of calls of its own.
#include <pthread.h>
#include <unistd.h>

struct note {
  int number;
  const char *text;
  struct note *next;
};

struct note last = {7, "last", 0};
struct note first = {42, "first", &last};
static int told[2];

__attribute__((noinline)) static void rest(const struct note *note) {
  int number = note->number;
  write(told[1], "", 1);
  for (;;) sleep(1000 + number);
}

__attribute__((noinline)) static void nap(struct note *note) {
  rest(note);
  __asm__ volatile("");
}

static void *second(void *note) {
  nap(note);
  return 0;
}

int main(void) {
  char byte;
  pthread_t thread;
  pipe(told);
  pthread_create(&thread, 0, second, &last);
  read(told[0], &byte, 1);
  nap(&first);
  return 0;
}

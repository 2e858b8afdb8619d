/** A program with blocks of every kind; with an argument one of them is written past its end. */
export const heapSource = `
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
char *g_busy, *g_cached, *g_fast, *g_free, *g_large, *g_thread, *g_after;
unsigned long g_usable, g_size;
static pthread_barrier_t barrier;
static void *other(void *argument) {
  g_thread = malloc(300);
  pthread_barrier_wait(&barrier);
  pthread_barrier_wait(&barrier);
  return argument;
}
__attribute__((noinline)) void ready(void) { __asm__ volatile(""); }
int main(int argc, char **argv) {
  pthread_t thread;
  char *small[9];
  pthread_barrier_init(&barrier, 0, 2);
  g_busy = malloc(100);
  g_usable = malloc_usable_size(g_busy);
  g_free = malloc(3000);
  g_after = malloc(24);
  g_cached = malloc(500);
  g_large = malloc(1 << 20);
  for (int i = 0; i < 9; i++) small[i] = malloc(40);
  for (int i = 0; i < 9; i++) free(small[i]);
  g_fast = small[8];
  free(g_cached);
  pthread_create(&thread, 0, other, 0);
  pthread_barrier_wait(&barrier);
  free(g_free);
  if (argc > 1 && !strcmp(argv[1], "size")) memset(g_busy + g_usable, 'A', 8);
  if (argc > 1 && !strcmp(argv[1], "link")) memset(g_cached, 'A', 8);
  if (argc > 2) abort();
  ready();
  pthread_barrier_wait(&barrier);
  return 0;
}
`;

export const HEAP_FLAGS = ['-g', '-O0', '-no-pie', '-pthread', '-w'];

/** Threads that wait for each other in every way. */
export const locksSource = `
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
pthread_mutex_t g_a = PTHREAD_MUTEX_INITIALIZER, g_b = PTHREAD_MUTEX_INITIALIZER, g_c = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t g_held = PTHREAD_MUTEX_INITIALIZER, g_left = PTHREAD_MUTEX_INITIALIZER, g_free = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t g_changed = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t g_table = PTHREAD_RWLOCK_INITIALIZER;
sem_t g_slots;
static pthread_barrier_t both;
static pthread_t threads[8];
static volatile int tids[8];
static int me(int at) { tids[at] = gettid(); return at; }
static void *first(void *p) { me(0); pthread_mutex_lock(&g_a); pthread_barrier_wait(&both); pthread_mutex_lock(&g_b); return p; }
static void *second(void *p) { me(1); pthread_mutex_lock(&g_b); pthread_barrier_wait(&both); pthread_mutex_lock(&g_a); return p; }
/* The mutex is for the first to have. */
static void *third(void *p) {
  while (!pthread_mutex_trylock(&g_a)) { pthread_mutex_unlock(&g_a); usleep(100); }
  me(2); pthread_mutex_lock(&g_a); return p;
}
static void *waiter(void *p) { me(3); pthread_mutex_lock(&g_c); pthread_cond_wait(&g_changed, &g_c); return p; }
static void *reader(void *p) { me(4); pthread_rwlock_rdlock(&g_table); return p; }
static void *taker(void *p) { me(5); sem_wait(&g_slots); return p; }
static void *joiner(void *p) { me(6); pthread_join(threads[0], 0); return p; }
static void *leaver(void *p) { pthread_mutex_lock(&g_left); return p; }
/* It stands in the system call 202, futex. */
static int waits(int at) {
  char name[64], call[8] = "";
  snprintf(name, sizeof name, "/proc/self/task/%d/syscall", tids[at]);
  FILE *file = tids[at] ? fopen(name, "r") : 0;
  if (!file) return 0;
  fscanf(file, "%7s", call);
  fclose(file);
  return !strcmp(call, "202");
}
__attribute__((noinline)) void ready(void) { __asm__ volatile(""); }
int main(int argc, char **argv) {
  void *(*all[])(void *) = {first, second, third, waiter, reader, taker, joiner};
  pthread_barrier_init(&both, 0, 2);
  pthread_mutex_lock(&g_held);
  pthread_rwlock_wrlock(&g_table);
  pthread_create(&threads[7], 0, leaver, 0);
  pthread_join(threads[7], 0);
  for (int i = 0; i < 7; i++) pthread_create(&threads[i], 0, all[i], 0);
  for (int i = 0; i < 7; i++) while (!waits(i)) usleep(1000);
  usleep(20000);
  for (int i = 0; i < 7; i++) while (!waits(i)) usleep(1000);
  if (argc > 1) abort();
  ready();
}
`;

export const LOCKS_FLAGS = ['-g', '-O1', '-no-pie', '-pthread', '-fcf-protection=none', '-w'];

/** A program with something of everything that the commands show. */
export const loopSource = String.raw`
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum color { red, green = 5, blue };
struct inner { short low; unsigned char tag; };
struct node {
  int value;
  struct node *next;
  char name[8];
  const char *text;
  unsigned flags : 3;
  unsigned rest : 5;
  enum color color;
  struct inner inner;
  double ratio;
  int (*function)(int);
};

int g_count = 42;
unsigned g_mask = 0xff;
char g_message[] = "hello world";
const char *g_name = "a name";
struct node *g_head;
int g_table[4] = {1, 2, 3, 4};
double g_ratio = 1.5;
static volatile int handled;

int helper(int n) { return n + 1; }

int work(int n, const char *label) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += helper(i); /* loop */
  g_count += sum; /* count */
  return sum + (label[0] == 'x');
}

int recurse(int depth) {
  if (depth == 0) return g_count; /* bottom */
  return recurse(depth - 1) + 1;
}

static void on_signal(int number) { handled = number; }

static void *thread_main(void *argument) {
  pthread_barrier_wait(argument);
  pause();
  return 0;
}

static struct node *make(int value, struct node *next) {
  struct node *made = calloc(1, sizeof *made);
  made->value = value;
  made->next = next;
  strcpy(made->name, "nod");
  made->text = g_name;
  made->flags = 5;
  made->rest = 1;
  made->color = blue;
  made->inner.low = -2;
  made->inner.tag = 'A';
  made->ratio = 2.5;
  made->function = helper;
  return made;
}

static void crash(void) {
  int *nowhere = 0;
  *nowhere = 1; /* crash */
}

int main(int argc, char **argv) {
  int wanted = argc > 1 ? atoi(argv[1]) : 1;
  g_head = make(7, make(8, 0));
  printf("work %d\n", work(wanted, "label"));
  printf("recurse %d\n", recurse(3));
  fflush(stdout);
  if (argc > 2 && !strcmp(argv[2], "signal")) {
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    signal(SIGUSR1, SIG_DFL);
    raise(SIGUSR1);
  }
  if (argc > 2 && !strcmp(argv[2], "abort")) abort();
  if (argc > 2 && !strcmp(argv[2], "divide")) return wanted / (argc - 3);
  if (argc > 2 && !strcmp(argv[2], "crash")) crash();
  if (argc > 2 && !strcmp(argv[2], "spin")) for (;;) handled++;
  if (argc > 2 && !strcmp(argv[2], "threads")) {
    pthread_barrier_t barrier;
    pthread_t thread;
    pthread_barrier_init(&barrier, 0, 2);
    pthread_create(&thread, 0, thread_main, &barrier);
    pthread_barrier_wait(&barrier);
    helper(1); /* threads */
  }
  return 3;
}
`;

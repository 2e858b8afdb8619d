/** A program with two threads that has a descriptor of each kind, and errors of its own in each thread. */
export const factsSource = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>
volatile int port;
volatile long spun;
static pthread_barrier_t barrier;
static void *other(void *argument) {
  for (spun = 0; spun < 60000000; spun++) ;
  write(-1, "x", 1);
  pthread_barrier_wait(&barrier);
  pthread_barrier_wait(&barrier);
  return argument;
}
__attribute__((noinline)) void ready(void) { __asm__ volatile(""); }
int main(int argc, char **argv) {
  pthread_t thread;
  pthread_barrier_init(&barrier, 0, 2);
  pthread_create(&thread, 0, other, 0);
  setenv("HAWSER_LATE", "set by the program", 1);
  open(argv[0], O_RDONLY | O_CLOEXEC);
  int pipes[2];
  if (pipe(pipes)) return 1;
  struct sockaddr_in at = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof at;
  int listens = socket(AF_INET, SOCK_STREAM, 0), calls = socket(AF_INET, SOCK_STREAM, 0);
  bind(listens, (struct sockaddr *)&at, length);
  listen(listens, 4);
  getsockname(listens, (struct sockaddr *)&at, &length);
  port = ntohs(at.sin_port);
  connect(calls, (struct sockaddr *)&at, length);
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  int waits = epoll_create1(0);
  struct epoll_event wanted = {EPOLLIN, {.fd = listens}};
  epoll_ctl(waits, EPOLL_CTL_ADD, listens, &wanted);
  eventfd(7, 0);
  timerfd_create(CLOCK_MONOTONIC, 0);
  open("/", O_RDONLY | O_DIRECTORY);
  char *block = malloc(100);
  pthread_barrier_wait(&barrier);
  open("/no/such/file", O_RDONLY);
  ready();
  pthread_barrier_wait(&barrier);
  free(block);
  return argc;
}
`;

export const FACTS_FLAGS = ['-g', '-O1', '-no-pie', '-pthread', '-w'];

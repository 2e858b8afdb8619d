/** A C program that crashes in the way that its first argument names. */
export const crashSource = `
#define _GNU_SOURCE
#include <alloca.h>
#include <assert.h>
#include <emmintrin.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct item { long value; struct item *next; char name[40]; };
/* The compiler is to know nothing. */
volatile int zero;
volatile long sink;
static const char constant[] = "constant";
static char data_code[16] = {(char)0xc3};

static void *map(long size, int rights) { return mmap(0, size, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

static void null_write(void) { struct item *item = (void *)(long)zero; item->next = 0; }
static void null_read(void) { struct item *item = (void *)(long)zero; sink = item->name[8]; }
static void null_read_again(void) { struct item *item = (void *)(long)zero; sink = 1; sink = item->value; }
static void null_call(void) { void (*call)(void) = (void (*)(void))(long)zero; call(); }
static void wild_call(void) { void (*call)(void) = (void (*)(void))(0x1234567000 + zero); call(); }
static void text_call(void) { void (*call)(void) = (void (*)(void))(0x4141414141414141 + zero); call(); }
static void data_call(void) { void (*call)(void) = (void (*)(void))(data_code + zero); call(); }
static void text_pointer(void) { struct item *item = (void *)(0x4141414141414141 + (long)zero); sink = item->value; }
static void marker(void) { struct item *item = (void *)(0xdeadbeefL + zero); sink = item->value; }
static void kernel_address(void) { char *at = map(-1L + zero, PROT_READ); sink = at[0]; }
static void unmapped(void) { char *page = map(0x200000, PROT_READ); munmap(page, 0x200000); sink = page[0x100000]; }
static void past_end(void) {
  char *pages = map(4096 * 3, PROT_READ | PROT_WRITE);
  munmap(pages + 4096, 4096);
  for (int i = 0; i < 5000; i++) pages[i] = 'x';
}
static void read_only(void) { *(volatile char *)constant = 'x'; }
static void guard_page(void) { char *page = map(4096, PROT_NONE); sink = page[5]; }
static int deep(int n) { volatile char room[200]; room[0] = (char)n; return deep(n + 1) + room[0]; }
static void stack_overflow(void) { sink = deep(0); }
static void *overflow_main(void *argument) { sink = deep(0); return argument; }
static void thread_stack_overflow(void) { pthread_t thread; pthread_create(&thread, 0, overflow_main, 0); pthread_join(thread, 0); }
static void divide(void) { sink = 100 / zero; }
static void divide_overflow(void) { volatile int least = (int)0x80000000; sink = least / (zero - 1); }
static void trap_instruction(void) { __builtin_trap(); }
static void bad_instruction(void) { __asm__ volatile(".byte 0x06"); }
static void privileged(void) { __asm__ volatile("hlt"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void misaligned(void) {
  char *room = (char *)(((long)alloca(64) | 15) + 2 + zero);
  _mm_store_si128((__m128i *)room, _mm_setzero_si128());
  sink = room[0];
}
static void plain_abort(void) { abort(); }
static void failed_assert(void) { int wanted = 3; assert(wanted == zero); }
static void double_free(void) { char *volatile block = malloc(40); free(block); free(block); }
static void invalid_free(void) { char *volatile block = malloc(40); free(block + 8); }
static void heap_overrun(void) {
  volatile char *a = malloc(24);
  char *volatile b = malloc(2000);
  for (int i = 0; i < 40 + zero; i++) a[i] = 'A';
  free(b);
}
static void use_after_free(void) {
  struct item *volatile item = malloc(sizeof *item);
  free(item);
  struct item *next = (void *)item->value;
  sink = next->value;
}
static void smashed_stack(void) {
  volatile char room[8];
  for (int i = 0; i < 64 + zero; i++) room[i] = 'A';
  sink = room[3];
}
static void fortified(void) { char room[8]; strcpy(room, "a string that is much too long for it" + zero); sink = room[1]; }
__attribute__((no_stack_protector)) static void lost_return(void) {
  volatile long room[2];
  volatile long *volatile at = room;
  for (int i = 0; i < 12; i++) at[i] = 0x4242424242424242;
  sink = room[1];
}
static void truncated_file(void) {
  char name[] = "/tmp/hawser-crash-XXXXXX";
  int file = mkstemp(name);
  unlink(name);
  if (ftruncate(file, 4096)) return;
  char *pages = mmap(0, 8192, PROT_READ, MAP_SHARED, file, 0);
  sink = pages[4096];
}
static void forbidden_call(void) {
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {4, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  sink = getppid();
}
static void null_string(void) { sink = strlen((char *)(long)(zero + 16)); }
static void sent_signal(void) { kill(getpid(), SIGSEGV); }

#define CRASH(name) {#name, name}
static struct { const char *name; void (*run)(void); } all[] = {
  CRASH(null_write), CRASH(null_read), CRASH(null_read_again), CRASH(null_call), CRASH(wild_call), CRASH(text_call), CRASH(data_call),
  CRASH(text_pointer), CRASH(marker), CRASH(kernel_address), CRASH(unmapped), CRASH(past_end), CRASH(read_only), CRASH(guard_page),
  CRASH(stack_overflow), CRASH(thread_stack_overflow), CRASH(divide), CRASH(divide_overflow), CRASH(trap_instruction),
  CRASH(bad_instruction), CRASH(privileged), CRASH(breakpoint), CRASH(misaligned), CRASH(plain_abort), CRASH(failed_assert),
  CRASH(double_free), CRASH(invalid_free), CRASH(heap_overrun), CRASH(use_after_free), CRASH(smashed_stack), CRASH(fortified),
  CRASH(lost_return), CRASH(truncated_file), CRASH(forbidden_call), CRASH(null_string), CRASH(sent_signal),
};
int main(int argc, char **argv) {
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
    if (argc > 1 && !strcmp(argv[1], all[i].name)) all[i].run();
  return 0;
}
`;

export const C_FLAGS = [
  '-g',
  '-O1',
  '-no-pie',
  '-fno-inline',
  '-fno-optimize-sibling-calls',
  '-fstack-protector-strong',
  '-fcf-protection=none',
  '-D_FORTIFY_SOURCE=2',
  '-pthread',
  '-w',
];

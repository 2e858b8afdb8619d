/*
 * The test kernel: small enough to boot in a blink, and with what a kernel debugger looks at: two processors, a timer's
 * interrupt, a list of tasks, a log, page tables with pages of all sizes. It does nothing but that. What depends on the
 * machine is in machine.c of its folder.
 */
#include "machine.h"
#include "kernel.h"

#define NAME_LENGTH 16
#define LOG_LINES 8
#define LOG_LENGTH 64

struct list_head {
  struct list_head *next, *prev;
};

struct mm {
  u64 page_map;
  u64 start_stack;
};

enum task_state { TASK_RUNNING = 0, TASK_INTERRUPTIBLE = 1, TASK_ZOMBIE = 32 };

struct task {
  enum task_state state;
  int pid;
  struct list_head tasks;
  struct mm *mm;
  char name[NAME_LENGTH];
};

struct log_line {
  u64 tick;
  char text[LOG_LENGTH];
};

const char banner[] = "Hawser test kernel 1 (" MACHINE ")";

volatile u64 ticks;
/* Of each processor: how often it went around, and how often its timer rang. */
volatile u64 rounds[2];
volatile u64 rings[2];
volatile u32 online;
/* For the debugger to set: 1 starts the machine anew, 2 makes it fault. */
volatile u32 wanted;

struct log_line log_buffer[LOG_LINES];
volatile u32 log_next;

static struct mm shell_mm = {.page_map = 0x1234000, .start_stack = 0x7ffffffff000};

struct task init_task = {.state = TASK_RUNNING, .pid = 0, .name = "swapper"};
static struct task shell = {.state = TASK_INTERRUPTIBLE, .pid = 1, .mm = &shell_mm, .name = "shell"};
static struct task logger = {.state = TASK_RUNNING, .pid = 42, .name = "logger"};
static struct task gone = {.state = TASK_ZOMBIE, .pid = 43, .name = "gone"};

static void serial_puts(const char *text) {
  for (; *text; text++) serial_put(*text);
}

__attribute__((noinline)) void printk(const char *text) {
  struct log_line *line = &log_buffer[log_next % LOG_LINES];
  line->tick = ticks;
  int i;
  for (i = 0; i < LOG_LENGTH - 1 && text[i]; i++) line->text[i] = text[i];
  line->text[i] = 0;
  log_next++;
  serial_puts(text);
  serial_puts("\n");
}

__attribute__((noinline)) void count_tick(int cpu) {
  rings[cpu]++;
  if (cpu == 0) ticks++;
}

void kernel_fault(void) {
  printk("fault: halted");
  for (;;) wait();
}

static void add_task(struct task *task) {
  struct list_head *head = &init_task.tasks;
  task->tasks.prev = head->prev;
  task->tasks.next = head;
  head->prev->next = &task->tasks;
  head->prev = &task->tasks;
}

__attribute__((noinline)) static int leaf(int n) {
  rounds[0]++;
  return n + 1;
}

__attribute__((noinline)) static int middle(int n) { return leaf(n * 2) + 1; }

__attribute__((noinline)) void idle_loop(void) {
  for (int n = 0;; n = middle(n) & 0xff) {
    if (wanted == 1) reboot();
    if (wanted == 2) *(volatile int *)NOWHERE = 1;
    pause(100);
  }
}

__attribute__((noinline)) void worker_loop(void) {
  for (;;) {
    rounds[1]++;
    pause(100);
  }
}

void second_main(void) {
  start_processor();
  online = 2;
  interrupts_on();
  worker_loop();
}

void kernel_main(void) {
  online = 1;
  printk(banner);
  init_task.tasks.next = init_task.tasks.prev = &init_task.tasks;
  add_task(&shell);
  add_task(&logger);
  add_task(&gone);
  start_machine();
  start_second();
  for (u32 i = 0; i < 100000 && online < 2; i++) pause(1000);
  printk(online == 2 ? "two processors" : "one processor");
  start_processor();
  interrupts_on();
  printk("ready");
  idle_loop();
}

#include "machine.h"

/* The virtual timer's private interrupt, a hundred times a second. */
#define TIMER 27
#define TIMER_HERTZ 100

#define GIC_DISTRIBUTOR 0x08000000
#define GIC_PROCESSOR 0x08010000

struct registers {
  u64 x[31];
  u64 pc, pstate;
};

extern char vectors[], boot[];

static int processor(void) {
  u64 mpidr;
  __asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
  return mpidr & 0xff;
}

static void ring_again(void) {
  u64 rate;
  __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(rate));
  __asm__ volatile("msr cntv_tval_el0, %0" : : "r"(rate / TIMER_HERTZ));
}

void timer_interrupt(struct registers *frame) {
  (void)frame;
  u32 which = *DEVICE(GIC_PROCESSOR + 0xc);
  if ((which & 0x3ff) == TIMER) {
    ring_again();
    count_tick(processor());
  }
  *DEVICE(GIC_PROCESSOR + 0x10) = which; /* end of interrupt */
}

/* As Linux': for a debugger to send the processor to. */
__attribute__((used, noreturn)) void panic(const char *message) {
  for (; *message; message++) serial_put(*message);
  serial_put('\n');
  for (;;) wait();
}

void start_machine(void) { *DEVICE(GIC_DISTRIBUTOR) = 1; }

void start_processor(void) {
  __asm__ volatile("msr vbar_el1, %0; isb" : : "r"(vectors));
  *DEVICE(GIC_DISTRIBUTOR + 0x100) = 1 << TIMER;
  *DEVICE(GIC_PROCESSOR + 4) = 0xff; /* all priorities */
  *DEVICE(GIC_PROCESSOR) = 1;
  ring_again();
  __asm__ volatile("msr cntv_ctl_el0, %0" : : "r"(1ul));
}

void start_second(void) { psci(PSCI_CPU_ON, 1, (u64)boot - KERNEL_OFFSET); }

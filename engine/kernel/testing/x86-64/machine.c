#include "machine.h"

#define TIMER_VECTOR 32

struct registers {
  u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax;
  u64 rip, cs, rflags, rsp, ss;
};

struct idt_entry {
  u16 low, selector;
  u8 stack, flags;
  u16 middle;
  u32 high, zero;
};

static struct idt_entry idt[256];

extern void timer_entry(void);
extern void fault_entry(void);
extern char trampoline_begin[], trampoline_end[];
extern u64 page_map[], page_table_kernel[];

static volatile u32 *apic(u32 offset) { return (volatile u32 *)(0xfee00000ul + offset); }

static int processor(void) { return *apic(0x20) >> 24; }

void timer_interrupt(struct registers *frame) {
  (void)frame;
  count_tick(processor());
  *apic(0xb0) = 0; /* end of interrupt */
}

static void set_gate(int vector, void (*handler)(void)) {
  u64 address = (u64)handler;
  idt[vector] = (struct idt_entry){
      .low = address, .selector = 8, .flags = 0x8e, .middle = address >> 16, .high = address >> 32};
}

void start_machine(void) {
  outb(0x21, 0xff); /* the old interrupt controllers stay silent */
  outb(0xa1, 0xff);
  for (int vector = 0; vector < 32; vector++) set_gate(vector, fault_entry);
  set_gate(TIMER_VECTOR, timer_entry);
  set_gate(255, timer_entry);
  page_table_kernel[0] = 0; /* the first page is not there */
  __asm__ volatile("invlpg (%0)" : : "r"(KERNEL_BASE) : "memory");
}

void start_processor(void) {
  struct {
    u16 limit;
    u64 base;
  } __attribute__((packed)) pointer = {sizeof idt - 1, (u64)idt};
  __asm__ volatile("lidt %0" : : "m"(pointer));
  *apic(0xf0) = 0x1ff;                   /* on; spurious interrupts go to 255 */
  *apic(0x3e0) = 0xb;                    /* the bus's own rate */
  *apic(0x320) = 0x20000 | TIMER_VECTOR; /* periodic */
  *apic(0x380) = 10000000;
}

void start_second(void) {
  char *to = (char *)(KERNEL_BASE + TRAMPOLINE);
  for (char *from = trampoline_begin; from < trampoline_end; from++) *to++ = *from;
  *apic(0x310) = 1 << 24;
  *apic(0x300) = 0x4500; /* INIT */
  pause(200000);
  for (int i = 0; i < 2 && online < 2; i++) {
    *apic(0x310) = 1 << 24;
    *apic(0x300) = 0x4600 | TRAMPOLINE >> 12; /* start-up */
    pause(400000);
  }
}

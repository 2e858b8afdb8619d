#include "../kernel.h"
#include "layout.h"

#define MACHINE "x86-64"
#define NOWHERE 0xdead0000000ul

static inline void outb(u16 port, u8 value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }

static inline void serial_put(char letter) { outb(0x3f8, letter); }

static inline void wait(void) { __asm__ volatile("hlt"); }

static inline void interrupts_on(void) { __asm__ volatile("sti"); }

static inline void pause(u32 count) {
  for (volatile u32 i = 0; i < count; i++) __asm__ volatile("pause");
}

/* No way to handle an exception, and one. */
static inline void reboot(void) {
  struct {
    u16 limit;
    u64 base;
  } __attribute__((packed)) none = {0, 0};
  __asm__ volatile("lidt %0; int3" : : "m"(none));
}

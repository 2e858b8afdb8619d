#include "../kernel.h"
#include "layout.h"

#define MACHINE "AArch64"
#define NOWHERE 0xdead0000000ul

#define DEVICE(address) ((volatile u32 *)(DIRECT_MAP + (address)))

#define PSCI_CPU_ON 0xc4000003
#define PSCI_SYSTEM_RESET 0x84000009

static inline long psci(u64 function, u64 first, u64 second) {
  register u64 x0 __asm__("x0") = function;
  register u64 x1 __asm__("x1") = first;
  register u64 x2 __asm__("x2") = second;
  register u64 x3 __asm__("x3") = 0;
  __asm__ volatile("hvc #0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}

static inline void serial_put(char letter) { *DEVICE(0x09000000) = letter; }

static inline void wait(void) { __asm__ volatile("wfi"); }

static inline void interrupts_on(void) { __asm__ volatile("msr daifclr, #2"); }

static inline void pause(u32 count) {
  for (volatile u32 i = 0; i < count; i++) __asm__ volatile("yield");
}

static inline void reboot(void) { psci(PSCI_SYSTEM_RESET, 0, 0); }

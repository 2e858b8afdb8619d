#define KERNEL_BASE 0xffffffff80000000
#define DIRECT_MAP 0xffff888000000000
/* Below 1 MiB, on a page of its own: where the second processor begins. */
#define TRAMPOLINE 0x8000

/* Where QEMU's machine "virt" has its memory, and what the kernel is linked at for it. */
#define RAM 0x40000000
#define KERNEL_BASE 0xffff800000000000
#define KERNEL_OFFSET (KERNEL_BASE - RAM)
/* All of the first two gigabytes. */
#define DIRECT_MAP 0xffff000000000000

/* Of page tables: accessed, shared, memory or device by MAIR, not to be run by EL0. */
#define TABLE 0x3
#define BLOCK 0x0040000000000701
#define PAGE 0x0040000000000703
#define DEVICES 0x0060000000000405
/* 48 bits and pages of 4 KiB in both halves, tables in cached memory. */
#define TRANSLATION 0x2b5103510

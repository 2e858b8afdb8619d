/* Between the kernel and its machine part. */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

/* The kernel's. */
void count_tick(int cpu);
void kernel_fault(void);
extern volatile u32 online;

/* The machine's: once; on each processor, its interrupts still off; from the first processor. */
void start_machine(void);
void start_processor(void);
void start_second(void);

#endif

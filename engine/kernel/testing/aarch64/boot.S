/*
 * From QEMU's hands, or PSCI's, into C: EL1 with the memory unit off, then page tables that stand here as they are, then
 * the kernel's own addresses.
 */
#include "layout.h"

	.section .boot, "ax"
	.globl boot
boot:
	msr	daifset, #0xf
	ldr	x0, =0xff			/* 0: memory, 1: devices */
	msr	mair_el1, x0
	ldr	x0, =TRANSLATION
	msr	tcr_el1, x0
	adrp	x0, user_map
	msr	ttbr0_el1, x0
	adrp	x0, kernel_map
	msr	ttbr1_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	mrs	x0, sctlr_el1
	mov	x1, #0x1005			/* I, C, M */
	orr	x0, x0, x1
	msr	sctlr_el1, x0
	isb
	ldr	x0, =entry
	br	x0
	.ltorg

	.section .text, "ax"
	.type	entry, @function
entry:
	.cfi_startproc
	.cfi_undefined x30
	mov	x29, #0
	mrs	x0, mpidr_el1
	tst	x0, #0xff
	b.ne	1f
	ldr	x0, =boot_stack_top
	mov	sp, x0
	bl	kernel_main
1:	ldr	x0, =second_stack_top
	mov	sp, x0
	bl	second_main
2:	wfi
	b	2b
	.cfi_endproc
	.size	entry, . - entry

	.macro	save first, second, at
	stp	x\first, x\second, [sp, #\at]
	.cfi_rel_offset x\first, \at
	.cfi_rel_offset x\second, \at + 8
	.endm

	.macro	load first, second, at
	ldp	x\first, x\second, [sp, #\at]
	.endm

	.macro	all_pairs each
	\each	0, 1, 0
	\each	2, 3, 16
	\each	4, 5, 32
	\each	6, 7, 48
	\each	8, 9, 64
	\each	10, 11, 80
	\each	12, 13, 96
	\each	14, 15, 112
	\each	16, 17, 128
	\each	18, 19, 144
	\each	20, 21, 160
	\each	22, 23, 176
	\each	24, 25, 192
	\each	26, 27, 208
	\each	28, 29, 224
	.endm

/* The timer's interrupt: what is saved is described, so that a stack goes on through it. Column 32 is the pc. */
	.globl	timer_entry
	.type	timer_entry, @function
timer_entry:
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_return_column 32
	.cfi_def_cfa sp, 0
	sub	sp, sp, #272
	.cfi_def_cfa_offset 272
	all_pairs save
	mrs	x21, elr_el1
	mrs	x22, spsr_el1
	stp	x30, x21, [sp, #240]
	.cfi_rel_offset x30, 240
	.cfi_rel_offset 32, 248
	str	x22, [sp, #256]
	mov	x0, sp
	bl	timer_interrupt
	ldr	x22, [sp, #256]
	ldp	x30, x21, [sp, #240]
	msr	elr_el1, x21
	msr	spsr_el1, x22
	all_pairs load
	add	sp, sp, #272
	.cfi_def_cfa_offset 0
	eret
	.cfi_endproc
	.size	timer_entry, . - timer_entry

/* Any exception: nothing goes on after one. */
	.globl	fault_entry
	.type	fault_entry, @function
fault_entry:
	.cfi_startproc
	bl	kernel_fault
	.cfi_endproc
	.size	fault_entry, . - fault_entry

	.section .text.vectors, "ax"
	.align	11
	.globl	vectors
vectors:
	.rept	4
	b	fault_entry			/* from EL1 on the stack of EL0 */
	.align	7
	.endr
	b	fault_entry			/* from EL1: synchronous, … */
	.align	7
	b	timer_entry			/* … interrupt, … */
	.align	7
	.rept	10
	b	fault_entry
	.align	7
	.endr

/*
 * From 0xffff000000000000: all of memory, in blocks of 1 GiB. From 0xffff800000000000: the kernel from its second 2 MiB on,
 * those page by page but for the last one, the others by blocks of 2 MiB. The low half: memory as it is, for booting.
 */
	.section .data
	.align	12
	.globl	kernel_map
kernel_map:
	.quad	direct_1 - KERNEL_OFFSET + TABLE
	.fill	255, 8, 0
	.quad	kernel_1 - KERNEL_OFFSET + TABLE
	.fill	255, 8, 0
direct_1:
	.quad	DEVICES
	.quad	RAM + BLOCK
	.fill	510, 8, 0
kernel_1:
	.quad	kernel_2 - KERNEL_OFFSET + TABLE
	.fill	511, 8, 0
kernel_2:
	.quad	0
	.quad	kernel_3 - KERNEL_OFFSET + TABLE
	.set	large, 2
	.rept	30
	.quad	RAM + large * 0x200000 + BLOCK
	.set	large, large + 1
	.endr
	.fill	480, 8, 0
kernel_3:
	.set	small, 0
	.rept	511
	.quad	RAM + 0x200000 + small * 0x1000 + PAGE
	.set	small, small + 1
	.endr
	.quad	0
user_map:
	.quad	user_1 - KERNEL_OFFSET + TABLE
	.fill	511, 8, 0
user_1:
	.quad	DEVICES
	.quad	RAM + BLOCK
	.fill	510, 8, 0

	.section .bss
	.align	12
	.skip	16384
boot_stack_top:
	.skip	16384
second_stack_top:
	.section .note.GNU-stack,"",@progbits

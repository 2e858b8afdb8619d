/*
 * From QEMU's hands into C: 32-bit protected mode without paging (the PVH boot protocol), then page tables, then
 * long mode at 0xffffffff80000000. The second processor comes the same way from real mode (trampoline).
 */
#include "layout.h"

	.section .note.pvh, "a", @note
	.align 4
	.long 4, 8, 18		/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.quad boot32 - KERNEL_BASE

	.section .boot, "ax"
	.code32
	.globl boot32
boot32:
	cli
	movl	$(boot_stack_top - KERNEL_BASE), %esp
	call	fill_tables
	movl	$0, %ebp			/* processor 0 */
	jmp	enter_long_mode

/* The tables that cannot be written down as constants: 512 entries each. */
fill_tables:
	movl	$(page_directory_low - KERNEL_BASE), %edi
	movl	$0x83, %eax			/* present, writable, 2 MiB */
	movl	$512, %ecx
1:	movl	%eax, (%edi)
	movl	$0, 4(%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	loop	1b
	/* The kernel's own 2 MiB, page by page. */
	movl	$(page_table_kernel - KERNEL_BASE), %edi
	movl	$0x3, %eax
	movl	$512, %ecx
2:	movl	%eax, (%edi)
	movl	$0, 4(%edi)
	addl	$8, %edi
	addl	$0x1000, %eax
	loop	2b
	ret

enter_long_mode:
	movl	%cr4, %eax
	orl	$0x20, %eax			/* PAE */
	movl	%eax, %cr4
	movl	$(page_map - KERNEL_BASE), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx		/* EFER */
	rdmsr
	orl	$0x100, %eax			/* LME */
	wrmsr
	movl	%cr0, %eax
	orl	$0x80010001, %eax		/* PG, WP, PE */
	movl	%eax, %cr0
	lgdt	gdt_pointer_low - KERNEL_BASE
	ljmp	$0x08, $(entry64_low - KERNEL_BASE)
	.code64
entry64_low:
	movabsq	$entry64, %rax
	jmp	*%rax

	.section .text, "ax"
	.code64
	.type	entry64, @function
entry64:
	.cfi_startproc
	.cfi_undefined rip
	movl	$0x10, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	lgdt	gdt_pointer
	testl	%ebp, %ebp
	jnz	1f
	movq	$boot_stack_top, %rsp
	xorl	%ebp, %ebp
	call	kernel_main
1:	movq	$second_stack_top, %rsp
	xorl	%ebp, %ebp
	call	second_main
2:	hlt
	jmp	2b
	.cfi_endproc
	.size	entry64, . - entry64

/* The timer's interrupt: the frame that the processor pushed is described, so that a stack goes on through it. */
	.globl	timer_entry
	.type	timer_entry, @function
timer_entry:
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_def_cfa rsp, 40
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	.irp reg, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11, rbx, rbp, r12, r13, r14, r15
	pushq	%\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \reg, 0
	.endr
	movq	%rsp, %rdi
	call	timer_interrupt
	.irp reg, r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
	popq	%\reg
	.cfi_adjust_cfa_offset -8
	.cfi_restore \reg
	.endr
	iretq
	.cfi_endproc
	.size	timer_entry, . - timer_entry

/* Any exception: nothing goes on after one. */
	.globl	fault_entry
	.type	fault_entry, @function
fault_entry:
	.cfi_startproc
	cli
	call	kernel_fault
	.cfi_endproc
	.size	fault_entry, . - fault_entry

/* Copied to TRAMPOLINE: the second processor begins here in real mode. */
	.section .trampoline, "ax"
	.code16
	.globl	trampoline_begin, trampoline_end
trampoline_begin:
	cli
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	TRAMPOLINE + (trampoline_gdt_pointer - trampoline_begin)
	movl	%cr0, %eax
	orl	$1, %eax
	movl	%eax, %cr0
	ljmpl	$0x18, $(TRAMPOLINE + (trampoline32 - trampoline_begin))
	.code32
trampoline32:
	movl	$0x10, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	$1, %ebp			/* processor 1 */
	movl	$(enter_long_mode - KERNEL_BASE), %eax
	jmp	*%eax
	.align	8
trampoline_gdt_pointer:
	.word	gdt_end - gdt - 1
	.long	gdt - KERNEL_BASE
trampoline_end:

	.section .data
	.align	16
gdt:
	.quad	0
	.quad	0x00af9a000000ffff	/* 08: code, 64 bits */
	.quad	0x00cf92000000ffff	/* 10: data */
	.quad	0x00cf9a000000ffff	/* 18: code, 32 bits */
gdt_end:
gdt_pointer:
	.word	gdt_end - gdt - 1
	.quad	gdt
gdt_pointer_low:
	.word	gdt_end - gdt - 1
	.long	gdt - KERNEL_BASE

/*
 * 0xffffffff80000000: the kernel; its first 2 MiB by pages, the next GiB by 2 MiB.
 * 0xffff888000000000: all of memory, one page of 1 GiB. 0: the same 2 MiB pages, for booting. 3 GiB and up: the APIC.
 */
	.align	4096
	.globl	page_map
page_map:
	.quad	page_table_pointers_low - KERNEL_BASE + 0x3
	.fill	272, 8, 0
	.quad	page_table_pointers_direct - KERNEL_BASE + 0x3
	.fill	511 - 274, 8, 0
	.quad	page_table_pointers_high - KERNEL_BASE + 0x3
page_table_pointers_low:
	.quad	page_directory_low - KERNEL_BASE + 0x3
	.quad	0, 0
	.quad	page_directory_devices - KERNEL_BASE + 0x3
	.fill	508, 8, 0
page_table_pointers_direct:
	.quad	0x83			/* present, writable, 1 GiB */
	.fill	511, 8, 0
page_table_pointers_high:
	.fill	510, 8, 0
	.quad	page_directory_kernel - KERNEL_BASE + 0x3
	.quad	0
page_directory_kernel:
	.quad	page_table_kernel - KERNEL_BASE + 0x3
	.set	large, 1
	.rept	31
	.quad	large * 0x200000 + 0x83
	.set	large, large + 1
	.endr
	.fill	480, 8, 0
page_directory_devices:
	.fill	503, 8, 0
	.quad	0xfee00000 + 0x9b	/* present, writable, uncached, 2 MiB */
	.fill	8, 8, 0

	.section .bss
	.align	4096
page_directory_low:	.skip 4096
	.globl	page_table_kernel
page_table_kernel:	.skip 4096
	.skip	16384
boot_stack_top:
	.skip	16384
second_stack_top:
	.section .note.GNU-stack,"",@progbits

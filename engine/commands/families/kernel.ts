import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { expectKernel } from '../kernel/physical.ts';
import { currentRegister } from '../registers/write.ts';

/** What monitors of stubs call starting the machine anew: QEMU's, OpenOCD's. */
const RESETS = ['system_reset', 'reset'];

async function reboot(context: CommandContext, args: Args): Promise<Control> {
  args.expectEnd();
  const { target } = expectKernel(context.state, '.reboot');
  for (const command of RESETS) {
    const said = await target.kernel?.monitor(command).catch(() => null);
    // QEMU's monitor says what it does not know, and nothing of what it has done.
    if (said === null || said === undefined || /unknown|invalid|not supported/i.test(said)) continue;
    context.print('Shutdown occurred: the target starts anew, and runs.');
    return context.resume(() => context.execution.go({ kind: 'continue', signal: 'handled' }));
  }
  throw engineErrors.unsupported(
    '.reboot',
    'this stub has no command that starts its machine anew',
    'Start it anew where it runs; it is met again by itself.',
  );
}

/** Lets the kernel panic: it goes on in its own panic(), with its banner for a message. */
async function crash(context: CommandContext, args: Args): Promise<Control> {
  args.expectEnd();
  const { state } = context;
  const { target } = expectKernel(state, '.crash');
  const panic = await target.resolveSymbol(null, 'panic', null);
  if (panic === null || !(state.isX64 || state.isArm64))
    throw engineErrors.unsupported(
      '.crash',
      panic === null
        ? 'this kernel has no panic(), or no symbols'
        : 'it is for kernels on x86-64 and AArch64',
    );
  const message =
    (await target.resolveSymbol(null, 'linux_banner', null)) ??
    (await target.resolveSymbol(null, 'banner', null)) ??
    panic;
  const place = { thread: state.thread, frame: 0 };
  const sp = (await currentRegister(state, 'sp')) ?? 0n;
  // As after a call: a place to return to, and the stack aligned for it.
  const values = state.isX64
    ? { rip: panic, rdi: message, rax: 0n, rsp: (sp & ~0xfn) - 0x88n }
    : { pc: panic, x0: message, sp: (sp & ~0xfn) - 0x80n };
  for (const [name, value] of Object.entries(values)) await target.writeRegister(place, name, value);
  return context.resume(() => context.execution.go({ kind: 'continue', signal: 'handled' }));
}

const common = { family: 'Execution', needs: 'live', threads: 'none', once: true } as const;

export const kernelCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: '.reboot',
    syntax: ['.reboot'],
    summary: 'Starts the target’s machine anew.',
    help: 'Of kernels whose stub can (QEMU’s, OpenOCD’s). The machine runs then; breakpoints stay.',
    example: '.reboot',
    run: reboot,
  },
  {
    ...common,
    name: '.crash',
    syntax: ['.crash'],
    summary: 'Makes the kernel panic.',
    help: 'Of kernels on x86-64 and AArch64 that have panic(): the current processor goes on there, and what it was at is lost.',
    example: '.crash',
    run: crash,
  },
];

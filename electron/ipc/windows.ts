import { z } from 'zod';

/** The windows of the workbench. */
export const windowIds = [
  'command',
  'watch',
  'locals',
  'registers',
  'memory',
  'stack',
  'disassembly',
  'scratch',
  'threads',
  'source',
  'breakpoints',
  'modules',
  'events',
  'targetOutput',
  'history',
] as const;

export type WindowId = (typeof windowIds)[number];

/** What a layout is kept for: what is debugged decides which windows are of use. */
export const layoutKind = z.enum(['user', 'kernel', 'dump']);
export type LayoutKind = z.infer<typeof layoutKind>;

/** An arrangement of windows, in the words of the page's docking library; '' for the one that comes with the program. */
export const layoutText = z.string().max(256 * 1024);
export type Layouts = Readonly<Record<LayoutKind, string>>;

import { z } from 'zod';
import { layoutKind, layoutText } from './windows.ts';

/** What is kept of a session, to be found again when the same thing is debugged. */
export const workspaceShape = {
  kind: layoutKind,
  layout: layoutText,
  /** The expressions of the Watch window. */
  watch: z.array(z.string().max(4096)).max(500),
  /** What sets its paths and breakpoints. */
  commands: z.array(z.string().max(8192)).max(500),
} as const;

export const workspaceContent = z.strictObject(workspaceShape);
export type WorkspaceContent = z.infer<typeof workspaceContent>;

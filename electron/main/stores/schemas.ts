import { z } from 'zod';
import { preferences } from '../../ipc/settings.ts';
import { layoutText } from '../../ipc/windows.ts';

z.config({ jitless: true });

export const recentSchema = z
  .array(
    z.object({
      kind: z.enum(['remote', 'stub', 'kernel', 'executable', 'core']),
      text: z.string().max(4096),
      args: z.string().max(32768),
      lastUsed: z.number(),
    }),
  )
  .max(100);

export const historySchema = z.array(z.string().max(65536)).max(5000);

const layout = layoutText.default('');
export const layoutsSchema = z.object({ user: layout, kernel: layout, dump: layout });

export const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200).max(20000),
  height: z.number().int().min(150).max(20000),
});

/** What the program keeps beside the preferences. */
export const settingShapes = {
  ...preferences,
  bounds: boundsSchema.nullable().default(null),
  maximized: z.boolean().default(false),
  /** Whose servers were browsed, the last one first. */
  machines: z.array(z.string().max(300)).max(20).default([]),
  /** Machines announce themselves to each other on the local network (mDNS). */
  announce: z.boolean().default(false),
} as const;

export type Settings = { readonly [N in keyof typeof settingShapes]: z.infer<(typeof settingShapes)[N]> };

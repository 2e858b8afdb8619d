import { z } from '../../transports/zod.ts';

/** What an agent gets on its standard input, in one line of JSON: the only way that a secret takes to it. */
export const handOver = z.object({
  hub: z.string(),
  fingerprint: z.string().optional(),
  /** The agent's, from `session/create`. */
  token: z.string(),
  session: z.string(),
  name: z.string(),
  /** The host's keys, as hub/client/links.ts writes them. */
  fragment: z.string(),
  program: z.string(),
  debugger: z.object({
    kind: z.enum(['hawser', 'other']),
    file: z.string(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
    remote: z.boolean(),
    shown: z.string(),
  }),
  /** Where the debugger runs. */
  folder: z.string(),
  /** Bytes that wait for the hub, at most, before the debugger has to wait. */
  spool: z.number(),
});

export type HandOver = z.infer<typeof handOver>;

/** What it answers, in one line of JSON on its standard output: then it has everything it needs, and both ends close. */
export const started = z.union([
  z.object({ pid: z.number() }),
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      action: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  }),
]);

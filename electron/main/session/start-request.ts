import { z } from 'zod';

z.config({ jitless: true });

const paths = z.array(z.string());

const startOptionsSchema = z.strictObject({
  ignoreInitialBreak: z.boolean(),
  ignoreFinalBreak: z.boolean(),
  symbolPath: paths,
  sourcePath: paths,
  commands: z.string(),
  early: z.array(z.string()).exactOptional(),
  restartCommands: z.string().exactOptional(),
  detachAtEnd: z.boolean(),
  breakOnConnect: z.boolean(),
});

const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('launch'),
    program: z.string(),
    args: z.array(z.string()),
    cwd: z.string().exactOptional(),
    env: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('attach'),
    pid: z.number().int(),
    noninvasive: z.boolean(),
    noBreak: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('core'), core: z.string(), program: z.string().exactOptional() }),
]);

/** What `hawser windbg` was told on its command line; it hands it over in HAWSER_ARGV. */
const startRequestSchema = z.strictObject({
  remote: z.string().nullable(),
  /** A process server or a bare stub, to reach the target through. */
  premote: z.string().nullable().default(null),
  /** What stands after `-k`: a wire to a kernel. */
  kernel: z.string().nullable().default(null),
  /** `-i`: the file of the program, or the kernel. */
  image: z.string().nullable().default(null),
  secure: z.boolean().default(false),
  /** `-pn`: instead of a target. */
  processName: z.string().nullable().default(null),
  /** `-cimp`: what the process server was given with `-pc`. */
  implicit: z.boolean().default(false),
  server: z.string().nullable(),
  target: targetSchema.nullable(),
  start: startOptionsSchema,
  historyCommands: z.number().int().nullable(),
  /** Milliseconds. */
  resumeWindow: z.number().int().nullable(),
});

export type StartRequest = z.infer<typeof startRequestSchema> & { readonly password: string | undefined };

/**
 * Taken out of the environment at once: no child of ours may inherit a password.
 * @throws when HAWSER_ARGV is not what `hawser windbg` writes
 */
export function takeStartRequest(env: NodeJS.ProcessEnv): StartRequest | null {
  const { HAWSER_ARGV: text, HAWSER_PASSWORD: password } = env;
  delete env.HAWSER_ARGV;
  delete env.HAWSER_PASSWORD;
  if (!text) return null;
  return { ...startRequestSchema.parse(JSON.parse(text)), password: password || undefined };
}

export const defaultStart: StartRequest['start'] = {
  ignoreInitialBreak: false,
  ignoreFinalBreak: false,
  symbolPath: [],
  sourcePath: [],
  commands: '',
  detachAtEnd: false,
  breakOnConnect: false,
};

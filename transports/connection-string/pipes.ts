import { bad, type ReadValues, type Role } from './parameter.ts';
import type { Written } from './protocol-row.ts';
import { granted, hidden, type Password, password, pipe, server } from './values.ts';

/** What npipe and spipe have in common. */
export interface PipeServer {
  readonly role: 'server';
  /** As typed, with `%x` and `%d`; once bound, with the numbers in their place. */
  readonly pipe: string;
  readonly password?: Password;
  readonly hidden?: true;
  /** Those who join through it only look. */
  readonly grants?: 'viewer';
}

export interface PipeClient {
  readonly role: 'client';
  /** Absent: this machine. */
  readonly server?: string;
  readonly pipe: string;
  readonly password?: Password;
}

export const pipeParameters = { pipe, server, hidden, role: granted, password };

export function finishPipe(
  { values, end }: ReadValues<typeof pipeParameters>,
  role: Role,
): PipeServer | PipeClient {
  if (values.pipe === undefined) throw bad(end, 'pipe= is missing, as in pipe=MainPipe.');
  const common = {
    pipe: values.pipe,
    ...(values.password !== undefined && { password: values.password }),
  };
  if (role === 'client')
    return { role, ...common, ...(values.server !== undefined && { server: values.server }) };
  return {
    role,
    ...common,
    ...(values.hidden && { hidden: true }),
    ...(values.role === 'viewer' && { grants: 'viewer' }),
  };
}

export function writePipe(value: PipeServer | PipeClient): Written[] {
  const out: Written[] = [['Pipe', value.pipe]];
  if (value.role === 'client' && value.server !== undefined) out.push(['Server', value.server]);
  if (value.role === 'server' && value.hidden) out.push(['Hidden', null]);
  if (value.role === 'server' && value.grants) out.push(['Role', value.grants]);
  return out;
}

export function clientOfPipe(bound: PipeServer, host: string): PipeClient {
  const { pipe: name, password: secret } = bound;
  return { role: 'client', server: host, pipe: name, ...(secret !== undefined && { password: secret }) };
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });

/** A machine as the network sees one: a network namespace, with the other's name in its hosts file. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** What starts a program there. */
  readonly inside: readonly string[];
}

export interface Machines {
  readonly birch: Machine;
  readonly rowan: Machine;
  remove(): void;
}

/** In everybody's hosts file, and switched off. */
export const ABSENT = 'fir';

/** Why there can be no machines here; null: there can. */
export function noMachines(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'network namespaces need root on Linux';
  const name = `hawser-${process.pid}-try`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'delete', name);
    return null;
  } catch (error) {
    return `ip netns does not work here: ${(error as Error).message.split('\n')[0]}`;
  }
}

/** Two machines on a cable. */
export function makeMachines(): Machines {
  const make = (name: string, address: string): Machine => {
    const space = `hawser-${process.pid}-${name}`;
    return { name: space, address, inside: ['ip', 'netns', 'exec', space] };
  };
  const birch = make('birch', '192.0.2.1');
  const rowan = make('rowan', '192.0.2.2');
  const both = [birch, rowan];
  const remove = () => {
    for (const { name } of both) {
      rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
      try {
        ip('netns', 'delete', name);
      } catch {
        // It was not made.
      }
    }
  };
  try {
    for (const { name } of both) {
      mkdirSync(`/etc/netns/${name}`, { recursive: true });
      const lines = ['127.0.0.1 localhost', '192.0.2.1 birch', '192.0.2.2 rowan', `192.0.2.9 ${ABSENT}`];
      writeFileSync(`/etc/netns/${name}/hosts`, `${lines.join('\n')}\n`);
      ip('netns', 'add', name);
    }
    ip('-n', birch.name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', rowan.name);
    for (const { name, address } of both) {
      ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
      for (const link of ['lo', 'eth0']) ip('-n', name, 'link', 'set', link, 'up');
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { birch, rowan, remove };
}

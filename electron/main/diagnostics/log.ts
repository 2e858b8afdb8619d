import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from './redact.ts';

export const levels = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];

const LARGEST = 2 * 1024 * 1024;

/** The log of one program, in one folder: `hawser.log`, and `hawser.old.log` before it. */
export class Log {
  readonly folder: string;
  readonly #file: string;
  readonly #level: number;

  constructor(folder: string, level: Level) {
    this.folder = folder;
    this.#file = join(folder, 'hawser.log');
    this.#level = levels.indexOf(level);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#rotate();
  }

  error(message: string): void {
    this.#write('error', message);
  }

  warn(message: string): void {
    this.#write('warn', message);
  }

  info(message: string): void {
    this.#write('info', message);
  }

  debug(message: string): void {
    this.#write('debug', message);
  }

  /** The newest `bytes` of it. */
  tail(bytes: number): string {
    try {
      return readFileSync(this.#file).subarray(-bytes).toString('utf8');
    } catch {
      return '';
    }
  }

  #write(level: Level, message: string): void {
    if (levels.indexOf(level) > this.#level) return;
    const line = `${new Date().toISOString()} ${process.pid} ${level.padEnd(5)} ${redact(message)}\n`;
    try {
      appendFileSync(this.#file, line, { mode: 0o600 });
    } catch {
      // A full disk must not end a debugging session.
    }
  }

  #rotate(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > LARGEST) renameSync(this.#file, join(this.folder, 'hawser.old.log'));
  }
}

export function levelFrom(text: string | undefined): Level {
  return levels.find((level) => level === text?.toLowerCase()) ?? 'info';
}

import { alignUp } from '../bytes.ts';
import type { KernelSymbol } from '../kallsyms.ts';
import { Writer } from '../writer.ts';

export interface KallsymsForm {
  /** Offsets before the names, as until 6.4, or behind the tokens. */
  readonly first: boolean;
  /** Processors' own symbols are absolute, and the others count downwards. */
  readonly percpu: boolean;
  /** A table of sequences between markers and tokens, as from 6.2 to 6.4. */
  readonly sequences?: boolean;
}

/** Tokens: single characters stand for themselves, some others for pieces of names. */
const PIECES = ['sys_', 'do_', 'kernel', '_init', 'vfs_'];
const UNUSED = Array.from({ length: 32 }, (_, code) => code).filter((code) => code > 0);

/** Tables as scripts/kallsyms of the kernel's build writes them, with something before and behind them. */
export function makeKallsyms(symbols: readonly KernelSymbol[], base: bigint, form: KallsymsForm): Uint8Array {
  const tokens = Array.from({ length: 256 }, (_, code) => (code < 128 ? String.fromCharCode(code) : ''));
  tokens[0] = 'rare';
  PIECES.forEach((piece, index) => {
    tokens[UNUSED[index] ?? 1] = piece;
  });
  const out = new Writer();
  const align = () => out.raw(Buffer.alloc(alignUp(out.length, 8) - out.length));
  const offsets = () => {
    for (const { address } of symbols) {
      const absolute = form.percpu && address < 1n << 32n;
      const value = absolute ? address : form.percpu ? base - 1n - address : address - base;
      out.u32(Number(BigInt.asUintN(32, value)));
    }
    align();
    out.u64(base);
  };
  out.raw(Buffer.from('what comes before: 0 1 2 3 4\0'.repeat(100)));
  align();
  if (form.first) offsets();
  out.u32(symbols.length);
  align();
  const start = out.length;
  const markers: number[] = [];
  symbols.forEach(({ name, type }, index) => {
    if (index % 256 === 0) markers.push(out.length - start);
    const codes = packed(`${type}${name}`, tokens);
    if (codes.length < 128) out.u8(codes.length);
    else out.u8((codes.length & 0x7f) | 0x80).u8(codes.length >> 7);
    out.raw(Uint8Array.from(codes));
  });
  align();
  for (const marker of markers) out.u32(marker);
  align();
  if (form.sequences) {
    for (let index = 0; index < symbols.length; index++)
      out
        .u8(index >> 16)
        .u8((index >> 8) & 255)
        .u8((index * 7) & 255);
    align();
  }
  const places: number[] = [];
  const tableAt = out.length;
  for (const token of tokens) {
    places.push(out.length - tableAt);
    out.text(token);
  }
  align();
  for (const place of places) out.u16(place);
  align();
  if (!form.first) offsets();
  out.raw(Buffer.alloc(4096, 0xcc));
  return out.bytes;
}

function packed(text: string, tokens: readonly string[]): number[] {
  const codes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const piece = PIECES.find((one) => text.startsWith(one, at)) ?? text.slice(at, at + 1);
    codes.push(tokens.indexOf(piece));
    at += piece.length;
  }
  return codes;
}

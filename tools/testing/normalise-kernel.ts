import { normalise } from '../../engine/commands/testing/normalise.ts';

/** Puts marks for what a compiler, the time and the machine make of a session on the small x86-64 kernel. */
export function normaliseKernel(text: string, folder: string): string {
  return (
    normalise(text, folder)
      .replace(/(ffffffff`)80[0-9a-f]{6}\b/g, '$180XXXXXX')
      .replace(/(00000000`)001[0-9a-f]{5}\b/g, '$1001XXXXX')
      .replace(/^(ffffffff`80XXXXXX) [0-9a-f]{2,} +[a-z].*$/gm, '$1 CODE')
      .replace(/(kernel!\w+)\+0x[0-9a-f]+/g, '$1+0xNN')
      .replace(/\b(r(?:[abcd]x|[sd]i|[sbi]p|\d+))=[0-9a-fX]{16}/g, '$1=XXXXXXXXXXXXXXXX')
      // Where another processor is at a stop is another place every time.
      .replace(/^( {3}\d {2}Processor \d {2}\S+) .*$/gm, '$1 PLACE')
      .replace(/Port=\d+/g, 'Port=PORT')
      .replace(/pfn [0-9a-f]{3} /g, 'pfn XXX ')
  );
}

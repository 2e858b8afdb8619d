import { joined, linked, type Marked } from '../../dml/marked.ts';

/** Frame numbers of a stack that choose their frame. `thread`: that has to be chosen first; null: it is the current one. */
export function stackLinks(text: string, thread: number | null): Marked {
  const first = thread === null ? '' : `~${thread}s; `;
  const lines = text.split('\n').map((line) => {
    const number = /^ ?([0-9a-f]{2,4})(?= )/.exec(line)?.[1];
    return number === undefined
      ? line
      : linked(line, number, `${first}.frame 0x${number.replace(/^0+(?=.)/, '')}; dv /t /v`);
  });
  return joined(lines, '\n');
}

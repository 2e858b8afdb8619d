/** A row of `qXfer:osdata:read:processes`. */
export interface OsProcess {
  readonly pid: number;
  readonly user: string;
  readonly command: string;
}

const ITEM = /<item>(.*?)<\/item>/gs;
const COLUMN = /<column name="(\w+)">([^<]*)<\/column>/g;

/** The rows of the document; those without a number are left out. */
export function osProcesses(xml: string): OsProcess[] {
  const found: OsProcess[] = [];
  for (const [, item = ''] of xml.matchAll(ITEM)) {
    const columns = new Map<string, string>();
    for (const [, name = '', value = ''] of item.matchAll(COLUMN)) columns.set(name, unescapeXml(value));
    const pid = Number(columns.get('pid'));
    if (!Number.isSafeInteger(pid) || pid <= 0) continue;
    found.push({ pid, user: columns.get('user') ?? '', command: columns.get('command') ?? '' });
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

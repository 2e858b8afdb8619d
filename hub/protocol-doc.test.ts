import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFragment } from './client/links.ts';
import { told } from './client/schemas.ts';
import { EntryOpener } from './client/seal.ts';
import { HUB_PROTOCOL_VERSION } from './protocol/hub.ts';
import { notifications, parameters } from './server/schemas.ts';

const doc = readFileSync(new URL('../docs/protocol.md', import.meta.url), 'utf8');
const hub = doc.slice(doc.indexOf('\n## The hub\n'));

/** Names in the first column of the hub's tables. */
const rows = [...hub.matchAll(/^\| `([a-z]+\/[a-zA-Z]+)` \|(.*)$/gm)].map(([, name = '', rest = '']) => ({
  name,
  rest,
}));

describe('docs/protocol.md, The hub', () => {
  it('has every request and notification, and no others', () => {
    const known = [...Object.keys(parameters), ...Object.keys(told), 'agent/order'];
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
    for (const name of Object.keys(notifications)) expect(hub).toContain(`only notification is \`${name}\``);
    expect(hub).toContain(`version of this contract is **${HUB_PROTOCOL_VERSION}**`);
  });

  it('has the parameters of each', () => {
    for (const [name, schema] of Object.entries(parameters)) {
      const shape = (schema as { readonly shape?: object }).shape ?? {};
      const row = rows.find((each) => each.name === name);
      for (const parameter of Object.keys(shape)) expect(row?.rest, name).toContain(`\`${parameter}\``);
    }
  });

  it('has an entry that its link opens', () => {
    const [, text = ''] = /```json hub-entry\n([^`]*)\n```/.exec(hub) ?? [];
    const { session, fragment, entry, body } = JSON.parse(text);
    expect(new EntryOpener(session, parseFragment(fragment)).open(entry)).toEqual(body);
  });
});

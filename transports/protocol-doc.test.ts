import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHANNEL_WINDOW } from './channels/channels.ts';
import { answer as directoryAnswer, request } from './directory/messages.ts';
import { DEFAULT_DIRECTORY_PORT } from './directory/port.ts';
import { connectionErrorCodes } from './errors/codes.ts';
import { isWireError } from './errors/error.ts';
import { ACK_BYTES, encodeFrame, FrameType } from './frames/format.ts';
import { answer, hello } from './hello/messages.ts';
import { ScramClient } from './scram/client.ts';
import { createVerifier } from './scram/keys.ts';
import { ScramServer } from './scram/server.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const doc = read('../docs/protocol.md');

function block(name: string): string {
  const found = new RegExp(`\`\`\`${name}\n([^\`]*)\n\`\`\``).exec(doc)?.[1];
  if (found === undefined) throw new Error(`docs/protocol.md has no example ${name}`);
  return found;
}

const frameOf = (json: string) => encodeFrame(FrameType.data, 0, Buffer.from(json)).toString('hex');

describe('docs/protocol.md', () => {
  it('has examples of the handshake that are valid', () => {
    const example = hello.parse(JSON.parse(block('json hello')));
    expect(JSON.stringify(example)).toBe(block('json hello'));
    for (const name of ['accepted', 'refused', 'password'])
      expect(answer.parse(JSON.parse(block(`json ${name}`))).hawser).toBe(name);
    expect(isWireError(JSON.parse(block('json error')))).toBe(true);
  });

  it('has examples of the directory that are valid', () => {
    for (const name of ['list', 'register'])
      expect(request.parse(JSON.parse(block(`json directory-${name}`)))).toMatchObject({ request: name });
    expect(directoryAnswer.parse(JSON.parse(block('json directory-servers')))).toMatchObject({
      hawser: 'servers',
    });
    expect(doc).toContain(`on port ${DEFAULT_DIRECTORY_PORT} of that machine`);
  });

  it('has the bytes that are sent', () => {
    const bytes = doc.replaceAll(' ', '');
    expect(bytes).toContain(frameOf('{"jsonrpc":"2.0","method":"session/ack","params":{"seq":42}}'));
    expect(bytes).toContain(frameOf(block('json hello')).slice(0, 46));
    expect(bytes).toContain(encodeFrame(FrameType.data, 9, Buffer.from('$g#67')).toString('hex'));
    const count = Buffer.alloc(ACK_BYTES);
    count.writeUInt32BE(1_048_576, 4);
    expect(bytes).toContain(encodeFrame(FrameType.ack, 9, count).toString('hex'));
  });

  it('has every type of frame, and the window of raw channels', () => {
    for (const [name, type] of Object.entries(FrameType)) expect(doc).toContain(`| ${type} | ${name} |`);
    expect(doc).toContain(`at most ${CHANNEL_WINDOW.toLocaleString('en-US')} bytes of a channel`);
  });

  it('has a SCRAM exchange that is computed right', async () => {
    const lines = block('scram')
      .split('\n')
      .map((line) => line.slice('client  '.length));
    const salt = Buffer.from('AAECAwQFBgcICQoLDA0ODw==', 'base64');
    const verifier = await createVerifier('harbour light', { salt });
    const client = new ScramClient({ nonce: 'clientNonceAAAAAAAAAAAAAAAAAAAAA' });
    const server = new ScramServer(verifier, { nonce: 'serverNonceBBBBBBBBBBBBBBBBBBBBB' });
    const first = client.first();
    const serverFirst = server.first(first);
    const final = await client.final(serverFirst, 'harbour light');
    expect([first, serverFirst, final, server.final(final)]).toEqual(lines);
    expect(doc).toContain(verifier.storedKey.toString('base64'));
    expect(doc).toContain(verifier.serverKey.toString('base64'));
  });

  it('names every error, every method and every event', () => {
    const contract = read('../engine/protocol/session.ts');
    const methods = contract.match(/'session\/\w+'/g) ?? [];
    const events = contract.match(/readonly type: '\w+'/g) ?? [];
    expect(methods.length).toBeGreaterThan(10);
    expect(events.length).toBeGreaterThan(10);
    const stub = read('../engine/stub/protocol.ts').match(/'stub\/\w+'/g) ?? [];
    expect(stub.length).toBeGreaterThan(10);
    const names = [...methods, ...events, ...stub].map((found) => /'(.*)'/.exec(found)?.[1]);
    const missing = [...connectionErrorCodes, ...names].filter((name) => !doc.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkNode, fuse, host } from './node-binary.mjs';
import { officialNode } from './official-node.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-node-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the Node that an executable is made of', () => {
  it('is looked at before it is changed', () => {
    const other = host === 'linux-x64' ? 'linux-arm64' : 'linux-x64';
    expect(() => checkNode(process.execPath, host)).not.toThrow();
    expect(() => checkNode(process.execPath, other)).toThrow(`is for ${host}, not for ${other}`);
    expect(() => checkNode('/bin/sh', host)).toThrow('takes no program in');
    expect(() => checkNode(import.meta.filename, host)).toThrow('is no Node program');
    expect(() => checkNode(join(folder, 'none'), host)).toThrow('there is no');
  });

  it('must be of this version and have nothing in it yet', () => {
    const head = readFileSync('/bin/sh').subarray(0, 64);
    const write = (text: string) => {
      writeFileSync(join(folder, 'node'), Buffer.concat([head, Buffer.from(text)]));
      return join(folder, 'node');
    };
    const version = `v${process.versions.node}`;
    expect(() => checkNode(write(`${fuse}:0 ${version}`), host)).not.toThrow();
    expect(() => checkNode(write(`${fuse}:0 v1.2.3`), host)).toThrow('of another version');
    expect(() => checkNode(write(`${fuse}:1 ${version}`), host)).toThrow('such an executable already');
  });
});

describe('the official Node of another machine', () => {
  const version = `v${process.versions.node}`;
  const name = `node-${version}-linux-arm64`;
  let server: Server;
  let files: Map<string, Buffer>;
  let asked: string[];

  beforeEach(async () => {
    files = new Map();
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const found = files.get(request.url ?? '');
      response.writeHead(found ? 200 : 404).end(found);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    vi.stubEnv('NODEJS_ORG_MIRROR', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    mkdirSync(join(folder, name, 'bin'), { recursive: true });
    writeFileSync(join(folder, name, 'bin/node'), 'a node');
    writeFileSync(join(folder, name, 'LICENSE'), 'a licence');
    execFileSync('tar', ['-czf', 'archive', name], { cwd: folder });
    const archive = readFileSync(join(folder, 'archive'));
    files.set(`/${version}/${name}.tar.gz`, archive);
    const hash = createHash('sha256').update(archive).digest('hex');
    files.set(`/${version}/SHASUMS256.txt`, Buffer.from(`${hash}  ${name}.tar.gz\n`));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it('is fetched once, and kept', async () => {
    const cache = join(folder, 'cache');
    const path = await officialNode('linux-arm64', cache);
    expect(readFileSync(path, 'utf8')).toBe('a node');
    expect(asked).toHaveLength(2);
    expect(await officialNode('linux-arm64', cache)).toBe(path);
    expect(asked).toHaveLength(2);
  });

  it('is not used when its checksum is another one, or is not listed', async () => {
    const cache = join(folder, 'cache');
    files.set(`/${version}/SHASUMS256.txt`, Buffer.from(`${'0'.repeat(64)}  ${name}.tar.gz\n`));
    await expect(officialNode('linux-arm64', cache)).rejects.toThrow(`${'0'.repeat(64)} is listed`);
    files.set(`/${version}/SHASUMS256.txt`, Buffer.from('nothing\n'));
    await expect(officialNode('linux-arm64', cache)).rejects.toThrow('none is listed');
  });

  it('is asked for with --node when it cannot be had', async () => {
    files.clear();
    await expect(officialNode('linux-arm64', join(folder, 'cache'))).rejects.toThrow(
      /answers 404\.\nRun this on such a machine, or name its Node v[\d.]+ with --node PATH/,
    );
  });
});

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastLines } from '../lib/exec.mjs';
import { userCache } from '../lib/paths.mjs';
import { SetupError } from '../lib/steps.mjs';

const patience = 120_000;

/** @param {string} url */
async function download(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** @param {string} from @param {string} name @param {string} folder */
async function fetchInto(from, name, folder) {
  const sums = (await download(`${from}/SHASUMS256.txt`)).toString('utf8');
  const wanted = sums
    .split('\n')
    .find((line) => line.endsWith(`  ${name}.tar.gz`))
    ?.slice(0, 64);
  const archive = await download(`${from}/${name}.tar.gz`);
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== wanted)
    throw new Error(`${name}.tar.gz has the SHA-256 ${found}, and ${wanted ?? 'none'} is listed`);
  writeFileSync(join(folder, 'node.tar.gz'), archive);
  const members = [`${name}/bin/node`, `${name}/LICENSE`];
  const { code, output } = await capture('tar', ['-xzf', 'node.tar.gz', ...members], { cwd: folder });
  if (code !== 0) throw new Error(`tar failed: ${lastLines(output, 3)}`);
}

/**
 * The official Node of this version for another machine, its checksum compared with the list beside it.
 * @param {string} target
 * @param {string} [cache]
 * @returns {Promise<string>} the program
 */
export async function officialNode(target, cache = join(userCache, 'node')) {
  const version = `v${process.versions.node}`;
  const name = `node-${version}-${target}`;
  const program = join(cache, name, 'bin/node');
  if (existsSync(program)) return program;
  const from = `${process.env.NODEJS_ORG_MIRROR || 'https://nodejs.org/dist'}/${version}`;
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, '.new-'));
  try {
    await fetchInto(from, name, temporary);
    rmSync(join(cache, name), { recursive: true, force: true });
    renameSync(join(temporary, name), join(cache, name));
    return program;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new SetupError(
      `bundle: ${name} could not be had from ${from}: ${error instanceof Error ? error.message : error}${cause}.\nRun this on such a machine, or name its Node ${version} with --node PATH; docs/bundle.md says where to get one.`,
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

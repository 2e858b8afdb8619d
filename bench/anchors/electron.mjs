// Starts Electron from Node, as `electron .` and `hawser windbg` do.
import { spawn } from 'node:child_process';

const [electron = '', ...args] = process.argv.slice(2);
const child = spawn(electron, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'));
child.once('exit', (code) => process.exit(code ?? 1));

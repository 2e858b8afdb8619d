import { throughStubs } from '../testing/backend.ts';
import { processServerStub } from '../testing/process-server.ts';

// The same tests as of targets of this machine, through a process server.
throughStubs(processServerStub);
await import('../launch.test.ts');

import { throughStubs } from '../testing/backend.ts';
import { testStub } from '../testing/stub.ts';

// The same tests as of targets of this machine, behind gdbserver.
throughStubs(testStub);
await import('../recording.test.ts');

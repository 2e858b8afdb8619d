import { z } from 'zod';

// Zod compiles its checks with `new Function`, which Electron's content policy forbids, unless told not to.
z.config({ jitless: true });

export { z };

/** What a back end answers with. Addresses and register values are bigint, unsigned. */

export type * from './types/breakpoints.ts';
export type * from './types/kernel.ts';
export type * from './types/memory.ts';
export type * from './types/modules.ts';
export type * from './types/stops.ts';
export type * from './types/target.ts';
export type * from './types/threads.ts';
export type * from './types/values.ts';

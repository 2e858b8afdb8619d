/** Only for looking at the pages without a main process; no part of the product's build. */
import './fake-main.ts';

await import('../main.tsx');

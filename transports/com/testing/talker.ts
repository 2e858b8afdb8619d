import { com } from '../com.ts';
import { clientOf, receive, send } from './ends.ts';

/**
 * A process of its own that calls, sends a number of bytes and reads them back: `talker DEVICE BAUD CHANNEL BYTES`. It prints
 * how many are back as it goes, and at the end `done`.
 */
const [device = '', baud, channel, bytes] = process.argv.slice(2);
const line = { device, baud: Number(baud), channel: Number(channel) };
const { stream } = await com.connect(clientOf(line), { signal: new AbortController().signal });
console.log('connected');
let told = 0;
const back = receive(stream, 0, (got) => {
  if (got - told < 8192) return;
  told = got;
  console.log(got);
});
await send(stream, Number(bytes));
console.log((await back) === Number(bytes) ? 'done' : 'short');

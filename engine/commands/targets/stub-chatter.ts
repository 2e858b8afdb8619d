/** What gdbserver says of every start and end: people are told the same by the debugger. */
const CHATTER = [
  /^Remote debugging (?:using|from) /,
  /^stdin\/stdout redirected$/,
  /^Process .* created; pid = \d+$/,
  /^Attached; pid = \d+$/,
  /^Detaching from process \d+$/,
  /^Killing process\(es\): /,
  /^Child (?:exited with status|terminated with signal) /,
  /^Listening on port \d+$/,
  /^Remote side has terminated connection/,
];

export function isChatter(line: string): boolean {
  const text = line.trim();
  return text === '' || CHATTER.some((pattern) => pattern.test(text));
}

/**
 * The name of a server's pipe with the numbers for `%x` (hexadecimal) and `%d` (decimal): for the first of them the
 * number of this process, for the second that of its thread. The main thread's, which is the one that opens servers, is
 * the process's own on Linux; a third and further ones stay as they are.
 */
export function expandPipeName(pipe: string, pid: number = process.pid, thread: number = pid): string {
  const numbers = [pid, thread];
  return pipe.replace(/%[xd]/gi, (placeholder) => {
    const number = numbers.shift();
    return number === undefined ? placeholder : number.toString(placeholder.toLowerCase() === '%x' ? 16 : 10);
  });
}

export type Environment =
  | { readonly env: Readonly<Record<string, string>>; readonly problem?: never }
  | { readonly problem: string };

const MAX_VARIABLES = 500;

/** Lines of `NAME=value`; empty ones say nothing. */
export function readEnvironment(text: string): Environment {
  const env: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals)).trim();
    if (name === '') return { problem: `Line ${index + 1} is not of the form NAME=value.` };
    if (/\s/.test(name)) return { problem: `Line ${index + 1}: a name has no blanks in it.` };
    env[name] = line.slice(equals + 1);
  }
  if (Object.keys(env).length > MAX_VARIABLES) return { problem: `More than ${MAX_VARIABLES} variables.` };
  return { env };
}

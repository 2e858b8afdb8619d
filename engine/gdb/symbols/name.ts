/**
 * WinDbg's module name of a path: without directory; the version after `.so` cut, a final bare `.so` dropped,
 * everything but letters and digits to `_`. `libc.so.6` is `libc_so`, `libfoo.so` is `libfoo`.
 */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const versioned = /^(.*\.so)\.[0-9][0-9.]*$/.exec(file);
  const base = versioned?.[1] ?? (file.endsWith('.so') ? file.slice(0, -3) : file);
  return base.replace(/[^A-Za-z0-9]/g, '_');
}

/** A demangled name of Rust without the hashes that tell builds apart: `nodes::area::h2fd368f68587c38e`, `core[c1f1a4ba060b9bfa]::str`. */
export function withoutHash(name: string): string {
  return name.replace(/::h[0-9a-f]{16}(?=$|[ .])/, '').replace(/(?<=\w)\[[0-9a-f]{1,16}\]/g, '');
}

/** A demangled C++ or Rust name without its parameters: `ns::f(int)` becomes `ns::f`. */
export function withoutParameters(name: string): string {
  let end = name.length;
  const qualifiers = / (const|volatile|&|&&|\[clone [^\]]*\])$/;
  let rest = name;
  for (let found = qualifiers.exec(rest); found; found = qualifiers.exec(rest))
    rest = rest.slice(0, found.index);
  if (!rest.endsWith(')')) return name;
  let depth = 0;
  for (let at = rest.length - 1; at >= 0; at -= 1) {
    if (rest[at] === ')') depth += 1;
    else if (rest[at] === '(') depth -= 1;
    if (depth === 0) {
      end = at;
      break;
    }
  }
  // `(anonymous namespace)` is a name, not a list of parameters.
  const cut = rest.slice(0, end);
  if (cut === '' || cut.endsWith('::')) return name;
  return cut.endsWith('>') ? withoutResult(cut) : cut;
}

/** Names of template functions are mangled with what they return: `int tmax<int>` becomes `tmax<int>`. */
function withoutResult(name: string): string {
  const operator = /\boperator\b/.exec(name)?.index ?? name.length;
  let depth = 0;
  for (let at = operator - 1; at >= 0; at -= 1) {
    const character = name[at] ?? '';
    if (')]}>'.includes(character)) depth += 1;
    else if ('([{<'.includes(character)) depth -= 1;
    else if (character === ' ' && depth === 0 && !/^(const|volatile|&&?)(::| )/.test(name.slice(at + 1)))
      return name.slice(at + 1);
  }
  return name;
}

/** Puts marks for what differs from run to run or machine to machine into golden transcripts. */
export function normalise(text: string, folder: string): string {
  return inLibraries(text.replaceAll(folder, 'DIR').split('\n').map(maskLine).join('\n'));
}

const EVENT = '(?:Break|Single|Access|Exit|Hit|Signal|Integer|Assert)';
const IDS = new RegExp(`\\b[0-9a-f]+\\.[0-9a-f]+(?=\\)?: ${EVENT})`, 'g');

/** Of a program that lies anywhere, its heap too. */
export function normaliseMoving(text: string, folder: string): string {
  return normalise(text, folder).replace(/\b00005555`[0-9a-f]{8}/g, '00005555`XXXXXXXX');
}

/** Of a program in Rust: its compilers differ in the code that they make, and in what they put around it. */
export function normaliseRust(text: string, folder: string): string {
  return normalise(text, folder)
    .replace(/[0-9a-f]{8}`[0-9a-f]{8}/g, 'XXXXXXXX`XXXXXXXX')
    .replace(/\b0x(?:5555|7fff)[0-9a-f]{8}\b/g, '0xXXXXXXXXXXXX')
    .replace(/(nodes!\S.*?)\+0x[0-9a-f]+/g, '$1+0xN')
    .replace(/(nodes!\S+?)\+[0-9a-f]+(?= |$)/gm, '$1+N')
    .replace(/^(XXXXXXXX`XXXXXXXX) [0-9a-f]{2,} +[a-z].*$/gm, '$1 CODE')
    .replace(/\b(r\w{1,2})=[0-9a-fX]{16}/g, '$1=XXXXXXXXXXXXXXXX')
    .replace(/^(iopl=\d {9}).*$/gm, '$1FLAGS')
    .replace(/^(cs=.*efl=)[0-9a-f]{8}$/gm, '$1XXXXXXXX');
}

function maskLine(line: string): string {
  // Only blocks of registers: one that was asked for by name keeps its value.
  const masked = /=[0-9a-f]{16} +r/.test(line) || /^r14=/.test(line) ? maskRegisters(line) : line;
  return masked
    .replace(/(?<![0-9a-f`])00007f[0-9a-f]{2}`[0-9a-f]{8}/g, '00007fXX`XXXXXXXX')
    .replace(/\b00007f[0-9a-f]{10}\b/g, '00007fXXXXXXXXXX')
    .replace(/: (?:[\da-fX]{8}`[\da-fX]{8} ){4}:/g, ': WORDS :')
    .replace(/(get\(\) +[=:] )0x[\da-f]+/g, '$10xXX')
    .replace(/(ss:00007fXX`XXXXXXXX)=[0-9a-fX]+/g, '$1=VALUE')
    .replace(IDS, 'PID.TID')
    .replace(/Id: [0-9a-f]+\.[0-9a-f]+/g, 'Id: PID.TID')
    .replace(/Exit process 0:[0-9a-f]+/g, 'Exit process 0:PID')
    .replace(/( 0 {4}id: )[0-9a-f]+/g, '$1PID')
    .replace(/\b0x7f[0-9a-f]{10}\b/g, '0x7fXXXXXXXXXX')
    .replace(/(<Local> )0n\d+/g, '$1PID')
    .replace(/debugger time: .*/g, 'debugger time: TIME')
    .replace(/^( {2}Time: {4})[A-Z].* \d+$/g, '$1TIME')
    .replace(/Priority: -?\d+( .*Affinity: )[0-9a-f]+/g, 'Priority: N$1MASK')
    .replace(/Build ID: +[0-9a-f]+/g, 'Build ID: ID')
    .replace(/(BuildId +: )[0-9a-f]+/g, '$1ID')
    .replace(/\(build id [0-9a-f]+\)/g, '(build id ID)')
    .replace(/\.build-id\/[0-9a-f]{2}\/[0-9a-f]+/g, '.build-id/ID')
    .replace(/^(BUILD_ID: {2}|FAULTING_THREAD: {2}).*/, '$1ID')
    .replace(/^(Debugger runs on Linux ).*/, '$1RELEASE')
    .replace(/^(Debug session time: ).*/, '$1TIME')
    .replace(/^(Engine: GNU gdb ).*/, '$1VERSION')
    .replace(/^(command line: ).*/, '$1COMMAND');
}

function maskRegisters(line: string): string {
  return line.replace(/\b(r(?:[abcd]x|[sd]i|\d+))=[0-9a-f]{16}/g, '$1=XXXXXXXXXXXXXXXX');
}

/**
 * What stops inside a library shows depends on its version and on whether its debug symbols are there; the
 * flags depend on where the stack lies, and that on the environment.
 */
function inLibraries(text: string): string {
  return text
    .replace(/\b(libc_so|ld_linux_x86_64_so|libstdc___so)!\S+?(?: \[[^\]]*\])?(:?) ?$/gm, '$1!NAME$2')
    .replace(/^00007fXX`XXXXXXXX [0-9a-f]{2,} +[a-z].*$/gm, '00007fXX`XXXXXXXX CODE')
    .replace(/^(iopl=\d {9}).*$/gm, '$1FLAGS')
    .replace(/^(cs=.*efl=)[0-9a-f]{8}$/gm, '$1XXXXXXXX');
}

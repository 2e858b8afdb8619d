import { describe, expect, it } from 'vitest';
import { available, compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';

const SOURCE = `
struct Node { value: i32, next: Option<Box<Node>> }
static mut COUNT: u32 = 7;
#[inline(never)]
fn weigh(times: i32, list: &Node) -> i32 {
    let sum = times + list.value;
    sum + list.next.is_some() as i32 // here
}
fn main() {
    let list = Node { value: 3, next: Some(Box::new(Node { value: 4, next: None })) };
    unsafe { COUNT += 1; }
    std::process::exit(weigh(5, &list));
}
`;

const rust = available('rustc');
describe.skipIf(!rust)(`C++ expressions in Rust${rust ? '' : ' (skipped: there is no rustc here)'}`, () => {
  it("are the frame's own, and C++ where that makes no sense in Rust", { timeout: 120_000 }, async () => {
    const program = compile('nodes.rs', SOURCE, ['-g']);
    const console = new Console();
    await console.start({ kind: 'launch', program: program.path, args: [] });
    await console.run(`g \`nodes.rs:${program.line('// here')}\``);
    const shown = async (line: string): Promise<string> => (await console.run(line)).trimEnd();
    expect(await shown('?? sum')).toBe('int 0n8');
    expect(await shown('?? list.value')).toBe('int 0n3');
    expect(await shown('?? list')).toMatch(
      /^struct nodes::Node \* 0x[0-9a-f`]+\n {3}\+0x[0-9a-f]{3} value {12}: 0n3\n/,
    );
    expect(await shown('?? nodes::COUNT')).toBe('unsigned int 0x8');
    expect(await shown('?? (long)sum * 2')).toBe('int64 0n16');
    expect(await shown('?? @rip == @$ip')).toBe('bool true');
    expect(await shown('? @@c++(sum) + 1')).toBe('Evaluate expression: 9 = 00000000`00000009');
    expect(await shown('r? $t0 = list; ?? @$t0->value')).toBe('int 0n3');
    expect(await shown('?? nosuch')).toBe("No symbol 'nosuch' in current context");
    expect(await shown('.printf "%d %lx\\n", @@c++(times), @@c++(list)')).toMatch(/^5 7f[0-9a-f]{10}$/);
  });
});

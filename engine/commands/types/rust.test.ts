import { describe, expect, it } from 'vitest';
import { withLibrarySymbols } from '../../gdb/testing/library-symbols.ts';
import { available, compile } from '../../gdb/testing/programs.ts';
import { Console } from '../testing/console.ts';

withLibrarySymbols();

const SOURCE = `use std::collections::*;
use std::rc::Rc;
use std::sync::Arc;
#[derive(Debug)] #[allow(dead_code)] struct Point { x: i32, y: i32 }
#[derive(Debug)] enum Shape { Empty, Circle(f64), Rect { w: u32, h: u32 }, Named(String) }
#[derive(Debug, Clone, Copy)] enum Level { Low = 1, High = 9 }
#[inline(never)]
fn look(s: &str, v: &[i32], o: Option<&Point>, sh: &Shape) -> i32 {
    let owned = String::from(s);
    let many = vec![1u8, 2, 3];
    let map: HashMap<String, i32> = [("k".to_string(), 1)].into_iter().collect();
    let tree: BTreeMap<i32, i32> = (0..40).map(|n| (n, n * 2)).collect();
    let dq: VecDeque<i32> = [1, 2].into_iter().collect();
    let boxed = Box::new(Point { x: 3, y: 4 });
    let rc = Rc::new(5);
    let arc = Arc::new(Shape::Circle(1.5));
    let lvl = Level::High;
    let tup = (1, "two", 3.0);
    let arr = [1i16, 2, 3];
    let none: Option<i32> = None;
    let res: Result<i32, String> = Err("bad".into());
    let c = 'é';
    let shapes = [Shape::Empty, Shape::Circle(2.0), Shape::Rect { w: 1, h: 2 }, Shape::Named("n".into())];
    let unit = ();
    let r = v[0] + owned.len() as i32 + many.len() as i32; // here
    std::hint::black_box((&map, &tree, &dq, &boxed, &rc, &arc, &lvl, &tup, &arr, &none, &res, &c, &shapes, &unit, &o, &sh));
    r
}
fn main() { let p = Point { x: 1, y: 2 }; look("hi", &[4, 5], Some(&p), &Shape::Rect { w: 5, h: 6 }); }
`;

const rust = available('rustc');
const LONG = { timeout: 120_000 };

describe.skipIf(!rust)(`values of Rust${rust ? '' : ' (skipped: there is no rustc here)'}`, () => {
  const console = async (): Promise<Console> => {
    const program = compile('values.rs', SOURCE, ['-g', '--edition', '2021']);
    const made = new Console();
    await made.start({ kind: 'launch', program: program.path, args: [] });
    await made.run(`g \`values.rs:${program.line('// here')}\``);
    return made;
  };

  it('are shown in its own words by dv', LONG, async () => {
    const at = await console();
    const lines = new Set((await at.run('dv')).split('\n').map((line) => line.trim()));
    const expected = [
      'unit = ()',
      'shapes = [Empty, Circle(2), Rect { w: 1, h: 2 }, Named("n")]',
      "c = 233 'é'",
      'res = Err("bad")',
      'none = None',
      'arr = [1, 2, 3]',
      'tup = (1, "two", 3)',
      'lvl = values::Level::High (0n9)',
      'arc = Circle(1.5)',
      'rc = 5',
      'dq = { size=2 }',
      'tree = { size=40 }',
      'map = { size=1 }',
      'many = { size=3 }',
      'owned = "hi"',
      's = "hi"',
      'v = { size=2 }',
    ];
    expect(expected.filter((line) => !lines.has(line))).toEqual([]);
    expect(await at.run('kcp 1')).toMatch(
      /^00 values!values::look\(&str s = "hi", &\[i32\] v = \{ size=2 \}, /m,
    );
  });

  it('have their elements shown by dx', LONG, async () => {
    const at = await console();
    const rows = async (line: string) =>
      (await at.run(line))
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.trim().replace(/ +/g, ' '));
    expect(await rows('dx map')).toEqual(['["k"] : 1 [Type: i32]']);
    expect(await rows('dx dq')).toEqual(['[0] : 1 [Type: i32]', '[1] : 2 [Type: i32]']);
    expect(await rows('dx v,x')).toEqual(['[0] : 0x4 [Type: i32]', '[1] : 0x5 [Type: i32]']);
    // More than one node of the tree.
    expect(await rows('dx tree')).toEqual(
      Array.from({ length: 40 }, (_, n) => `[${n}] : ${n * 2} [Type: i32]`),
    );
    expect(await rows('dx -r2 shapes')).toContain('w : 0x1 [Type: u32]');
    expect(await at.run('dx *sh')).toContain(': Rect { w: 5, h: 6 } [Type: values::Shape]\n');
  });

  it('have layouts with all variants of enums, and objects with the one that is there', LONG, async () => {
    const at = await console();
    const layout = await at.run('dt -r1 values::Shape');
    for (const field of ['Empty', 'Circle', 'Rect', 'Named'])
      expect(layout).toMatch(new RegExp(`^ {3}\\+0x000 ${field} `, 'm'));
    expect(layout).toMatch(/^ {6}\+0x008 w {16}: Uint4B$/m);
    const object = await at.run('dt -r1 sh');
    expect(object).toMatch(/^ {6}\+0x008 w {16}: 0x5\n {6}\+0x00c h {16}: 0x6$/m);
    expect(object).not.toContain('Circle');
    expect(await at.run('dt values::Level')).toBe(
      '   values::Level::Low = 0n1\n   values::Level::High = 0n9\n',
    );
    expect(await at.run('dt -t values!values::P*')).toBe('          values!values::Point\n');
  });
});

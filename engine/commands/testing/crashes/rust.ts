/** A Rust program that panics in the way that its first argument names. */
export const crashRustSource = `
use std::env;
#[inline(never)]
fn out_of_range(list: &[i32], at: usize) -> i32 { list[at] }
#[inline(never)]
fn unwraps(value: Option<i32>) -> i32 { value.unwrap() }
#[inline(never)]
fn explicit(n: usize) { panic!("explicit {} and {}", n, "text") }
#[inline(never)]
fn literal() { panic!("only a literal") }
fn main() {
    let args: Vec<String> = env::args().collect();
    let list = vec![1, 2, 3];
    match args.get(1).map(|s| s.as_str()).unwrap_or("") {
        "out_of_range" => println!("{}", out_of_range(&list, args.len() + 5)),
        "unwraps" => println!("{}", unwraps(if args.len() > 9 { Some(1) } else { None })),
        "explicit" => explicit(args.len()),
        "literal" => literal(),
        _ => {}
    }
}
`;

export const RUST_FLAGS = ['-g', '-C', 'panic=abort'];

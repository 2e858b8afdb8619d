/** A program in Rust: structs, enums with values, traits, generics, a thread. */
export const nodesSource = `
use std::sync::{Arc, Barrier};
use std::thread;

#[derive(Clone, Copy)]
enum Shape { Point, Circle(f64), Box { width: i32, height: i32 } }
struct Node { value: i32, name: &'static str, next: Option<Box<Node>> }
trait Weigh { fn weigh(&self, times: i32) -> i32; }

static mut COUNT: u32 = 7;
pub static GREETING: &str = "hello";

impl Weigh for Node {
    #[inline(never)]
    fn weigh(&self, times: i32) -> i32 {
        let sum = times + self.value;
        match &self.next { // next
            Some(next) => next.weigh(times) + sum,
            None => sum, // bottom
        }
    }
}

mod outer {
    pub mod inner {
        #[inline(never)]
        pub fn twice<T: std::ops::Add<Output = T> + Copy>(value: T) -> T { value + value }
    }
}

#[inline(never)]
fn area(shape: Shape) -> f64 {
    match shape { // shape
        Shape::Point => 0.0,
        Shape::Circle(radius) => radius * radius * 3.0,
        Shape::Box { width, height } => (width * height) as f64,
    }
}

#[inline(never)]
fn weigh_all(numbers: &[i32]) -> i32 {
    let mut sum = 0;
    for number in numbers { sum += number; }
    sum
}

fn main() {
    let list = Node { value: 3, name: "first", next: Some(Box::new(Node { value: 4, name: "second", next: None })) };
    let numbers = [1i32, 2, 3, 4];
    unsafe { COUNT += 1; } // counted
    let mut total = list.weigh(5) + outer::inner::twice(numbers[1]) + outer::inner::twice(2i64) as i32;
    for shape in [Shape::Point, Shape::Circle(2.0), Shape::Box { width: 2, height: 3 }] { total += area(shape) as i32; }
    let barrier = Arc::new(Barrier::new(2));
    let other = barrier.clone();
    let worker = thread::Builder::new().name("worker".into()).spawn(move || { other.wait(); other.wait(); 5 }).unwrap(); // spawned
    barrier.wait();
    weigh_all(&numbers); // running
    barrier.wait();
    total += worker.join().unwrap(); // joined
    println!("{} {} {}", list.name, total, GREETING);
    if std::env::args().len() > 1 { std::process::abort(); }
}
`;

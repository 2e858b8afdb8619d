/** A C++ program that crashes in the way that its first argument names. */
export const crashCppSource = `
#include <cstring>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
struct Base { Base() { call(); } virtual ~Base() {} virtual void run() = 0; void call() { run(); } };
struct Derived : Base { void run() override {} };
struct Own : std::runtime_error { Own(int n) : std::runtime_error("own failure " + std::to_string(n)) {} };
struct Plain { int number; };
volatile int sink;
static void runtime_failure() { throw std::runtime_error("the disk is full"); }
static void own_failure() { throw Own(42); }
static void plain_failure() { throw Plain{7}; }
static void number_failure() { throw 42; }
static void text_failure() { throw "a text"; }
static void range_failure() { std::vector<int> list(3); sink = list.at(9); }
static void memory_failure() { volatile size_t size = (size_t)1 << 60; char *p = new char[size]; p[0] = 1; }
static void noexcept_failure() noexcept { runtime_failure(); }
static void thread_failure() { std::thread running([] { for (;;) std::this_thread::yield(); }); }
static void kept_failure() {
  try { own_failure(); } catch (...) { auto kept = std::current_exception(); std::rethrow_exception(kept); }
}
static void pure_call() { Derived derived; }
#define CRASH(name) if (argc > 1 && !strcmp(argv[1], #name)) name()
int main(int argc, char **argv) {
  CRASH(runtime_failure); CRASH(own_failure); CRASH(plain_failure); CRASH(number_failure); CRASH(text_failure);
  CRASH(range_failure); CRASH(memory_failure); CRASH(noexcept_failure); CRASH(thread_failure); CRASH(kept_failure); CRASH(pure_call);
}
`;

export const CPP_FLAGS = ['-g', '-O0', '-no-pie', '-fcf-protection=none', '-pthread'];

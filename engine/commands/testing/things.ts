/** A C++ program with a type of every kind, for what shows types and variables. */
export const thingsSource = `
#include <cstdio>
#include <cstring>
enum Color { red, green = 5, blue };
struct Inner { short low; unsigned char tag; };
struct Link { Link *next; };
struct Outer {
  int a;
  Inner in;
  int b;
  double d;
  char name[8];
  const char *text;
  int arr[6];
  int grid[2][3];
  Inner ins[2];
  unsigned flags : 3;
  unsigned rest : 5;
  Color color;
  union { int asInt; float asFloat; };
  union U { long l; char c[8]; } u;
  Outer *next;
  bool ok;
  Link link;
};
struct node { int value; node *next; };
struct Base { virtual ~Base() {} int x; };
struct Derived : Base { int y; static int count; };
int Derived::count = 9;
template <class T> T tmax(T a, T b) { return a > b ? a : b; }
template <class T> struct Box { T v; T get() const { return v; } };
Outer g_outer;
Outer *g_pointer = &g_outer;
node g_n3 = {3, 0}, g_n2 = {2, &g_n3}, g_n1 = {1, &g_n2};
node *g_head = &g_n1;
node g_nodes[3] = {{7, 0}, {8, 0}, {9, 0}};
int g_tab[6] = {1, 2, 3, 4, 5, 6};
Box<int> g_box = {4};
Derived g_derived;
int g_count = 42;
struct { struct { int x; int y; } pos; enum { A, B } e; char *names[2]; } g_unnamed = {{1, 2}};
struct Item { int v; Link links; };
Item g_i2 = {2, {0}}, g_i1 = {1, {&g_i2.links}};
int g_big[1000];
char g_msg[] = "hello world";
static int fact(int n) {
  if (n < 2) return 1; /* bottom */
  int m = n * fact(n - 1);
  return m;
}
int main(int argc, char **argv) {
  memset(&g_outer, 0, sizeof g_outer);
  g_outer.a = 3;
  g_outer.b = 11;
  g_outer.in.tag = 'A';
  g_outer.color = blue;
  strcpy(g_outer.name, "loc");
  g_outer.next = &g_outer;
  g_outer.arr[3] = 33;
  g_outer.grid[1][2] = -6;
  g_outer.ins[1].low = 2;
  g_outer.d = 2.5;
  g_outer.flags = 5;
  g_outer.asInt = 1;
  g_derived.y = argc;
  int result = fact(3) + tmax<int>(3, argc) + (int)tmax(1.5, 2.5) + g_box.get();
  return result + (argv[0] == 0); /* end */
}
`;

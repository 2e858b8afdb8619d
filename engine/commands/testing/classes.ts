/** A C++ program with bases, templates, and the standard library's containers. */
export const classesSource = `
#include <string>
#include <vector>
#include <map>
#include <set>
#include <list>
#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <optional>
#include <variant>
#include <tuple>
#include <array>
#include <string_view>
#include <cstdio>
#include <forward_list>
struct Point { int x, y; };
enum class Mode : unsigned char { off, on = 3 };
enum Flags { A = 1, B = 2, C = 4 };
struct Base { virtual ~Base() {} int b = 1; };
struct Left : virtual Base { int l = 2; };
struct Right : virtual Base { int r = 3; };
struct Both : Left, Right { int d = 4; static const int count = 5; };
template <class T, int N> struct Grid { T cells[N]; T *first = cells; };
struct Holder {
  std::string name = "holder";
  std::vector<int> numbers{1, 2, 3};
  std::map<std::string, int> ages{{"ann", 30}, {"bob", 40}};
  std::unique_ptr<Point> owned{new Point{7, 8}};
  std::shared_ptr<Point> shared{new Point{9, 10}};
  std::optional<int> maybe{5};
  std::optional<int> none;
  std::variant<int, std::string> either{"text"};
  std::tuple<int, char, double> three{1, 'c', 2.5};
  std::array<short, 4> four{1, 2, 3, 4};
  std::set<int> ids{5, 6};
  std::list<Point> points{{1, 2}, {3, 4}};
  std::deque<int> queue{1, 2, 3};
  std::unordered_map<int, const char *> table{{1, "one"}};
  std::unordered_set<int> bag{3};
  std::forward_list<int> chain{4, 5};
  std::string_view view{"a view"};
  std::vector<bool> bits{true, false, true};
  std::vector<Point> pv{{1, 2}};
  std::wstring wide = L"wide";
  Mode mode = Mode::on;
  Flags flags = Flags(A | C);
  int Point::*mp = &Point::y;
};
Holder g_holder;
Both g_both;
Base *g_base = &g_both;
Grid<Point, 3> g_grid;
int work(const std::string &text, std::vector<int> &list, Point &&p) {
  int sum = p.x;
  for (int v : list) sum += v;
  return sum + (int)text.size(); /* here */
}
int main() {
  Holder local;
  std::string s = "hello";
  std::vector<int> v{4, 5, 6};
  auto lam = [&](int q) { return q + v[0]; };
  int r = work(s, v, {1, 2}) + lam(2);
  fflush(stdout);
  return r == 1; /* end */
}
`;

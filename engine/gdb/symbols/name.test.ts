import { describe, expect, it } from 'vitest';
import { withoutHash, withoutParameters } from './name.ts';

describe('names without parameters', () => {
  it.each([
    ['f(int)', 'f'],
    ['ns::f(int) const', 'ns::f'],
    ['int tmax<int>(int, int)', 'tmax<int>'],
    ['std::vector<int, std::allocator<int> > make<int, char>(char)', 'make<int, char>'],
    ['int const& std::max<int>(int const&, int const&)', 'std::max<int>'],
    ['Box<int>::get() const', 'Box<int>::get'],
    ['Box<unsigned int>::Box<long long>(int)', 'Box<unsigned int>::Box<long long>'],
    ['std::ostream& std::operator<< <char>(std::ostream&, char)', 'std::operator<< <char>'],
    [
      'auto f(int) const::{lambda(auto:1)#1}::operator()<int>(int) const',
      'f(int) const::{lambda(auto:1)#1}::operator()<int>',
    ],
    ['operator new(unsigned long)', 'operator new'],
    ['A::operator unsigned int() const', 'A::operator unsigned int'],
    ['(anonymous namespace)::f(int)', '(anonymous namespace)::f'],
    ['void (anonymous namespace)::f<int>(int)', '(anonymous namespace)::f<int>'],
    ['vtable for std::function<void ()>', 'vtable for std::function<void ()>'],
  ])('%s', (name, bare) => {
    expect(withoutParameters(name)).toBe(bare);
  });
});

describe('names of Rust', () => {
  it.each([
    ['nodes::area::h2fd368f68587c38e', 'nodes::area'],
    ['<nodes::Node as nodes::Weigh>::weigh::h46a0186fd888207f', '<nodes::Node as nodes::Weigh>::weigh'],
    ['core[c1f1a4ba060b9bfa]::str::count::do_count_chars', 'core::str::count::do_count_chars'],
    ['nodes::main::{{closure}}::h0145dfc0f38a7eaf.llvm.7', 'nodes::main::{{closure}}.llvm.7'],
    ['nodes::hash::h12', 'nodes::hash::h12'],
    ['<[u8] as nodes::Read>::read', '<[u8] as nodes::Read>::read'],
  ])('%s', (name, bare) => {
    expect(withoutHash(name)).toBe(bare);
  });
});

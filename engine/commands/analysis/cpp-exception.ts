import { address as wide } from '../../format/address.ts';
import { littleEndian } from '../memory/read.ts';
import { type Crash, type Finding, regionAt, textAt, wordAt } from './crash.ts';

const CPP_EXCEPTION = 0xe06d7363;
/** `GNUCC++` as a number; its last bit says that the exception belongs to a std::exception_ptr. */
const CLASS = 0x474e5543432b2b00n;
/** Of libstdc++ on 64-bit machines, from `_Unwind_Exception`: the type, and the object thrown. */
const TYPE = -80n;
const OBJECT = 32n;
/** Of a dependent exception: the exception it stands for. */
const PRIMARY = -80n;
/** std::type_info: its name; of one base class: that class. */
const NAME = 8n;
const BASE = 16n;
const MOST_BASES = 16;
const MOST_WORDS = 8192;

interface Thrown {
  readonly type: string;
  readonly what: string | null;
  readonly object: bigint;
}

/** std::terminate: because of an exception that nobody catches, or without any. */
export async function cppException(crash: Crash): Promise<Finding> {
  const thrown = await findThrown(crash);
  if (!thrown)
    return {
      problem: 'CPP_TERMINATE',
      code: CPP_EXCEPTION,
      cause: [
        'std::terminate was called, and no exception is under way: a std::thread that runs was destroyed, or `throw;` had nothing to throw.',
      ],
    };
  const { type, what, object } = thrown;
  return {
    problem: `CPP_EXCEPTION_${type.replace(/\s+/g, '_')}`,
    code: CPP_EXCEPTION,
    cause: [
      `A C++ exception of type ${type} was thrown, and nobody catches it${what === null ? '.' : `: ${what}`}`,
    ],
    facts: [
      ['CPP_EXCEPTION_TYPE', type],
      ['CPP_EXCEPTION_OBJECT', wide(object)],
      ...(what === null ? [] : [['CPP_EXCEPTION_WHAT', what] as const]),
    ],
  };
}

/** The functions that throw keep a pointer to the exception on the stack, or save one that was in a register. */
async function findThrown(crash: Crash): Promise<Thrown | null> {
  const { frames, registers, state } = crash;
  if (state.pointerSize !== 8) return null;
  const sp = registers.get('rsp') ?? registers.get('sp');
  // What threw, and all below it, are the runtime's; a frame more holds what was in the registers.
  const throwing = frames.findLastIndex(({ symbol }) =>
    /^(?:__cxa_|std::terminate|std::rethrow)/.test(symbol?.name ?? ''),
  );
  const end = frames.slice(throwing + 2).find(({ stackPointer }) => stackPointer !== null)?.stackPointer;
  if (sp === undefined || end === undefined || end === null) return null;
  const words = Math.min(Number((end - sp) / 8n), MOST_WORDS);
  const block = await state.target.readMemory(sp, words * 8);
  const tried = new Set<bigint>();
  for (let at = 0; at < words; at++) {
    const pointer = littleEndian(block.bytes, at * 8, 8);
    if (tried.has(pointer) || pointer % 8n !== 0n || !regionAt(crash, pointer)?.write) continue;
    tried.add(pointer);
    const found = await describe(crash, pointer);
    if (found) return found;
  }
  return null;
}

async function describe(crash: Crash, unwind: bigint): Promise<Thrown | null> {
  const kind = await wordAt(crash, unwind);
  if (kind === null || (kind & ~1n) !== CLASS) return null;
  let object = unwind + OBJECT;
  let header = unwind;
  if (kind & 1n) {
    const primary = await wordAt(crash, unwind + PRIMARY);
    if (primary === null) return null;
    object = primary;
    header = primary - OBJECT;
  }
  const info = await wordAt(crash, header + TYPE);
  const chain = info === null ? [] : await classes(crash, info);
  const [mangled] = chain;
  if (mangled === undefined) return null;
  return { type: await readable(crash, mangled), what: await whatOf(crash, chain, object), object };
}

/** Mangled names of a class and, one by one, its only bases. */
async function classes(crash: Crash, info: bigint): Promise<string[]> {
  const names: string[] = [];
  for (let type: bigint | null = info; type && names.length < MOST_BASES; ) {
    const [vtable, name] = [await wordAt(crash, type), await wordAt(crash, type + NAME)];
    const text = name === null ? null : await textAt(crash, name);
    if (vtable === null || !text || !/^\*?[\w.$]+$/.test(text)) break;
    names.push(text.replace(/^\*/, ''));
    const [hit] = await crash.state.target.symbolize([vtable]);
    type = /__si_class_type_info/.test(hit?.name ?? '') ? await wordAt(crash, type + BASE) : null;
  }
  return names;
}

async function readable({ state }: Crash, mangled: string): Promise<string> {
  const [name = ''] = await state.target.demangle([`_ZTS${mangled}`]);
  return name.startsWith('typeinfo name for ') ? name.slice('typeinfo name for '.length) : mangled;
}

/** These keep a pointer to their message behind the table of virtual functions. */
const WITH_MESSAGE = new Set(['St11logic_error', 'St13runtime_error']);
/** What these say they always say. */
const CONSTANT: Readonly<Record<string, string>> = {
  St9bad_alloc: 'std::bad_alloc',
  St20bad_array_new_length: 'std::bad_array_new_length',
  St8bad_cast: 'std::bad_cast',
  St10bad_typeid: 'std::bad_typeid',
  St13bad_exception: 'std::bad_exception',
  St17bad_function_call: 'bad_function_call',
  St12bad_weak_ptr: 'bad_weak_ptr',
  St19bad_optional_access: 'bad optional access',
  St12bad_any_cast: 'bad any_cast',
  St18bad_variant_access: 'bad variant access',
};
const NUMBERS: Readonly<Record<string, number>> = {
  c: 1,
  b: 1,
  s: 2,
  t: 2,
  i: 4,
  j: 4,
  l: 8,
  m: 8,
  x: 8,
  y: 8,
};

/** What an exception has to say; null: that would take a call. */
async function whatOf(crash: Crash, chain: readonly string[], object: bigint): Promise<string | null> {
  const [own = ''] = chain;
  if (chain.some((name) => WITH_MESSAGE.has(name))) {
    const pointer = await wordAt(crash, object + 8n);
    return pointer === null ? null : textAt(crash, pointer);
  }
  if (CONSTANT[own] !== undefined) return CONSTANT[own];
  const size = NUMBERS[own];
  if (size !== undefined) {
    const { bytes, readable } = await crash.state.target.readMemory(object, size);
    const value = BigInt.asIntN(size * 8, littleEndian(bytes, 0, size));
    return readable === null ? String(value) : null;
  }
  if (/^PK?c$|^NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE$/.test(own)) {
    const pointer = await wordAt(crash, object);
    return pointer === null ? null : textAt(crash, pointer);
  }
  return null;
}

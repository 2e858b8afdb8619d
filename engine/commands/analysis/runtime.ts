import type { Frame, ModuleInfo } from '../../backend/types.ts';
import { plainName } from './crash.ts';

/** Libraries that pass on what others did wrong. */
const LIBRARIES =
  /^(?:(?:lib(?:c|m|dl|rt|pthread|util|resolv|nss_\w+|gcc_s|stdc\+\+|c\+\+|c\+\+abi|unwind|asan|tsan|ubsan|lsan|jemalloc|tcmalloc\w*)|ld-linux[-\w]*|ld-musl[-\w]*|ld|linux-vdso|linux-gate)(?:-[\d.]+)?\.so)/;

/** The same in programs that hold their libraries themselves. */
const FUNCTIONS = new RegExp(
  [
    '__(?:GI_|libc_|IO_|nptl_|pthread_|chk_fail|fortify_fail|stack_chk|assert|malloc|restore_rt|kernel_|cxa_|gxx_|gnu_cxx|fortify|gthr)',
    '_*(?:abort|raise|gsignal|kill|tgkill|exit|_exit|malloc|free|cfree|realloc|reallocarray|calloc|memalign|aligned_alloc|valloc)(?:@|$)',
    '(?:_int_(?:free|malloc|realloc|memalign)\\w*|malloc_(?:printerr|consolidate)|munmap_chunk|unlink_chunk|sysmalloc|tcache_\\w+)(?:[.@]|$)',
    '_*(?:mem(?:cpy|move|set|cmp|chr|pcpy)|str(?:len|cpy|cat|cmp|chr|str|ncpy|ncat|ncmp|rchr|nlen|dup|casecmp)|wcs\\w+|rawmemchr)(?:_|$)',
    '_*(?:v?f?s?n?printf|puts|fwrite|fread|fgets|qsort|bsearch)(?:_|$)',
    '(?:std|__gnu_cxx|__cxxabiv1|__cxxabi|core|alloc|panic_abort|panic_unwind|hashbrown|rust_begin|rust_panic|rust_oom)(?:::|$|_)',
    '_*(?:rust|rustc|rg)(?:_|::)',
    'operator (?:new|delete)',
    '<(?:&|\\*|\\[|dyn |impl )?(?:std|core|alloc)::',
    '_+(?:asan|tsan|ubsan|sanitizer|interceptor)_',
    '_Unwind_',
  ]
    .map((part) => `^${part}`)
    .join('|'),
);

/** Where what a compiler brings with it is inlined from. */
const HEADERS = /^\/(?:usr\/(?:include|lib\/(?:gcc|llvm|clang)|local\/include)|rustc)\//;

/** Whether a frame belongs to the C, C++ or Rust runtime: it only met what somebody else has caused. */
export function isRuntime(frame: Frame, modules: readonly ModuleInfo[]): boolean {
  const { symbol } = frame;
  const module = symbol?.module ?? frame.module?.name;
  if (module === undefined) return true;
  const path = modules.find(({ name }) => name === module)?.path ?? module;
  if (LIBRARIES.test(path.slice(path.lastIndexOf('/') + 1))) return true;
  if (!symbol) return false;
  if (frame.inlined && frame.source && HEADERS.test(frame.source.file)) return true;
  return FUNCTIONS.test(plainName(symbol));
}

/** The frame to blame: the first that is nobody's but the program's own; null: nothing is known of any. */
export function culpritOf(frames: readonly Frame[], modules: readonly ModuleInfo[]): Frame | null {
  const own = frames.find((frame) => !isRuntime(frame, modules));
  return own ?? frames.find(({ symbol, module }) => symbol !== null || module) ?? null;
}

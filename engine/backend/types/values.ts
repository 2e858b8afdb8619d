import type { SymbolHit } from './modules.ts';

/** A symbol found by pattern. */
export interface SymbolInfo {
  readonly module: string;
  readonly name: string;
  readonly address: bigint;
  readonly kind: 'function' | 'data' | 'unknown';
  /** In bytes, 0 where not known. */
  readonly size: bigint;
  /** For functions the signature's argument types, for data its type; null without debug information. */
  readonly type: TypeInfo | null;
}

export type TypeKind =
  | 'int'
  | 'char'
  | 'bool'
  | 'float'
  | 'enum'
  | 'pointer'
  | 'reference'
  | 'struct'
  | 'union'
  | 'class'
  | 'array'
  | 'function'
  | 'void'
  | 'other';

/** A type, one level deep: fields' and targets' own fields are left out (`fields` undefined). */
export interface TypeInfo {
  readonly kind: TypeKind;
  /** As in the source: `struct node *`, `unsigned int`. */
  readonly name: string;
  /** With typedefs resolved; same as name where there are none. */
  readonly canonicalName: string;
  /** In bytes. */
  readonly size: number;
  readonly signed?: boolean;
  /** Of pointer, reference, array; return type of a function. */
  readonly target?: TypeInfo;
  /** Elements of an array. */
  readonly count?: number;
  readonly fields?: readonly FieldInfo[];
  /** Enumerators. */
  readonly enumerators?: readonly { readonly name: string; readonly value: bigint }[];
  /** Of a function. */
  readonly parameters?: readonly TypeInfo[];
}

export interface FieldInfo {
  readonly name: string;
  /** In bytes from the start of the type. */
  readonly offset: number;
  /** For bit-fields: first bit within the storage at `offset`, and width. */
  readonly bitPosition?: number;
  readonly bitSize?: number;
  readonly isBase?: boolean;
  readonly isStatic?: boolean;
  /** A virtual base of a type: where it lies is known of objects only. */
  readonly isVirtual?: boolean;
  readonly type: TypeInfo;
}

/** A type by name, without `struct` or its like, and the module that has it. */
export interface TypeName {
  readonly module: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** A value with its type, as deep as was asked for. */
export interface TypedValue {
  readonly type: TypeInfo;
  /** Null when it lives in a register or nowhere. */
  readonly address: bigint | null;
  /** Register it lives in: `rbx`. */
  readonly register?: string;
  /** int, char, bool, enum, pointer, reference: the value, sign-extended where the type is signed. */
  readonly integer?: bigint;
  /** float: as GDB prints it. */
  readonly float?: string;
  /** enum: the enumerator's name. */
  readonly enumerator?: string;
  /** Pointer to characters: the string, as far as read (at most 128); array of characters likewise. */
  readonly string?: string;
  /** Pointer: symbol it points to, where one fits. */
  readonly symbol?: SymbolHit;
  readonly members?: readonly { readonly field: FieldInfo; readonly value: TypedValue }[];
  readonly elements?: readonly TypedValue[];
  /** Of an expression that is a pointer to an object: that object and its members. */
  readonly pointee?: TypedValue;
  /** Of a type that knows how to print itself, such as a container: in one line. */
  readonly text?: string;
  /** Why there is none: `<optimized out>`, `Cannot access memory at address 0x8`. */
  readonly unavailable?: string;
}

export interface Variable {
  readonly name: string;
  readonly isParameter: boolean;
  readonly value: TypedValue;
}

/** What of a tree of values is open, by the names of its nodes; `*`: all that are not named. */
export interface OpenNodes {
  readonly [name: string]: OpenNodes;
}

/** How trees of values are read, where not as windows show them. */
export interface TreeReading {
  /** Members as they are, whatever the types know of printing themselves. */
  readonly raw?: boolean;
  /** Long lists are cut after a hundred, with a node `[...]` without value behind; of the outermost list so many are left out. */
  readonly skip?: number;
}

/** A value in a tree that is read as far as it is open. */
export interface TreeNode {
  /** Unique among its siblings. */
  readonly name: string;
  /** Null: a part of a long array (`[256..511]`), or there is none (`error`). */
  readonly value: TypedValue | null;
  /** Of a type that knows how to print itself, such as a container. */
  readonly text?: string;
  /** Of a member: where it lies in the object. */
  readonly place?: Pick<FieldInfo, 'offset' | 'bitPosition' | 'bitSize'>;
  /** C or C++, for this frame; left out where there is none. */
  readonly expression?: string;
  readonly isParameter: boolean;
  readonly expandable: boolean;
  /** Of an open one. */
  readonly children?: readonly TreeNode[];
  readonly error?: string;
}

/** A variable of code that need not be running: its value is never there. */
export interface PlacedVariable extends Variable {
  /** `@rdi`, `cfa-0x1c`, an address, `<computed>`, `<unavailable>`. */
  readonly place: string;
}

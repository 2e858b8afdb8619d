import type { FieldInfo, TypedValue, TypeInfo } from '../../backend/types.ts';
import { fieldStart, fieldType, fieldValue, typeName } from '../../format/types.ts';

/** Names of fields that are wanted; none: all. `prefix`: the name ends in `*`. */
export interface FieldFilter {
  readonly name: string;
  readonly prefix: boolean;
}

function isWanted(field: FieldInfo, filters: readonly FieldFilter[]): boolean {
  return (
    filters.length === 0 ||
    filters.some(({ name, prefix }) => (prefix ? field.name.startsWith(name) : field.name === name))
  );
}

/** The layout of a type. */
export function typeLines(type: TypeInfo, filters: readonly FieldFilter[], pointerSize: 4 | 8): string[] {
  if (type.kind === 'enum') {
    return (type.enumerators ?? []).map(({ name, value }) => `   ${name} = 0n${value}`);
  }
  if (!type.fields) return [typeName(type, pointerSize)];
  return type.fields
    .filter((field) => isWanted(field, filters))
    .map((field) => `${fieldStart(field, 0)}${fieldType(field, pointerSize)}`);
}

/** The fields of an object; embedded ones with their own where they were read. */
export function valueLines(
  value: TypedValue,
  filters: readonly FieldFilter[],
  pointerSize: 4 | 8,
  level = 0,
): string[] {
  if (!value.members) return [`${fieldValue(value, null, pointerSize)}`];
  const lines: string[] = [];
  for (const { field, value: member } of value.members) {
    if (level === 0 && !isWanted(field, filters)) continue;
    lines.push(`${fieldStart(field, level)}${fieldValue(member, field, pointerSize)}`);
    if (member.members) lines.push(...valueLines(member, [], pointerSize, level + 1));
  }
  return lines;
}

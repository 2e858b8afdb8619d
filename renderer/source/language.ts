import { cpp } from '@codemirror/lang-cpp';
import { go } from '@codemirror/lang-go';
import { rust } from '@codemirror/lang-rust';
import { HighlightStyle, type LanguageSupport, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import { assemblyLanguage } from './assembly.ts';
import { zigLanguage } from './zig.ts';

const languages: readonly (readonly [RegExp, () => LanguageSupport])[] = [
  [/\.(?:c|h|cc|cpp|cxx|c\+\+|hh|hpp|hxx|inl|ipp|tcc|cu)$|\/include\/c\+\+\//i, cpp],
  [/\.rs$/i, rust],
  [/\.go$/i, go],
  [/\.zig$/i, zigLanguage],
  [/\.(?:s|asm|sx)$/i, assemblyLanguage],
];

/** Of a file by its name; of others nothing is known. */
export function languageOf(file: string): Extension {
  return languages.find(([pattern]) => pattern.test(file))?.[1]() ?? [];
}

const { comment, keyword, string, number, typeName, variableName, meta, bool, operatorKeyword } = tags;

/** The page's own colours. */
export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: comment, color: 'var(--code-comment)', fontStyle: 'italic' },
    { tag: [keyword, operatorKeyword, tags.modifier, tags.controlKeyword], color: 'var(--code-keyword)' },
    { tag: [string, tags.character, tags.special(string)], color: 'var(--code-string)' },
    { tag: [number, bool, tags.null], color: 'var(--code-number)' },
    { tag: [typeName, tags.className, tags.namespace, tags.standard(typeName)], color: 'var(--code-type)' },
    { tag: [tags.function(variableName), tags.function(tags.propertyName)], color: 'var(--code-function)' },
    { tag: tags.labelName, color: 'var(--code-function)' },
    { tag: tags.special(variableName), color: 'var(--code-type)' },
    { tag: [meta, tags.processingInstruction, tags.macroName], color: 'var(--code-meta)' },
  ]),
);

import type { CommandEntry } from '../entry.ts';
import { displayModel, displayTypeModel } from '../types/model.ts';

const common = { family: 'Symbols and types', needs: 'any' } as const;

export const modelCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'dx',
    changes: 'by assignment',
    syntax: [
      'dx [-g] [-n] [-rN] [-c N] Expression[,Specifier]',
      'dx [-g] [-rN] [-c N] {Debugger|@$cursession|@$curprocess|@$curthread|@$curstack|@$curframe}[.Member …]',
    ],
    summary: 'Shows an object of a C++ expression, with its members or elements.',
    help:
      'Containers of C++ and Rust show their elements; -n, or `,!` behind the expression, what they are made of. -rN goes N levels deep (0: the object alone), -c N leaves N children out, -g makes a table with ' +
      'a row for each child. Specifiers: x d o b the base of numbers, c characters, en names of enumerators only, s texts, sb texts without quotes, a number or `[Expression]` how many ' +
      'elements a pointer leads to. What begins with Debugger, @$cursession, @$curprocess, @$curthread, @$curstack or @$curframe is of the debugger: processes, threads, stacks, frames, variables, modules, with ' +
      'LINQ’s methods (Where, Select, OrderBy, First, Count, Take …), lambdas (m => m.Size > 1000) and new { Name = … }.',
    example: 'dx -r2 *g_head',
    differences:
      'Of the object model there are Debugger.Sessions, @$cursession, @$curprocess, @$curthread, @$curstack and @$curframe; no variables of one’s own, no settings, no scripts. Containers are shown by GDB’s pretty printers, not by NatVis.',
    run: async (context, args) => {
      await displayModel(context, args);
      return undefined;
    },
  },
  {
    ...common,
    name: 'dtx',
    syntax: ['dtx [-a] [-rN] [Module!]Type Address'],
    summary: 'Shows an object of a type at an address as dx does.',
    help: 'What dt shows, in the layout of dx. -rN goes N levels deep.',
    example: 'dtx node @@(g_head)',
    run: async (context, args) => {
      await displayTypeModel(context, args);
      return undefined;
    },
  },
];

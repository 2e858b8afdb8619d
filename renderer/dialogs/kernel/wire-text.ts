/** The fields of the Kernel Debugging dialog, as they are typed. */
export interface WireFields {
  readonly server: string;
  readonly port: string;
  readonly device: string;
  readonly baud: string;
  readonly path: string;
  readonly reconnect: boolean;
  readonly kdServer: string;
  readonly trans: string;
  readonly text: string;
}

export const noFields: WireFields = {
  server: '',
  port: '1234',
  device: '',
  baud: '115200',
  path: '',
  reconnect: true,
  kdServer: '',
  trans: '',
  text: '',
};

export type WireTab = 'stub' | 'com' | 'pipe' | 'kdsrv' | 'text';

/** Text of a field and where it stands in the whole. */
interface Place {
  readonly field: keyof WireFields;
  readonly from: number;
  readonly to: number;
}

export interface WireText {
  readonly text: string;
  readonly places: readonly Place[];
}

type Part = string | { readonly field: keyof WireFields; readonly text: string };

/** What stands after `-k`, made of the fields of a tab. What is left empty is left out. */
export function wireText(tab: WireTab, fields: WireFields): WireText {
  const value = (field: keyof WireFields): Part => ({ field, text: String(fields[field]).trim() });
  const words = (...all: (readonly Part[] | null)[]): Part[] =>
    all.filter((each) => each !== null).flatMap((each, i) => (i === 0 ? each : [',', ...each]));
  const given = (name: string, field: keyof WireFields) =>
    String(fields[field]).trim() === '' ? null : [`${name}=`, value(field)];
  switch (tab) {
    case 'stub':
      return joined(['gdb:', ...words(given('server', 'server'), given('port', 'port'))]);
    case 'com':
      return joined(['com:', ...words(given('port', 'device'), given('baud', 'baud'))]);
    case 'pipe':
      return joined([
        'com:',
        ...words(['pipe'], given('port', 'path'), fields.reconnect ? ['resets=0,reconnect'] : null),
      ]);
    case 'kdsrv':
      return joined(['kdsrv:server=@{', value('kdServer'), '},trans=@{', value('trans'), '}']);
    case 'text':
      return joined([value('text')]);
  }
}

function joined(parts: readonly Part[]): WireText {
  let text = '';
  const places: Place[] = [];
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      places.push({ field: part.field, from: text.length, to: text.length + part.text.length });
      text += part.text;
    }
  }
  return { text, places };
}

/** The field that a place of the whole is in; null: between them. */
export function fieldAt({ places }: WireText, offset: number): keyof WireFields | null {
  return places.find(({ from, to }) => offset >= from && offset <= to)?.field ?? null;
}

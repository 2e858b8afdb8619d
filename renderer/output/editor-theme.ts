import { EditorView } from '@codemirror/view';

const line = (kind: string) => `.line-${kind}`;

/** The page's variables reach into the shadow root; its style sheets do not. */
export const editorTheme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--output-bg)', color: 'var(--output-fg)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--mono-size)',
    lineHeight: '1.45',
    overflow: 'auto',
    scrollbarColor: 'var(--scroll-thumb) transparent',
  },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--output-fg)' },
  '.cm-line': { padding: '0 12px', borderLeft: '3px solid transparent' },
  '&.cm-focused .cm-cursor': { borderLeftColor: 'var(--output-fg)' },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'var(--selection)',
  },
  '& ::selection': { backgroundColor: 'var(--selection)' },
  '.cm-specialChar': { color: 'var(--kind-error)' },
  [line('error')]: { color: 'var(--kind-error)' },
  [line('warning')]: { color: 'var(--kind-warning)' },
  [line('verbose')]: { color: 'var(--kind-verbose)' },
  [line('prompt-registers')]: { color: 'var(--kind-registers)' },
  [line('debuggee')]: {
    color: 'var(--kind-debuggee)',
    backgroundColor: 'var(--kind-debuggee-bg)',
    borderLeftColor: 'var(--kind-debuggee-edge)',
  },
  [line('debuggee-input')]: {
    color: 'var(--kind-debuggee)',
    fontStyle: 'italic',
    backgroundColor: 'var(--kind-debuggee-bg)',
    borderLeftColor: 'var(--kind-debuggee-edge)',
  },
  [line('session')]: { color: 'var(--kind-session)' },
  [line('command')]: { color: 'var(--kind-command)', fontWeight: '600' },
  [line('command-other')]: { color: 'var(--kind-other)', fontWeight: '600' },
  [line('message')]: {
    color: 'var(--fg)',
    backgroundColor: 'var(--accent-soft)',
    borderLeftColor: 'var(--accent)',
    fontFamily: 'var(--sans)',
  },
  [line('dropped')]: { color: 'var(--kind-warning)', fontStyle: 'italic' },
  '.dml-link': { color: 'var(--accent)', textDecoration: 'underline', cursor: 'pointer' },
  '.dml-foreign': { textDecorationStyle: 'dashed' },
  '.who': { color: 'var(--kind-who)', fontWeight: '400' },
  '.match.match-current': { backgroundColor: 'var(--accent)', color: 'var(--accent-fg)' },
  '.match': { backgroundColor: 'var(--match)', color: 'var(--match-fg)', borderRadius: '2px' },
});

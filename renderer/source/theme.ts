import { EditorView } from '@codemirror/view';

/** The page's variables reach into the shadow root. */
export const sourceTheme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--output-bg)', color: 'var(--output-fg)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    fontSize: 'var(--mono-size)',
    lineHeight: '1.45',
    scrollbarColor: 'var(--scroll-thumb) transparent',
  },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--output-fg)' },
  '&.cm-focused .cm-cursor': { borderLeftColor: 'var(--output-fg)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface-2)',
    color: 'var(--muted)',
    borderRight: '1px solid var(--border)',
  },
  '.points': { width: '18px', cursor: 'pointer' },
  '.points .cm-gutterElement': { display: 'flex', alignItems: 'center', justifyContent: 'center' },
  '.points .cm-gutterElement:hover': { backgroundColor: 'var(--hover)' },
  '.point': {
    width: '11px',
    height: '11px',
    border: '2px solid var(--stop)',
    borderRadius: '50%',
    backgroundColor: 'var(--stop)',
  },
  '.point.off': { backgroundColor: 'transparent' },
  '.here': { backgroundColor: 'var(--here)', boxShadow: 'inset 3px 0 0 var(--here-edge)' },
  '.here-thread': { boxShadow: 'inset 3px 0 0 var(--step)' },
  '.thread-label': {
    marginLeft: '24px',
    padding: '0 7px',
    border: '1px solid var(--border-strong)',
    borderRadius: '8px',
    color: 'var(--step)',
    fontFamily: 'var(--sans)',
    fontSize: '11px',
    userSelect: 'none',
  },
  '.here-caller': { backgroundColor: 'var(--here-caller)', boxShadow: 'inset 3px 0 0 var(--go)' },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'var(--selection)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--match)', color: 'var(--match-fg)' },
  '.cm-panels': { backgroundColor: 'var(--surface-2)', color: 'var(--fg)' },
  '.cm-panels input, .cm-panels button': {
    border: '1px solid var(--border-strong)',
    borderRadius: '4px',
    background: 'var(--surface)',
    color: 'var(--fg)',
    font: '12px var(--sans)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--border-strong)',
    borderRadius: '4px',
    backgroundColor: 'var(--surface)',
    color: 'var(--fg)',
    boxShadow: 'var(--shadow)',
  },
  '.hover-value': { padding: '3px 8px', fontFamily: 'var(--mono)', fontSize: '12.5px', maxWidth: '60ch' },
});

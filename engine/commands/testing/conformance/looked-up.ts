/** Layouts that WinDbg's documentation leaves open, and what looking again brought. */
export const lookedUp: readonly { readonly what: string; readonly found: string }[] = [];

const texts = new WeakMap<ShadowRoot, string>();

/** Of an editor that styles itself by adopted style sheets. */
export function rememberStyles(root: ShadowRoot): void {
  const rules = root.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
  if (rules.length > 0) texts.set(root, rules.join('\n'));
}

/** A document has style sheets of its own making only: what is moved into another one has lost them. */
export function restyle(host: Element): void {
  const root = host.shadowRoot;
  const view = host.ownerDocument.defaultView as (Window & typeof globalThis) | null;
  if (!root || !view) return;
  if (root.adoptedStyleSheets.length > 0) {
    rememberStyles(root);
    return;
  }
  const text = texts.get(root);
  if (text === undefined) return;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(text);
  root.adoptedStyleSheets = [sheet];
}

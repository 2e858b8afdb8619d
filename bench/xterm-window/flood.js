// Writes the lines from within the page, each piece when the one before has been taken: nothing is left to be
// waited for but xterm.js itself.
const COUNT = Number(new URLSearchParams(location.search).get('lines'));
const LINES_AT_ONCE = 1000;

const terminal = new globalThis.Terminal({ cols: 120, rows: 40, scrollback: COUNT + 100, convertEol: true });
terminal.open(document.getElementById('terminal'));

let written = 0;
let begun = 0;

function more() {
  if (written >= COUNT) {
    terminal.write(`flood of ${COUNT} lines, begun at ${begun}\n`, () => {
      document.body.dataset.text = `begun at ${begun}`;
    });
    return;
  }
  let piece = '';
  for (const end = Math.min(written + LINES_AT_ONCE, COUNT); written < end; written++)
    piece += `line ${written} of a flood, as long as the lines that programs print mostly are\n`;
  terminal.write(piece, more);
}

setTimeout(() => {
  begun = Date.now();
  more();
}, 1000);

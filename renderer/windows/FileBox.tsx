import { type ReactNode, useEffect, useId, useState } from 'react';
import type { ViewResults } from '../../engine/protocol/views.ts';
import { ask } from '../session/live.ts';

const MOST_OFFERED = 200;
/** Typing pauses this long before files are looked for, ms: in a large program that takes a while. */
const PAUSE_MS = 250;

async function sourceFiles(filter: string): Promise<readonly string[]> {
  const { answers } = await ask('session/views', {
    queries: [{ view: 'sources', filter, limit: MOST_OFFERED }],
  });
  const [answer] = answers;
  return answer?.ok ? (answer.value as ViewResults['sources']).files : [];
}

interface Props {
  /** That is shown. */
  readonly file: string;
  onOpen(file: string): void;
}

/** Names the file that is shown, and opens another one of the program's sources. */
export function FileBox({ file, onOpen }: Props): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [offered, setOffered] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState(false);
  useEffect(() => {
    if (typed === null || typed.trim() === '') return;
    const timer = setTimeout(() => {
      sourceFiles(typed.trim()).then(setOffered, () => setOffered([]));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const open = async (text: string) => {
    const found = await sourceFiles(text).catch(() => []);
    const chosen = found.find((each) => each === text || each.endsWith(`/${text}`)) ?? found[0];
    setProblem(chosen === undefined);
    if (chosen === undefined) return;
    setTyped(null);
    onOpen(chosen);
  };
  return (
    <>
      <input
        type="text"
        className="file-box"
        aria-label="Source file"
        aria-invalid={problem}
        title={`${file}\nType a part of another file's path: ENTER opens it`}
        placeholder="A source file of the program"
        list={`${id}-files`}
        value={typed ?? file}
        spellCheck={false}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setProblem(false);
          setTyped(event.target.value);
        }}
        onBlur={() => {
          setTyped(null);
          setProblem(false);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== null && typed.trim() !== '') void open(typed.trim());
          else if (event.key === 'Escape') {
            setTyped(null);
            setProblem(false);
          }
        }}
      />
      <datalist id={`${id}-files`}>
        {offered.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      {problem && (
        <span className="tool-error" role="alert">
          No source file of the program has that in its path.
        </span>
      )}
    </>
  );
}

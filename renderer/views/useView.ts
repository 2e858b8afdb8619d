import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { QueryOf, ViewName, ViewResults } from '../../engine/protocol/views.ts';
import { nothingShown, type Shown, type Wanted } from './feed.ts';
import { viewFeed } from './live.ts';

/** Whether the window that a component is part of is on screen. */
export const OnScreen = createContext(true);

/**
 * What a query comes to, kept up to date while the window is on screen.
 * @param query null: nothing is wanted now
 */
export function useView<N extends ViewName>(query: QueryOf<N> | null): Shown<ViewResults[N]> {
  const onScreen = useContext(OnScreen);
  const [shown, setShown] = useState<Shown<ViewResults[N]>>(nothingShown);
  const wanted = useRef<Wanted<N> | null>(null);
  const json = query === null ? '' : JSON.stringify(query);
  useEffect(() => {
    wanted.current ??= viewFeed.want<N>(setShown);
    if (onScreen && json !== '') wanted.current.ask(JSON.parse(json) as QueryOf<N>);
    else wanted.current.end();
  }, [onScreen, json]);
  useEffect(() => () => wanted.current?.end(), []);
  return shown;
}

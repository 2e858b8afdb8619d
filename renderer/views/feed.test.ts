import { expect, test } from 'vitest';
import type { ViewQuery, ViewsResult } from '../../engine/protocol/views.ts';
import { type Shown, ViewFeed } from './feed.ts';

/** A session whose answers are told by the test. */
class Session {
  ready = true;
  readonly asked: { readonly queries: readonly ViewQuery[]; answer(result: Partial<ViewsResult>): void }[] =
    [];
  #later: (() => void)[] = [];
  readonly feed = new ViewFeed({
    ready: () => this.ready,
    request: (queries) =>
      new Promise((resolve) => {
        this.asked.push({
          queries,
          answer: (result) =>
            resolve({
              status: 'answered',
              run: 1,
              context: '0.0.0',
              answers: queries.map((query) => ({ ok: true, value: { of: query.view } as never })),
              ...result,
            }),
        });
      }),
    soon: (callback) => this.#later.push(callback),
  });

  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      for (const callback of this.#later.splice(0)) callback();
      await Promise.resolve();
    }
  }

  async answer(result: Partial<ViewsResult> = {}): Promise<void> {
    this.asked.at(-1)?.answer(result);
    await this.settle();
  }
}

const value = (modules: unknown): Partial<ViewsResult> => ({
  answers: [{ ok: true, value: { modules } as never }],
});

test('ten windows out of date are one request, and while it is under way there is no other', async () => {
  const session = new Session();
  const windows = Array.from({ length: 10 }, (_, at) => {
    const wanted = session.feed.want<'memory'>(() => {});
    wanted.ask({ view: 'memory', at: String(at), offset: '0', length: 16 });
    return wanted;
  });
  await session.settle();
  expect(session.asked.map(({ queries }) => queries.length)).toEqual([10]);
  session.feed.outOfDate();
  session.feed.outOfDate();
  await session.settle();
  expect(session.asked).toHaveLength(1);
  await session.answer();
  expect(session.asked.map(({ queries }) => queries.length)).toEqual([10, 10]);
  await session.answer();
  expect(session.asked).toHaveLength(2);
  for (const each of windows.slice(1)) each.end();
  session.feed.outOfDate();
  await session.settle();
  expect(session.asked.at(-1)?.queries).toHaveLength(1);
});

test('what is stale is asked for again when something happens, and nothing is asked of a target that runs', async () => {
  const session = new Session();
  session.feed.want<'modules'>(() => {}).ask({ view: 'modules' });
  await session.settle();
  await session.answer({ status: 'stale', answers: [] });
  expect(session.asked).toHaveLength(1);
  session.ready = false;
  session.feed.outOfDate();
  await session.settle();
  expect(session.asked).toHaveLength(1);
  session.ready = true;
  session.feed.outOfDate();
  await session.settle();
  expect(session.asked).toHaveLength(2);
});

test('an answer to what has changed meanwhile does not count', async () => {
  const session = new Session();
  const shown: unknown[] = [];
  const wanted = session.feed.want<'memory'>((now) => shown.push(now.value));
  wanted.ask({ view: 'memory', at: '1', offset: '0', length: 16 });
  await session.settle();
  wanted.ask({ view: 'memory', at: '2', offset: '0', length: 16 });
  await session.answer();
  expect(shown).toEqual([]);
  expect(session.asked.at(-1)?.queries).toMatchObject([{ at: '2' }]);
});

test('what was before the target ran stays until it runs again, and counts for the same frame alone', async () => {
  const session = new Session();
  let now: Shown<unknown> | null = null;
  session.feed
    .want<'modules'>((shown) => {
      now = shown;
    })
    .ask({ view: 'modules' });
  await session.settle();
  await session.answer({ run: 1, ...value('a') });
  const next = async (result: Partial<ViewsResult>) => {
    session.feed.outOfDate();
    await session.settle();
    await session.answer(result);
    return now;
  };
  expect(await next({ run: 2, ...value('b') })).toMatchObject({ before: { modules: 'a' } });
  expect(await next({ run: 2, ...value('c') })).toMatchObject({ before: { modules: 'a' } });
  expect(await next({ run: 3, ...value('d') })).toMatchObject({ before: { modules: 'c' } });
  expect(await next({ run: 4, context: '0.1.0', ...value('e') })).toMatchObject({ before: null });
});

import { describe, expect, it } from 'vitest';
import { Answers } from './answers.ts';

describe('answers', () => {
  const made = () => {
    const state = { changes: 0, asked: 0 };
    const answers = new Answers(() => state.changes);
    const ask = (question: string, answer = question, fails = false) =>
      answers.get(question, async () => {
        state.asked += 1;
        if (fails) throw new Error('no answer');
        return answer;
      });
    return { state, ask };
  };

  it('are asked for once, and again when something has changed', async () => {
    const { state, ask } = made();
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a', 'a', 'b']);
    expect(state.asked).toBe(2);
    state.changes += 1;
    await ask('a', 'other');
    expect(await ask('a')).toBe('other');
    expect(state.asked).toBe(3);
  });

  it('that failed, and long ones, are not kept', async () => {
    const { state, ask } = made();
    await expect(ask('a', '', true)).rejects.toThrow('no answer');
    expect(await ask('a')).toBe('a');
    await ask('long', 'x'.repeat(300_000));
    await ask('long', 'x'.repeat(300_000));
    expect(state.asked).toBe(4);
  });

  it('do not grow for ever', async () => {
    const { state, ask } = made();
    for (let at = 0; at < 50; at++) await ask(`a${at}`, 'x'.repeat(200_000));
    await ask('a0');
    expect(state.asked).toBe(51);
  });
});

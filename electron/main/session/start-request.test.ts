import { describe, expect, it } from 'vitest';
import { defaultStart, takeStartRequest } from './start-request.ts';

const request = {
  remote: null,
  server: null,
  target: null,
  start: defaultStart,
  historyCommands: null,
  resumeWindow: null,
};

describe('takeStartRequest', () => {
  it('takes request and password out of the environment', () => {
    const env = { HAWSER_ARGV: JSON.stringify(request), HAWSER_PASSWORD: 'fathom', PATH: '/bin' };
    expect(takeStartRequest(env)).toEqual({
      ...request,
      premote: null,
      kernel: null,
      image: null,
      secure: false,
      processName: null,
      implicit: false,
      password: 'fathom',
    });
    expect(env).toEqual({ PATH: '/bin' });
  });

  it('takes what belongs to process servers, where it is said', () => {
    const stub = { premote: 'tcp:server=birch,port=1', processName: 'wheel', implicit: false };
    const env = { HAWSER_ARGV: JSON.stringify({ ...request, ...stub }) };
    expect(takeStartRequest(env)).toMatchObject(stub);
  });

  it('takes the password out even when there is nothing else', () => {
    const env = { HAWSER_PASSWORD: 'fathom' };
    expect(takeStartRequest(env)).toBeNull();
    expect(env).toEqual({});
  });

  it.each(['{', '{}', JSON.stringify({ ...request, more: 1 })])('refuses %s', (text) => {
    expect(() => takeStartRequest({ HAWSER_ARGV: text })).toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redact', () => {
  it.each([
    ['tcp:port=1,password=fathom,hidden', 'tcp:port=1,password=*,hidden'],
    ['tcp:Port=1,Password = fathom', 'tcp:Port=1,Password = *'],
    ['PASSWORD="a, b" and more', 'PASSWORD=* and more'],
    ['password="open to the end', 'password=*'],
    ['password="a ""quote"" in it",port=1', 'password=*,port=1'],
    ['two: password=a password=b', 'two: password=* password=*'],
    ['nothing secret', 'nothing secret'],
  ])('%s', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });
});

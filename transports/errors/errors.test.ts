import { describe, expect, it } from 'vitest';
import {
  connectionErrorCodes,
  connectionErrors,
  HawserError,
  isConnectionErrorCode,
  toHawserError,
} from './index.ts';

const place = { offset: 4, length: 5, word: 'sever', reason: 'It is no keyword.' };
const all: readonly HawserError[] = [
  connectionErrors.cancelled(),
  connectionErrors.hostNotFound('lnx7'),
  connectionErrors.refused('::1', 5005),
  connectionErrors.timedOut('lnx7', 5005, 15_000),
  connectionErrors.noRoute('lnx7', 5005),
  connectionErrors.connectFailed('lnx7:5005', 'EMFILE'),
  connectionErrors.notAHawserServer('tcp 192.0.2.5:80', 'HTTP'),
  connectionErrors.notAHawserClient('tcp 192.0.2.5:80', 'silent'),
  connectionErrors.noAnswer('tcp 192.0.2.5:80', 10_000),
  connectionErrors.versionMismatch(1, 2),
  connectionErrors.wrongKind('debugger', 'process'),
  connectionErrors.cliconMismatch('lnx7', 'listens'),
  connectionErrors.passwordNeeded(),
  connectionErrors.wrongPassword(),
  connectionErrors.serverNotProved(),
  connectionErrors.tooManyAttempts(1000),
  connectionErrors.tooManyConnections(50),
  connectionErrors.linkLost('it was reset'),
  connectionErrors.serverEnded(),
  connectionErrors.frameTooLarge(2, 1),
  connectionErrors.protocolViolation('a reserved byte is not zero'),
  connectionErrors.portInUse(5000, 5010),
  connectionErrors.addressNotAvailable('192.0.2.9'),
  connectionErrors.portNotPermitted(80),
  connectionErrors.listenFailed('any address:1', 'EMFILE'),
  connectionErrors.pipeNotFound('p'),
  connectionErrors.pipeInUse('p'),
  connectionErrors.pipeElsewhere('lnx7', 'p'),
  connectionErrors.pipeFolderUnsafe('/run/x', 'it belongs to another user'),
  connectionErrors.certificateNotFound('lab', 'machine', '/etc/x'),
  connectionErrors.certificateWithoutKey('lab', 'it is not in the store'),
  connectionErrors.certificateExpired('lab', '2026-01-31'),
  connectionErrors.certificateNotYetValid('lab', '2026-01-31'),
  connectionErrors.certificateUnusable('lab', 'it is broken'),
  connectionErrors.certificatePassword('lab.p12'),
  connectionErrors.certificateStore('/etc/x', 'it is a file'),
  connectionErrors.certificateMismatch('server', 'AA', 'BB'),
  connectionErrors.certificateMissing('client'),
  connectionErrors.tlsNotSpoken('ssl 192.0.2.5:5005', true),
  connectionErrors.protoMismatch('ssl 192.0.2.5:5005', 'tls1.2', 'tls1.3'),
  connectionErrors.tlsFailed('ssl 192.0.2.5:5005', 'handshake failure'),
  connectionErrors.noDirectory('lnx7', 24700),
  connectionErrors.notADirectory('lnx7', 24700, 'it sent nothing'),
  connectionErrors.directoryOff(),
  connectionErrors.tooManyRequests(),
  connectionErrors.notIntroduced('p'),
  connectionErrors.comPortNotFound('COM2', '/dev/ttyS1'),
  connectionErrors.comPortNotPermitted('COM2', '/dev/ttyS1'),
  connectionErrors.comPortInUse('COM2', '/dev/ttyS1', 77),
  connectionErrors.comPortFailed('COM2', 'it is no serial port'),
  connectionErrors.comBaudDiffers({ port: 'COM2', baud: 9600, channel: 1 }, 115_200, true),
  connectionErrors.comChannelInUse({ port: 'COM2', channel: 1 }),
  connectionErrors.comChannelRefused({ port: 'COM2', baud: 9600, channel: 1 }),
  connectionErrors.comNoAnswer({ port: 'COM2', baud: 9600, channel: 1 }, 15_000, 'garbage'),
  connectionErrors.badConnectionString(place),
  connectionErrors.unsupportedProtocol({ offset: 0, length: 5, word: 'kdsrv' }, ['tcp']),
];

/** Where the message itself says all that can be done. */
const withoutAction = new Set(['CANCELLED', 'NOT_A_HAWSER_CLIENT', 'BAD_CONNECTION_STRING']);

describe('connection errors', () => {
  it('has one factory for each code', () => {
    expect(all.map(({ code }) => code).sort()).toEqual([...connectionErrorCodes].sort());
    expect(Object.keys(connectionErrors)).toHaveLength(connectionErrorCodes.length);
    expect(isConnectionErrorCode('LINK_LOST')).toBe(true);
    expect(isConnectionErrorCode('INTERNAL')).toBe(false);
  });

  it.each(all.map((error) => [error.code, error] as const))(
    '%s is sentences, with what to do next',
    (code, error) => {
      expect(error.message).toMatch(/\.$/);
      if (withoutAction.has(code)) expect(error.action).toBe('');
      else expect(error.action).toMatch(/^\p{Lu}.*[.]$/su);
      expect(error.text).not.toContain('undefined');
    },
  );

  it('crosses a boundary with code and data, and without what steers a terminal', () => {
    for (const error of all) {
      const back = toHawserError(JSON.parse(JSON.stringify(error.toWire())));
      expect(back).toBeInstanceOf(HawserError);
      expect(back.toWire()).toEqual(error.toWire());
    }
    const evil = { code: 'X', message: '\u001b[2J\u0007gone', action: 'a\nb', data: {} };
    expect(HawserError.fromWire(evil).text).toBe('[2Jgone\na\nb');
  });

  it("has the texts that WinDbg's users know", () => {
    expect(connectionErrors.wrongPassword().message).toContain('Error 0x80004005');
    expect(connectionErrors.versionMismatch(3, 4).message).toMatch(
      /^The client is not using same version of remoting protocol as the server.*3.*4/,
    );
    expect(connectionErrors.wrongKind('process', 'debugger').text).toContain(
      'File, Connect to Remote Session',
    );
    expect(connectionErrors.wrongKind('debugger', 'kd').text).toContain('File, Connect to Remote Stub');
    expect(connectionErrors.refused('::1', 5005).message).toContain('[::1]:5005');
  });
});

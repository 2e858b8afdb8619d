import { callerErrors } from '../../hub/server/errors.ts';
import { checkNewPassword } from '../../hub/server/passwords.ts';
import { askPassword, givenPassword } from '../cli/password.ts';

/** From -passwordfile or HAWSER_PASSWORD, else asked for twice. @throws HawserError `BAD_PASSWORD`, `PASSWORD_NEEDED` */
export async function choosePassword(file: string | undefined): Promise<string> {
  const given = await givenPassword(file);
  if (given !== undefined) {
    checkNewPassword(given);
    return given;
  }
  const { signal } = new AbortController();
  process.stderr.write('New ');
  const first = await askPassword(signal);
  checkNewPassword(first);
  process.stderr.write('Once more. ');
  if ((await askPassword(signal)) !== first) throw callerErrors.badPassword('the two are not the same');
  return first;
}

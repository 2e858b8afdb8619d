import { HawserError } from '../../transports/errors/error.ts';
import { fuzz, nearly } from '../../transports/testing/fuzz.ts';
import { parseFragment, parseLink } from './links.ts';

const fragment = `1c${'A'.repeat(91)}`;
const right = [
  `https://hub.example/i/${'t'.repeat(22)}#${fragment}`,
  'https://[::1]:8443/i/',
  fragment,
  `1h${'_'.repeat(91)}`,
  'http://',
  'javascript:',
  '#',
  '<',
  '>\n',
  '%2e%2e/',
  '@',
  'user:pw@',
];

fuzz('invitation-links', nearly(right, 'https:/#1chi.@%[]<> \n\u202e\0é'), (text) => {
  for (const read of [() => parseLink(text), () => parseFragment(text)])
    try {
      read();
    } catch (error) {
      if (!(error instanceof HawserError) || error.code !== 'BAD_INVITATION_LINK') throw error;
    }
});

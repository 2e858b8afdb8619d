import { analysisTranscripts } from './analysis.ts';
import { breakpointsTranscripts } from './breakpoints.ts';
import { buildsTranscripts } from './builds.ts';
import { eventsTranscripts } from './events.ts';
import { executionTranscripts } from './execution.ts';
import { languageTranscripts } from './language.ts';
import { lookingTranscripts } from './looking.ts';
import { rangesTranscripts } from './ranges.ts';
import { rustTranscripts } from './rust.ts';
import { sessionTranscripts } from './session.ts';
import { stacksTranscripts } from './stacks.ts';
import { threadsTranscripts } from './threads.ts';
import type { Transcript } from './transcript.ts';
import { typedTranscripts } from './typed.ts';
import { typesTranscripts } from './types.ts';

export const transcripts: readonly Transcript[] = [
  ...breakpointsTranscripts,
  ...analysisTranscripts,
  ...buildsTranscripts,
  ...lookingTranscripts,
  ...stacksTranscripts,
  ...typesTranscripts,
  ...languageTranscripts,
  ...typedTranscripts,
  ...executionTranscripts,
  ...eventsTranscripts,
  ...threadsTranscripts,
  ...rustTranscripts,
  ...rangesTranscripts,
  ...sessionTranscripts,
];

import { buildStale, staleTargets } from '../build/build.mjs';

/**
 * @param {import('../build/targets.mjs').Kind} kind
 * @returns {import('../lib/steps.mjs').Step}
 */
export function buildStep(kind) {
  return {
    name: 'build',
    ready: () => (staleTargets(kind).length === 0 ? 'up to date' : undefined),
    run: async () => {
      const built = await buildStale(kind);
      return built.length > 0 ? built.join(', ') : undefined;
    },
  };
}

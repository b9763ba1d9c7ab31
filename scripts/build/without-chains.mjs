// @ts-check

/**
 * Takes two chains out of transformers.js. It makes all loads wait for each other on one promise, and all runs on another; after one
 * rejection every later one is rejected with the old error, and a run that waits for its turn would hold up all others. Turns are the
 * worker's matter.
 */
export const withoutChains = {
  name: 'without-chains',
  /** @param {string} code @param {string} id */
  transform(code, id) {
    if (!id.endsWith('/transformers.web.js')) return null;
    const chains = /apis\.IS_WEB_ENV \? (\w+) = \1\.then\((\w+)\) : \2\(\)/g;
    const found = [...code.matchAll(chains)].length;
    if (found !== 2) throw new Error(`${id} has ${found} chains, not two: look at it anew.`);
    return { code: code.replace(chains, '$2()'), map: null };
  },
};

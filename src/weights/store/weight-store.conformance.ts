import { describe } from 'vitest';
import type { TestDatabase } from './test-database.conformance.ts';
import { testFiles } from './weight-store-files.conformance.ts';
import { testLists } from './weight-store-lists.conformance.ts';
import { type RandomRules, testRandomSequences } from './weight-store-random.conformance.ts';
import { testWriters } from './weight-store-writers.conformance.ts';

/**
 * What every driver of a weight store must do. A driver's test calls this and adds its own quirks.
 *
 * @param createDatabase Makes an empty place for stores.
 */
export function testWeightStore(name: string, createDatabase: () => TestDatabase, random?: RandomRules): void {
  describe(`${name} as a weight store`, () => {
    testFiles(createDatabase);
    testWriters(createDatabase);
    testLists(createDatabase);
    testRandomSequences(createDatabase, random);
  });
}

// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatCounts, playwrightCounts, readCounts, sumCounts, vitestCounts } from './summary.mjs';

const directory = mkdtempSync(join(tmpdir(), 'insitu-summary-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** @param {string} content */
function fileWith(content) {
  const file = join(directory, 'report.json');
  writeFileSync(file, content);
  return file;
}

const vitestReport = {
  numPassedTests: 40,
  numFailedTests: 2,
  numPendingTests: 3,
  numTodoTests: 1,
  testResults: [
    { status: 'passed', assertionResults: [{}] },
    { status: 'failed', assertionResults: [{}] },
  ],
};

const playwrightReport = { stats: { expected: 7, unexpected: 0, flaky: 0, skipped: 2 }, errors: [] };

describe('vitestCounts', () => {
  it('counts tests still to be written as skipped', () => {
    expect(vitestCounts(vitestReport)).toEqual({ passed: 40, failed: 2, skipped: 4 });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const report = { ...vitestReport, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(vitestCounts(report).failed).toBe(3);
  });
});

describe('playwrightCounts', () => {
  it('takes the numbers of the report', () => {
    expect(playwrightCounts(playwrightReport)).toEqual({ passed: 7, failed: 0, skipped: 2 });
  });

  it('counts flaky tests and errors outside of tests as failed', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 0 }, errors: [{}, {}] };
    expect(playwrightCounts(report)).toEqual({ passed: 5, failed: 4, skipped: 0 });
  });
});

describe('readCounts', () => {
  it('reads the counts of a suite that passed', () => {
    const file = fileWith(JSON.stringify(playwrightReport));
    expect(readCounts(file, playwrightCounts, 0)).toEqual({ passed: 7, failed: 0, skipped: 2 });
  });

  it('does not add to failures that are named', () => {
    expect(readCounts(fileWith(JSON.stringify(vitestReport)), vitestCounts, 1).failed).toBe(2);
  });

  it('counts an exit code without a failed test as one failure', () => {
    const file = fileWith(JSON.stringify(playwrightReport));
    expect(readCounts(file, playwrightCounts, 1)).toEqual({ passed: 7, failed: 1, skipped: 2 });
  });

  it('counts a suite that ran nothing as one failure', () => {
    const file = fileWith('{"stats":{"expected":0,"unexpected":0,"flaky":0,"skipped":0},"errors":[]}');
    expect(readCounts(file, playwrightCounts, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['cut short', '{"stats": {'],
    ['not a report', '{}'],
    ['without numbers', '{"stats":{},"errors":[]}'],
  ])('counts a report that is %s as one failure', (_, content) => {
    const file = content === undefined ? join(directory, 'nowhere.json') : fileWith(content);
    expect(readCounts(file, playwrightCounts, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('sumCounts', () => {
  it('adds up suites', () => {
    const sum = sumCounts([
      { passed: 1, failed: 2, skipped: 3 },
      { passed: 10, failed: 20, skipped: 30 },
    ]);
    expect(formatCounts(sum)).toBe('11 passed, 22 failed, 33 skipped');
  });

  it('is zero of nothing', () => {
    expect(formatCounts(sumCounts([]))).toBe('0 passed, 0 failed, 0 skipped');
  });
});

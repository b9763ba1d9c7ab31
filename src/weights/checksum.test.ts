import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFileDigest, digestInSlices, loadPartChecksum } from './checksum.ts';
import { patternOf } from './transfer/file-server.conformance.ts';

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('createFileDigest', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('is SHA-256: %j', async (text, expected) => {
    const digest = await createFileDigest();
    digest.update(new TextEncoder().encode(text));
    expect(digest.hex()).toBe(expected);
  });

  it('takes a file in pieces of any size', async () => {
    const bytes = patternOf(100_000);
    const digest = await createFileDigest();
    for (let at = 0, size = 1; at < bytes.length; at += size, size *= 3) digest.update(bytes.subarray(at, at + size));
    expect(digest.hex()).toBe(sha256Of(bytes));
  });

  it('takes several files at once', async () => {
    const files = [patternOf(1000), patternOf(1000, 1)] as const;
    const digests = [await createFileDigest(), await createFileDigest()] as const;
    for (let at = 0; at < 1000; at += 100) {
      for (const index of [0, 1] as const) digests[index].update(files[index].subarray(at, at + 100));
    }
    expect(digests.map((digest) => digest.hex())).toEqual(files.map(sha256Of));
  });
});

describe('digestInSlices', () => {
  const megabyte = 1024 * 1024;

  it.each([0, 1, megabyte, 2 * megabyte + 1])('is SHA-256 of %i bytes', async (size) => {
    const bytes = patternOf(size);
    expect(await digestInSlices(bytes)).toBe(sha256Of(bytes));
  });

  it('lets the thread do other work between the slices', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const other = digestInSlices(patternOf(20 * megabyte));
    await new Promise<void>((resolve) => void setImmediate(resolve));
    let over = false;
    void other.then(() => (over = true));
    while (turns === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    expect(over).toBe(false);
    await other;
    clearInterval(timer);
  });
});

describe('the checksum of a part', () => {
  it('is xxHash64', async () => {
    const checksumOf = await loadPartChecksum();
    expect(checksumOf([])).toBe('ef46db3751d8e999');
    expect(checksumOf([new TextEncoder().encode('abc')])).toBe('44bc2cf5ad770999');
  });

  it('is that of all chunks together', async () => {
    const checksumOf = await loadPartChecksum();
    const bytes = patternOf(1000);
    const whole = checksumOf([bytes]);
    expect(checksumOf([bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1)])).toBe(whole);
    expect(checksumOf([bytes.subarray(1), bytes.subarray(0, 1)])).not.toBe(whole);
  });

  it('is another one for every flipped bit', async () => {
    const checksumOf = await loadPartChecksum();
    const bytes = patternOf(64);
    const seen = new Set([checksumOf([bytes])]);
    for (let bit = 0; bit < 64 * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(checksumOf([flipped]));
    }
    expect(seen.size).toBe(64 * 8 + 1);
  });

  it('is loaded once', () => {
    expect(loadPartChecksum()).toBe(loadPartChecksum());
  });
});

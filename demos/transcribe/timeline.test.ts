import { expect, it } from 'vitest';
import { formatTime, segmentAt, toWebVtt } from './timeline.ts';

it.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [754, '12:34'],
  [3723, '1:02:03'],
])('says %d seconds as %s', (seconds, words) => expect(formatTime(seconds)).toBe(words));

it('writes subtitles', () => {
  expect(
    toWebVtt([
      { text: 'Salt & <pepper>', start: 0, end: 1.5 },
      { text: 'Later', start: 3661.0004, end: 3662.9999 },
    ]),
  ).toBe(`WEBVTT

00:00:00.000 --> 00:00:01.500
Salt &amp; &lt;pepper&gt;

01:01:01.000 --> 01:01:03.000
Later
`);
});

it('finds what is heard at a moment', () => {
  const segments = [
    { text: 'one', start: 1, end: 2 },
    { text: 'two', start: 4, end: 5 },
  ];
  expect([0, 1, 3, 4, 99].map((at) => segmentAt(segments, at))).toEqual([-1, 0, 0, 1, 1]);
});

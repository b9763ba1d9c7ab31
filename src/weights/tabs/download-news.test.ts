import { afterEach, describe, expect, it, vi } from 'vitest';
import { folder } from '../store/test-database.conformance.ts';
import { type DownloadNews, openNewsChannel } from './download-news.ts';

// A channel reaches every test of this process.
const model = `${folder}${crypto.randomUUID()}/`;
const key = { model, path: 'onnx/model.onnx' };
const newsOf = (loaded: number, path = key.path): DownloadNews => ({ model, path, loaded, total: 100 });

afterEach(() => vi.unstubAllGlobals());

describe('a channel for news of downloads', () => {
  it('tells its own tab at once', () => {
    const channel = openNewsChannel();
    const heard: DownloadNews[] = [];
    channel.listen(key, (news) => heard.push(news));
    channel.tell(newsOf(1));
    expect(heard).toEqual([newsOf(1)]);
  });

  it('tells other tabs', async () => {
    const [one, other] = [openNewsChannel(), openNewsChannel()];
    const heard = new Promise<DownloadNews>((resolve) => void other.listen(key, resolve));
    one.tell(newsOf(2));
    expect(await heard).toEqual(newsOf(2));
  });

  it('that is alone tells its own thread only', async () => {
    const [one, other, usual] = [openNewsChannel(true), openNewsChannel(), openNewsChannel()];
    const [own, far]: [number[], number[]] = [[], []];
    one.listen(key, ({ loaded }) => own.push(loaded));
    other.listen(key, ({ loaded }) => far.push(loaded));
    one.tell(newsOf(4));
    usual.tell(newsOf(5));
    await vi.waitFor(() => expect(far).toEqual([5]));
    expect(own).toEqual([4]);
  });

  it('tells of the file that is listened for, and of no other', () => {
    const channel = openNewsChannel();
    const heard: DownloadNews[] = [];
    channel.listen(key, (news) => heard.push(news));
    channel.tell(newsOf(1, 'config.json'));
    channel.tell({ ...newsOf(2), model: folder });
    channel.tell(newsOf(3));
    expect(heard).toEqual([newsOf(3)]);
  });

  it('tells everybody who listens, until they do no more', () => {
    const channel = openNewsChannel();
    const heard: string[] = [];
    const unlisten = channel.listen(key, ({ loaded }) => heard.push(`one ${loaded}`));
    channel.listen(key, ({ loaded }) => heard.push(`two ${loaded}`));
    channel.tell(newsOf(1));
    unlisten();
    unlisten();
    channel.tell(newsOf(2));
    expect(heard).toEqual(['one 1', 'two 1', 'two 2']);
  });

  it.each([
    ['is none', undefined],
    [
      'may be none, as in an opaque origin',
      class {
        constructor() {
          throw new DOMException('denied', 'SecurityError');
        }
      },
    ],
  ])('tells its own tab also where there %s', (_, constructor) => {
    vi.stubGlobal('BroadcastChannel', constructor);
    const channel = openNewsChannel();
    const hear = vi.fn();
    channel.listen(key, hear);
    channel.tell(newsOf(1));
    expect(hear).toHaveBeenCalledExactlyOnceWith(newsOf(1));
  });
});

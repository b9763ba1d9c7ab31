// A file of its own, loaded with the first isolated model: see `IsolationPart`.
export { bringFiles } from './bring-files.ts';
export { openFrame } from './open-frame.ts';

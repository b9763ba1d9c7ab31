/** As in `runtime/ort-assets.ts`, which is worker code; the build compares both with the file. */
export const ortWasmIntegrity = 'sha256-BroFd1PaOEfkwk8C2RqxM0VbCBfGmkSZOppTohRt+eM=';

/** A recording that goes on. */
export interface Recording {
  /** Loudness now, 0..1. */
  level(): number;
  /** Ends it and gives what was recorded. */
  finish(): Promise<Blob>;
  /** Ends it and forgets it. */
  discard(): void;
}

/**
 * Records from the microphone, after the visitor has allowed it.
 *
 * @throws DOMException `NotAllowedError`, `NotFoundError`
 */
export async function startRecording(): Promise<Recording> {
  // Pages that are not served securely have no `mediaDevices`.
  if (!('mediaDevices' in navigator)) throw new Error('This page is not served over HTTPS, so it may not record.');
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  const recorder = new MediaRecorder(stream);
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
  const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
  recorder.start();

  const end = async (): Promise<void> => {
    if (recorder.state !== 'inactive') recorder.stop();
    await stopped;
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  };

  return {
    level() {
      analyser.getFloatTimeDomainData(wave);
      return wave.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    },
    async finish() {
      await end();
      return new Blob(chunks, { type: recorder.mimeType });
    },
    discard: () => void end(),
  };
}

/** Why there is no recording, in words. */
export function describeRefusal(thrown: unknown): { code: string; message: string; hint: string } {
  const name = thrown instanceof DOMException ? thrown.name : '';
  if (name === 'NotAllowedError') {
    return {
      code: 'MICROPHONE',
      message: 'The browser does not let this page use the microphone.',
      hint: 'Allow it in the site settings beside the address, or open a file instead.',
    };
  }
  return {
    code: 'MICROPHONE',
    message:
      name === 'NotFoundError' ? 'No microphone was found.' : String(thrown instanceof Error ? thrown.message : thrown),
    hint: 'Connect one, or open a file instead.',
  };
}

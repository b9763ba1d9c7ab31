/** What a load spends its time with. */
export type LoadPhase = 'files' | 'runtime' | 'session';

/**
 * Puts a phase of a load on the worker's performance timeline, as `insitu:load:<phase>`, for tools that show it.
 *
 * @param start By `performance.now()`.
 */
export function measurePhase(phase: LoadPhase, model: string, start: number): void {
  const name = `insitu:load:${phase}`;
  const devtools = { dataType: 'track-entry', track: 'insitu', tooltipText: model };
  performance.measure(name, { start, end: performance.now(), detail: { model, devtools } });
  // Observers and tools have it; the timeline would keep it for ever.
  performance.clearMeasures(name);
}

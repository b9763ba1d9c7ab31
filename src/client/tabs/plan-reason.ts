import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';

export function planWithReason(plan: DevicePlan, reason: string): DevicePlan {
  return { ...plan, reasons: [...plan.reasons, reason] };
}

/** The event that tells the plan has the reason too. */
export function eventWithReason(event: LoadEvent, reason: string): LoadEvent {
  return event.status === 'ready' ? { ...event, plan: planWithReason(event.plan, reason) } : event;
}

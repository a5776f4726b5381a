/** Events of the state machine. Not part of any hash, but of what clients rely on. */
import type { AbciEvent } from "./abci.ts";

/** An event with attributes in the order given, all of them indexed (the application's setting). */
export function createEvent(
  type: string,
  ...attributes: readonly (readonly [key: string, value: string])[]
): AbciEvent {
  return { type, attributes: attributes.map(([key, value]) => ({ key, value, index: true })) };
}

/** The event with one more attribute at its end. */
export function withAttribute(event: AbciEvent, key: string, value: string): AbciEvent {
  return { type: event.type, attributes: [...event.attributes, { key, value, index: true }] };
}

/** Collects events in the order they are emitted. */
export class EventManager {
  #events: AbciEvent[] = [];

  get events(): readonly AbciEvent[] {
    return this.#events;
  }

  emit(event: AbciEvent): void {
    this.#events.push(event);
  }

  emitAll(events: readonly AbciEvent[]): void {
    for (const event of events) this.#events.push(event);
  }
}

/** Timers of the system, for whoever wants no more of a clock. */
export interface Timer {
  /** Calls `action` once after `delayMs`. @returns a function that cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

export const systemTimer: Timer = {
  schedule: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Work of many clients for a few workers: each client gets its share, whatever the others ask for. */
import { AppError } from "../errors.ts";

export interface FairPoolOptions<Worker> {
  readonly places: readonly Worker[];
  /** Tasks that may wait, all clients together. */
  readonly waitingMax: number;
  readonly waitingPerClientMax: number;
  /** Clients whose use is remembered although nothing of theirs is waiting or running. */
  readonly clientsMax: number;
}

/** What a task came to, and what it cost the worker, in any unit that adds up. */
export interface Finished<T> {
  readonly value: T;
  readonly cost: number;
  /** When the worker takes the next task; at once unless given. */
  readonly isFree?: Promise<void>;
}

interface Task<Worker> {
  run(worker: Worker): Promise<number>;
}

interface Client<Worker> {
  readonly waiting: Task<Worker>[];
  running: number;
  /** What its tasks have cost, on the clock that {@link FairPool} keeps. */
  spent: number;
}

/**
 * The next task is that of the client which has used least so far (start-time fair queuing), so
 * that somebody with few short questions passes somebody with many long ones. A client that comes
 * back starts where the others are, not at zero. While there is more than one place, no client
 * has all of them: others must not have to wait for the end of what runs.
 */
export class FairPool<Worker> {
  readonly #options: FairPoolOptions<Worker>;
  readonly #idle: Worker[];
  readonly #runningMax: number;
  readonly #clients = new Map<string, Client<Worker>>();
  #waiting = 0;
  /** What the client that was served last had spent then. */
  #clock = 0;

  constructor(options: FairPoolOptions<Worker>) {
    this.#options = options;
    this.#idle = [...options.places];
    this.#runningMax = Math.max(1, options.places.length - 1);
  }

  /** @throws {AppError} `app/queue_full`, `app/client_busy`. */
  run<T>(name: string, task: (worker: Worker) => Promise<Finished<T>>): Promise<T> {
    const client = this.#client(name);
    const { waitingMax, waitingPerClientMax } = this.#options;
    if (this.#waiting >= waitingMax) {
      return Promise.reject(new AppError({ code: "app/queue_full", waiting: this.#waiting }));
    }
    if (client.waiting.length >= waitingPerClientMax) {
      const waiting = client.waiting.length;
      return Promise.reject(new AppError({ code: "app/client_busy", waiting }));
    }
    return new Promise<T>((resolve, reject) => {
      const settle = async (worker: Worker): Promise<number> => {
        try {
          const { value, cost, isFree } = await task(worker);
          resolve(value);
          await isFree;
          return cost;
        } catch (error) {
          reject(error);
          return 0;
        }
      };
      client.waiting.push({ run: settle });
      this.#waiting++;
      this.#startNext();
    });
  }

  #client(name: string): Client<Worker> {
    let client = this.#clients.get(name);
    if (client === undefined) {
      this.#forgetIdle();
      client = { waiting: [], running: 0, spent: this.#clock };
      this.#clients.set(name, client);
    } else if (client.running === 0 && client.waiting.length === 0) {
      client.spent = Math.max(client.spent, this.#clock);
    }
    return client;
  }

  /** The longest known that does nothing; there is one, since fewer can be at work than are kept. */
  #forgetIdle(): void {
    if (this.#clients.size < this.#options.clientsMax) return;
    for (const [name, { running, waiting }] of this.#clients) {
      if (running > 0 || waiting.length > 0) continue;
      this.#clients.delete(name);
      return;
    }
  }

  #startNext(): void {
    const client = this.#idle.length === 0 ? undefined : this.#nextClient();
    const task = client?.waiting.shift();
    if (client === undefined || task === undefined) return;
    this.#waiting--;
    client.running++;
    this.#clock = Math.max(this.#clock, client.spent);
    void this.#runOn(this.#idle.pop()!, client, task);
  }

  #nextClient(): Client<Worker> | undefined {
    let next: Client<Worker> | undefined;
    for (const client of this.#clients.values()) {
      if (client.waiting.length === 0 || client.running >= this.#runningMax) continue;
      if (next === undefined || client.spent < next.spent) next = client;
    }
    return next;
  }

  async #runOn(worker: Worker, client: Client<Worker>, task: Task<Worker>): Promise<void> {
    client.spent += await task.run(worker);
    client.running--;
    this.#idle.push(worker);
    this.#startNext();
  }
}

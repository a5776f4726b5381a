/** Work for a few workers: as many at once as there are places, the rest waits in order. */
import { AppError } from "../errors.ts";

interface Task<Worker> {
  run(worker: Worker): Promise<void>;
}

export class Pool<Worker> {
  readonly #idle: Worker[];
  readonly #waiting: Task<Worker>[] = [];
  readonly #waitingMax: number;

  /** @param places one entry for each task that may run at once; a worker may stand there often. */
  constructor(places: readonly Worker[], waitingMax: number) {
    this.#idle = [...places];
    this.#waitingMax = waitingMax;
  }

  /** @throws {AppError} `app/queue_full` if too many wait already. */
  run<T>(task: (worker: Worker) => Promise<T>): Promise<T> {
    const worker = this.#idle.pop();
    if (worker === undefined && this.#waiting.length >= this.#waitingMax) {
      return Promise.reject(
        new AppError({ code: "app/queue_full", waiting: this.#waiting.length }),
      );
    }
    return new Promise<T>((resolve, reject) => {
      const wrapped: Task<Worker> = {
        run: (free) => task(free).then(resolve, reject),
      };
      if (worker === undefined) this.#waiting.push(wrapped);
      else void this.#start(worker, wrapped);
    });
  }

  async #start(worker: Worker, task: Task<Worker>): Promise<void> {
    await task.run(worker);
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else void this.#start(worker, next);
  }
}

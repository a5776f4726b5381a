import { ProtocolError } from "@tacit/encoding";

export interface SimulationFault {
  readonly code: "testkit/simulation_failed";
  readonly seed: number;
  /** The block after which something did not hold, or in which the chain failed. */
  readonly height: bigint;
  readonly faults: readonly string[];
}

/** Something that must hold in every simulation did not. Its text says how to see it again. */
export class SimulationFailure extends ProtocolError<SimulationFault> {
  constructor(fault: Omit<SimulationFault, "code">, options?: ErrorOptions) {
    const { seed, height, faults } = fault;
    const lines = [
      `seed=${seed} block=${height}`,
      ...faults.slice(0, 20),
      `repeat with: npm run soak -- simulation --seed ${seed} --blocks ${height}`,
    ];
    super({ code: "testkit/simulation_failed", ...fault }, lines.join("\n"), options);
  }
}

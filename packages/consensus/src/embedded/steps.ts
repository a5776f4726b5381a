/**
 * The named moments of a block's life, in order. Everything that reaches disk does so between two
 * of them, so a process killed at any step, or between steps, restarts to the same chain.
 */
export const BLOCK_STEPS = [
  /** Nothing of the block exists yet. */
  "before_propose",
  /** The block is made and signed, in memory. */
  "before_save_block",
  /** Block and commit are stored; from here on this block, and no other, has this height. */
  "after_save_block",
  "before_finalize",
  /** The application has executed the block; nothing of that is stored. */
  "after_finalize",
  /** The results are stored, so the state after the block can be made without the application. */
  "after_save_results",
  "before_commit",
  /** The application has stored its state. */
  "after_commit",
  /** State, validator sets and index are stored: the block is finished. */
  "after_index",
] as const;

export type BlockStep = (typeof BLOCK_STEPS)[number];

/** Called at each step; what it throws stops the engine there. */
export type OnStep = (step: BlockStep, height: bigint) => void | Promise<void>;

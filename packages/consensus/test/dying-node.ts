/**
 * A process that makes blocks until it kills itself:
 * `node dying-node.ts <directory> <step> <height>`. Nothing is flushed or closed.
 */
import { makeBlocksUntil } from "./blocks.ts";
import { openNode } from "./node.ts";

const [directory = "", step, height] = process.argv.slice(2);
const node = await openNode(directory, {
  onStep: (reached, at) => {
    if (reached === step && `${at}` === height) process.kill(process.pid, "SIGKILL");
  },
});
await makeBlocksUntil(node, BigInt(height ?? 0));

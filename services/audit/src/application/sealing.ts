import { hasCode, InterlockError } from "#platform/errors/interlock-error.js";
import { checkpointText, signCheckpoint } from "#platform/transparency-log/checkpoint.js";
import type { NoteSigner } from "#platform/transparency-log/note-key.js";
import { TreeBuilder } from "#platform/transparency-log/tree-builder.js";
import type { CheckpointRepository } from "../adapters/checkpoint-repository.js";
import type { EntryRepository } from "../adapters/entry-repository.js";
import type { LogStorage } from "./log-storage.js";

/** Most leaves in one step, and thus in one commit. */
const STEP = 8_192;

export interface SealingOptions {
  readonly entries: Pick<EntryRepository, "leafHashes">;
  readonly storage: LogStorage;
  readonly checkpoints: Pick<CheckpointRepository, "record">;
  /** Name of the log. */
  readonly origin: string;
  /** Keys that sign: one, or the old and the new while it is changed. */
  readonly signers: readonly NoteSigner[];
}

/**
 * Builds the tree over what was sequenced and signs how far it came. An entry is settled once a signed checkpoint covers it; from
 * then on the log cannot be without it again.
 */
export class Sealing {
  private builder: TreeBuilder | undefined;

  constructor(private readonly options: SealingOptions) {}

  /** One step; true when there is more to do at once. Processes may do this beside each other: the second one's step is refused and repeated. */
  async seal(): Promise<boolean> {
    try {
      return await this.step();
    } catch (error) {
      this.builder = undefined;
      if (hasCode(error, "STALE_TERM")) return true;
      throw error;
    }
  }

  private async step(): Promise<boolean> {
    const { storage, entries, checkpoints } = this.options;
    await this.recordNewest();
    const { size: from, root } = await storage.state();
    const leaves = await entries.leafHashes(BigInt(from), STEP);
    if (leaves.length === 0) return false;
    const builder = await this.builderAt(from, root);
    const growth = builder.append(leaves);
    const note = signCheckpoint({ origin: this.options.origin, ...growth }, this.options.signers);
    await storage.commit({ from, ...growth, note });
    await checkpoints.record(growth.size, note);
    return leaves.length === STEP;
  }

  /** The checkpoint a crash left signed but not recorded is recorded before anything else happens. */
  private async recordNewest(): Promise<void> {
    if (this.builder !== undefined) return;
    const { storage, checkpoints, origin, signers } = this.options;
    const { size, root } = await storage.state();
    const note = (await storage.checkpoint()) ?? signCheckpoint({ origin, size, root }, signers);
    if (!note.toString().startsWith(checkpointText({ origin, size, root }))) {
      throw new InterlockError("POSITION_GAP", "the stored checkpoint is of another tree than the stored one");
    }
    await checkpoints.record(size, note);
  }

  private async builderAt(size: number, root: Buffer): Promise<TreeBuilder> {
    if (this.builder === undefined || this.builder.size !== size) {
      this.builder = await TreeBuilder.open((level, index, width) => this.options.storage.tile(level, index, width), size);
    }
    if (!this.builder.root().equals(root)) {
      throw new InterlockError("POSITION_GAP", `the tiles of the audit tree do not lead to its root at ${size}`);
    }
    return this.builder;
  }
}

import { runDetached } from "../grpc/request-context.js";

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits items together: those that arrive while a commit is under way share the next one, and with it its statements and the disk's
 * sync. Nobody waits for others to come.
 */
export class GroupCommit<Item, Result> {
  readonly #waiting: Waiting<Item, Result>[] = [];
  #running = false;

  /**
   * @param commit all of the items or none; gives one result for each, in their order
   * @param most items of one commit
   */
  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly most = 64,
  ) {}

  /** The item's result once it is committed. What fails a group is tried again for each item alone, so that it fails nobody else's. */
  submit(item: Item): Promise<Result> {
    const done = new Promise<Result>((resolve, reject) => this.#waiting.push({ item, resolve, reject }));
    // A group carries items of many callers: none of their deadlines may cut it.
    if (!this.#running) runDetached(() => void this.#drain());
    return done;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    // A turn of the loop lets what came in together join the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#run(this.#waiting.splice(0, this.most));
    this.#running = false;
  }

  async #run(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error("a group commit gives one result for each item");
      for (const [i, result] of results.entries()) group[i]?.resolve(result);
    } catch (error) {
      const [only] = group;
      if (group.length === 1) only?.reject(error);
      else for (const one of group) await this.#run([one]);
    }
  }
}

import { describe, expect, it } from "vitest";
import { GroupCommit } from "./group-commit.js";

describe("a group commit", () => {
  it("commits together what comes while a commit is under way, and gives each its own result", async () => {
    const groups: number[][] = [];
    let release = () => {};
    const first = new Promise<void>((resolve) => (release = resolve));
    const commits = new GroupCommit<number, number>(async (items) => {
      groups.push([...items]);
      if (groups.length === 1) await first;
      return items.map((item) => item * 10);
    });
    const one = commits.submit(1);
    await expect.poll(() => groups.length).toBe(1);
    const others = [commits.submit(2), commits.submit(3)];
    release();
    expect(await Promise.all([one, ...others])).toEqual([10, 20, 30]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it("never commits more at once than it may", async () => {
    const sizes: number[] = [];
    const commits = new GroupCommit<number, number>(async (items) => {
      sizes.push(items.length);
      return items;
    }, 2);
    await Promise.all([1, 2, 3, 4, 5].map((item) => commits.submit(item)));
    expect(sizes).toEqual([2, 2, 1]);
  });

  it("fails nobody for what one item brought", async () => {
    const commits = new GroupCommit<number, number>(async (items) => {
      if (items.includes(2)) throw new RangeError("two is bad");
      return items;
    });
    const results = await Promise.allSettled([1, 2, 3].map((item) => commits.submit(item)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

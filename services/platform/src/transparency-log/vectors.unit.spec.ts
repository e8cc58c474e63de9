import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verifyConsistency, verifyInclusion } from "./verify.js";

interface Vector {
  readonly kind: "inclusion" | "consistency";
  readonly leafIndex: string;
  readonly treeSize: string;
  readonly leafHash: string;
  readonly root: string;
  readonly size1: string;
  readonly size2: string;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[];
  readonly wantErr: boolean;
}

const file = new URL("../../../../test/golden/merkle-vectors.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: readonly Vector[] };
const bytes = (base64: string) => Buffer.from(base64, "base64");

function holds(vector: Vector): boolean {
  const proof = vector.proof.map(bytes);
  try {
    if (vector.kind === "inclusion") {
      verifyInclusion(Number(vector.leafIndex), Number(vector.treeSize), bytes(vector.leafHash), proof, bytes(vector.root));
    } else {
      verifyConsistency(Number(vector.size1), Number(vector.size2), proof, bytes(vector.root1), bytes(vector.root2));
    }
    return true;
  } catch {
    return false;
  }
}

describe("the vectors of transparency-dev/merkle", () => {
  it("are 98 of inclusion and 98 of consistency", () => {
    expect(vectors.filter(({ kind }) => kind === "inclusion")).toHaveLength(98);
    expect(vectors.filter(({ kind }) => kind === "consistency")).toHaveLength(98);
  });

  it.each(vectors.map((vector, i) => ({ vector, i, name: `${vector.kind}, ${vector.wantErr ? "refused" : "accepted"}` })))(
    "agree on number $i: $name",
    ({ vector }) => {
      expect(holds(vector)).toBe(!vector.wantErr);
    },
  );
});

import { type Hex, keccak256, stringToBytes } from "viem";
import { inspectDocument } from "#platform/session-policy/parse.js";
import { documentRefused } from "#platform/session-policy/problem.js";
import { type CompiledDocument, compileDocument } from "../domain/compiled-document.js";

/**
 * Compiled documents by the hash of their text, the least recently used one dropped first. Only what follows from the text
 * is kept, never a verdict: a verdict is wrong the moment usage or time moves on.
 */
export class DocumentCache {
  private readonly compiled = new Map<Hex, CompiledDocument>();

  constructor(private readonly capacity: number) {}

  /** @throws InterlockError VALIDATION_FAILED for a document that does not parse. */
  compile(text: string): CompiledDocument {
    const key = keccak256(stringToBytes(text));
    const known = this.compiled.get(key);
    if (known !== undefined) {
      this.compiled.delete(key);
      this.compiled.set(key, known);
      return known;
    }
    const inspected = inspectDocument(text);
    if (!inspected.ok) throw documentRefused(inspected.problems);
    const compiled = compileDocument(inspected.document, inspected.rules);
    this.compiled.set(key, compiled);
    if (this.compiled.size > this.capacity) this.compiled.delete(this.compiled.keys().next().value ?? key);
    return compiled;
  }

  get size(): number {
    return this.compiled.size;
  }
}

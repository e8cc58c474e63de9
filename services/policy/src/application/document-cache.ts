import { inspectDocument } from "#platform/session-policy/parse.js";
import { documentRefused } from "#platform/session-policy/problem.js";
import { type CompiledDocument, compileDocument } from "../domain/compiled-document.js";

/**
 * Compiled documents by their text, the least recently used one dropped first. Only what follows from the text
 * is kept, never a verdict: a verdict is wrong the moment usage or time moves on.
 */
export class DocumentCache {
  private readonly compiled = new Map<string, CompiledDocument>();

  constructor(private readonly capacity: number) {}

  /** @throws InterlockError VALIDATION_FAILED for a document that does not parse. */
  compile(text: string): CompiledDocument {
    const known = this.compiled.get(text);
    if (known !== undefined) {
      this.compiled.delete(text);
      this.compiled.set(text, known);
      return known;
    }
    const inspected = inspectDocument(text);
    if (!inspected.ok) throw documentRefused(inspected.problems);
    const compiled = compileDocument(inspected.document, inspected.rules);
    this.compiled.set(text, compiled);
    if (this.compiled.size > this.capacity) this.compiled.delete(this.compiled.keys().next().value ?? text);
    return compiled;
  }

  get size(): number {
    return this.compiled.size;
  }
}

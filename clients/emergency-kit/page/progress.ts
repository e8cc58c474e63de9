import { element, make } from "./elements.js";

type Tone = "busy" | "done" | "bad" | "note";
const MARK: Readonly<Record<Tone, string>> = { busy: "…", done: "✓", bad: "✗", note: "i" };

/** What has happened so far, one line after the other, read out by screen readers as it comes. */
export class Progress {
  readonly #list = element("progress", HTMLOListElement);
  #last: HTMLLIElement | undefined;

  /** Begins anew. */
  clear(): void {
    this.#list.replaceChildren();
    this.#last = undefined;
    element("progress-section", HTMLElement).hidden = false;
  }

  /** Says that something is under way, which `done` or `bad` ends. */
  busy(text: string): void {
    this.#end("done");
    this.#last = this.#add("busy", text);
  }

  note(text: string): void {
    this.#add("note", text);
  }

  done(text: string): void {
    this.#end("done");
    this.#add("done", text);
  }

  bad(text: string): void {
    this.#end("bad");
    this.#add("bad", text);
  }

  /** A transaction's hash, whole, to keep. */
  hash(hash: string): void {
    this.#end("done");
    const line = this.#add("done", "Sent. Transaction: ");
    const code = make("code", hash);
    code.dataset.hash = hash;
    line.append(code);
  }

  #end(tone: Tone): void {
    if (this.#last !== undefined) show(this.#last, tone);
    this.#last = undefined;
  }

  #add(tone: Tone, text: string): HTMLLIElement {
    const line = make("li", text);
    show(line, tone);
    this.#list.append(line);
    return line;
  }
}

function show(line: HTMLLIElement, tone: Tone): void {
  line.className = tone;
  line.dataset.mark = MARK[tone];
}

import { LogError } from "./log-error.js";
import { type NoteVerifier, parseVerifier } from "./note-key.js";

export interface Witness {
  readonly name: string;
  readonly verifier: NoteVerifier;
  /** Where it takes checkpoints; the path add-checkpoint is put behind it. */
  readonly url?: string;
}

interface Group {
  readonly threshold: number;
  readonly members: readonly string[];
}

/** A C2SP tlog-policy: whose checkpoints count, and which witnesses must have seen them. */
export class TlogPolicy {
  readonly logs: NoteVerifier[] = [];
  readonly witnesses: Witness[] = [];
  readonly #groups = new Map<string, Group>();
  #quorum: string | undefined;

  /**
   * Reads lines `log <vkey> [url]`, `witness <name> <vkey> [url]`, `group <name> <any|all|n> <members...>`, `quorum <name|none>`.
   * @throws LogError MALFORMED naming the line
   */
  static parse(text: string): TlogPolicy {
    const policy = new TlogPolicy();
    for (const [i, raw] of text.split("\n").entries()) {
      const [keyword = "", ...words] = (raw.split("#")[0] ?? "").trim().split(/\s+/);
      if (keyword !== "") policy.#add(keyword, words, i + 1);
    }
    return policy;
  }

  /** True when the policy asks for any witness at all. */
  get needsWitness(): boolean {
    return this.#quorum !== undefined && this.#quorum !== "none";
  }

  /** True when the witnesses with these names are enough. */
  satisfied(cosigned: ReadonlySet<string>): boolean {
    return !this.needsWitness || this.#holds(this.#quorum ?? "", cosigned);
  }

  #add(keyword: string, words: readonly string[], line: number): void {
    const [name = ""] = words;
    if (keyword === "log") this.logs.push(parseVerifier(name));
    else if (keyword === "witness") this.#addWitness(words, line);
    else if (keyword === "group") this.#addGroup(words, line);
    else if (keyword !== "quorum") throw malformed(line, `${keyword} is not known`);
    else if (this.#quorum !== undefined || !(name === "none" || this.#known(name))) {
      throw malformed(line, "there is one quorum, of a name that was named before");
    } else this.#quorum = name;
  }

  #addWitness([name = "", vkey = "", url]: readonly string[], line: number): void {
    this.#requireFree(name, line);
    const verifier = parseVerifier(vkey);
    if (verifier.algorithm !== 4) throw malformed(line, "a witness has a cosignature key");
    this.witnesses.push(url === undefined ? { name, verifier } : { name, verifier, url });
  }

  #addGroup([name = "", count = "", ...members]: readonly string[], line: number): void {
    this.#requireFree(name, line);
    if (members.length === 0 || !members.every((member) => this.#known(member))) {
      throw malformed(line, "a group has members that were named before");
    }
    const threshold = count === "any" ? 1 : count === "all" ? members.length : Number(count);
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length) {
      throw malformed(line, "a threshold is any, all or a number of members");
    }
    this.#groups.set(name, { threshold, members });
  }

  #requireFree(name: string, line: number): void {
    if (name === "" || name === "none" || this.#known(name)) throw malformed(line, `the name ${name} is taken`);
  }

  #known(name: string): boolean {
    return this.#groups.has(name) || this.witnesses.some((witness) => witness.name === name);
  }

  #holds(name: string, cosigned: ReadonlySet<string>): boolean {
    const group = this.#groups.get(name);
    if (group === undefined) return cosigned.has(name);
    return group.members.filter((member) => this.#holds(member, cosigned)).length >= group.threshold;
  }
}

const malformed = (line: number, what: string) => new LogError("MALFORMED", `line ${line} of the policy: ${what}`);

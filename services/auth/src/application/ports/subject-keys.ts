import type { Tx } from "./tx.js";

/** The key of one subject's personal data. */
export interface SubjectKey {
  readonly subjectRef: string;
  readonly version: number;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Keys of personal data, one per subject; destroying one is what erasing means. */
export interface SubjectKeys {
  /** The subject's key, made when there is none. Durable before the event that is sealed with it. */
  current(tx: Tx, subjectRef: string): Promise<SubjectKey>;
  /** A key of any version; undefined when it was destroyed or never was. */
  find(subjectRef: string, version: number): Promise<SubjectKey | undefined>;
  /** Destroys the subject's keys for good; returns their versions. */
  destroy(tx: Tx, subjectRef: string): Promise<readonly number[]>;
}

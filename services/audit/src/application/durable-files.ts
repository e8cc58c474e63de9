/** The file operations the log on a volume is made of; a test replaces them by ones that lose what was not synced. */
export interface DurableFiles {
  /** undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Writes and syncs a new file; folders are made. Its name lasts only after `syncFolder`. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Replaces `to` by `from` at once; lasts after `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a file's folder, and of the folder itself, last. */
  syncFolder(path: string): Promise<void>;
}

import { InterlockError } from "#platform/errors/interlock-error.js";
import type { CoreProcessOptions } from "./core-process.js";

type ChildOptions = Pick<CoreProcessOptions, "files" | "entry" | "uid" | "production">;

/** Who runs signer-core: somebody else, at a socket, or the shell, as its child. */
export type CoreSource = { readonly run: "elsewhere"; readonly socket: string } | ({ readonly run: "child" } & ChildOptions);

/** What the vault's configuration says about it. */
export interface CoreSettings {
  readonly signerCoreSocket: string | undefined;
  readonly signerCoreEntry: string | undefined;
  readonly signerCoreUid: number | undefined;
  readonly kekFile: string | undefined;
  readonly trustFile: string;
  readonly deploymentFile: string;
  readonly custodyMode: "production" | "development";
}

/** @throws InterlockError CONFIG_INVALID where the settings fit neither, naming one that is missing or one too many */
export function coreSource(settings: CoreSettings): CoreSource {
  const { signerCoreSocket: socket, signerCoreEntry: entry, signerCoreUid: uid, kekFile, trustFile, deploymentFile } = settings;
  if (socket !== undefined) {
    // A shell that does not open the key ring has no business knowing where it is.
    const superfluous = Object.entries({ KEK_FILE: kekFile, SIGNER_CORE_ENTRY: entry, SIGNER_CORE_UID: uid });
    for (const [name, value] of superfluous) {
      if (value !== undefined) throw invalid(name, "belongs to the core that SIGNER_CORE_SOCKET leads to, not to the shell");
    }
    return { run: "elsewhere", socket };
  }
  if (kekFile === undefined) throw invalid("KEK_FILE", "is required without SIGNER_CORE_SOCKET");
  return {
    run: "child",
    files: { kekFile, trustFile, deploymentFile },
    ...(entry === undefined ? {} : { entry }),
    ...(uid === undefined ? {} : { uid }),
    production: settings.custodyMode === "production",
  };
}

function invalid(variable: string, rule: string): InterlockError {
  return new InterlockError("CONFIG_INVALID", `${variable}: ${rule}`, { details: { variable, rule }, docs: "docs/configuration.md" });
}

import { InterlockError } from "#platform/errors/interlock-error.js";
import { systemClock } from "#platform/kernel/clock.js";
import { parseJsonObject } from "#platform/kernel/json.js";
import { DevAttester } from "../../attestation/dev-attester.js";
import { parseAttestedConfig } from "./attested-config.js";
import { AwsKmsClient } from "./awskms-client.js";
import { parseAwsKmsConfig } from "./awskms-config.js";
import { AwsKmsKekProvider } from "./awskms-kek-provider.js";
import { awsKmsTransport } from "./awskms-transport.js";
import type { KekProvider } from "./kek-provider.js";
import { openAttestedProvider } from "./open-attested-provider.js";
import { openFileProvider } from "./open-file-provider.js";
import { parsePkcs11Config } from "./pkcs11-config.js";
import { Pkcs11KekProvider } from "./pkcs11-kek-provider.js";
import { Pkcs11Token } from "./pkcs11-token.js";
import { ShamirKekProvider } from "./shamir-kek-provider.js";
import { TransitClient, transitTransport } from "./transit-client.js";
import { parseTransitConfig } from "./transit-config.js";
import { TransitKekProvider } from "./transit-kek-provider.js";

/**
 * The provider that the text of KEK_FILE asks for (`provider`, by default `file`).
 * @param read text of the file as it is now
 * @throws InterlockError CONFIG_INVALID
 */
export async function openProvider(read: () => string, mode: "production" | "development"): Promise<KekProvider> {
  const { provider = "file" } = parseJsonObject(read()) ?? {};
  switch (provider) {
    case "file":
      return openFileProvider(read);
    case "shamir":
      return new ShamirKekProvider(read);
    case "pkcs11":
      return new Pkcs11KekProvider(new Pkcs11Token(parsePkcs11Config(read())));
    case "attested": {
      const { broker, attester } = parseAttestedConfig(read());
      return openAttestedProvider(broker, new DevAttester(attester, systemClock, mode), mode);
    }
    case "transit": {
      const config = parseTransitConfig(read(), mode);
      return TransitKekProvider.open(new TransitClient(transitTransport(config), config.mount, config.key));
    }
    case "awskms": {
      const config = () => parseAwsKmsConfig(read(), mode);
      return AwsKmsKekProvider.open(new AwsKmsClient(awsKmsTransport(config, systemClock)), config);
    }
    default:
      throw new InterlockError("CONFIG_INVALID", "KEK_FILE: provider: must be file, shamir, pkcs11, attested, transit or awskms");
  }
}

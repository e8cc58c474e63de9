import { SERVICES } from "../../../deploy/local/service-environment.js";
import { run } from "./run.js";

const FOLDER = "test/cluster/next-version";

/**
 * Builds a later version of every image on top of the installed one, with one more migration, and pushes it.
 * @returns Helm's arguments that name the new images
 */
export async function publishNextVersion(registry: string, tag: string): Promise<readonly string[]> {
  const next = `${tag}-next`;
  for (const name of [...SERVICES, "tools"]) {
    const image = `${registry}/interlock/${name}`;
    await run("docker", "build", "--quiet", "--build-arg", `IMAGE=${image}:${tag}`, "-t", `${image}:${next}`, FOLDER);
    await run("docker", "push", "--quiet", `${image}:${next}`);
  }
  return ["--set", `image.tag=${next}`];
}

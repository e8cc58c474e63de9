import { it } from "vitest";
import { isRequired, KAFKA_IMAGE, POSTGRES_IMAGE } from "../../deploy/local/docker.js";

declare module "vitest" {
  interface TaskMeta {
    /** Why a test was skipped and how to get what it wants; the runner repeats it at the end. */
    whySkipped?: string;
  }
}

/** What to say where a suite wants containers and there are none. */
export const NO_DOCKER = `it needs a Docker daemon with the images ${POSTGRES_IMAGE} and ${KAFKA_IMAGE}; start Docker and they are fetched`;

/** What to say where chart tests find no Helm. */
export const NO_HELM = "it needs helm (3.19 or later) on the PATH";

/** What to say where cluster tests find no cluster. */
export const NO_CLUSTER = "it needs KUBECONFIG, the images of deploy/image/build.sh in that cluster, and helm and kubectl on the PATH";

/**
 * Stands for a suite that cannot run for want of `need`: one skipped test that says why.
 * A failing one instead when INTERLOCK_REQUIRE lists `need`, as in CI.
 */
export function skipLoudly(need: Parameters<typeof isRequired>[0], name: string, why: string): void {
  it(name, (context) => {
    if (isRequired(need)) throw new Error(`INTERLOCK_REQUIRE asks for ${need}: ${why}`);
    context.task.meta.whySkipped = why;
    context.skip(why);
  });
}

import { z } from "zod";

const status = z.object({ name: z.string(), restartCount: z.number(), ready: z.boolean() }).loose();

/** A pod as the API server tells of it. */
export const podSchema = z.object({
  metadata: z
    .object({
      name: z.string(),
      uid: z.string(),
      labels: z.record(z.string(), z.string()).default({}),
      deletionTimestamp: z.string().optional(),
    })
    .loose(),
  spec: z.object({ priority: z.number().optional() }).loose(),
  status: z
    .object({
      phase: z.string(),
      qosClass: z.string().optional(),
      podIP: z.string().optional(),
      containerStatuses: z.array(status).default([]),
    })
    .loose(),
});
export type KubePod = z.infer<typeof podSchema>;
export const podListSchema = z.object({ items: z.array(podSchema) });

/** The conditions of the degradation ladder: each names one thing that is down. */
export const CONDITIONS = ["UiDown", "KafkaDown", "DbDown", "PaymasterEmpty", "SignerDown", "RpcDegraded", "ClusterLost"] as const;
export type Condition = (typeof CONDITIONS)[number];

/** True for the name of a condition. */
export function isCondition(value: unknown): value is Condition {
  return CONDITIONS.some((name) => name === value);
}

import { Controller, Inject } from "@nestjs/common";
import { Observable } from "rxjs";
import { Serves } from "#platform/degradation/serves.decorator.js";
import { currentContext, requireActor } from "#platform/grpc/request-context.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import { NeedsActor } from "#platform/service-auth/needs-actor.decorator.js";
import {
  type AuditEntry,
  type AuditServiceController,
  AuditServiceControllerMethods,
  type GetHeadResponse,
  type GetProofRequest,
  type GetProofResponse,
  type ReadEventsRequest,
  type ReadEventsResponse,
  type TailRequest,
} from "#proto/interlock/audit/v1/audit.js";
import { pause } from "../application/pause.js";
import { MAX_PAGE, type Page, parsePosition } from "../application/reading.js";
import { Serving } from "../application/serving.js";
import type { Reader } from "../domain/entry.js";

/** How long the tail waits before it looks again, in milliseconds. */
const TAIL_PAUSE = 200;

const NOTHING = new Uint8Array();

function toMessage({ entries, next }: Page): ReadEventsResponse {
  const seen = entries.map(
    ({ logIndex, bytes, leafHash, withheld }): AuditEntry => ({
      logIndex: logIndex.toString(),
      event: withheld ? NOTHING : bytes,
      withheld,
      leafHash: leafHash.toString("hex"),
    }),
  );
  return { entries: seen, next: next.toString(), checkpoint: NOTHING };
}

/** The audit stream over gRPC. */
@Controller()
@Callers("gateway")
@NeedsActor("owner", "agent", "operator")
@AuditServiceControllerMethods()
export class AuditController implements AuditServiceController {
  constructor(@Inject(Serving) private readonly serving: Serving) {}

  @Serves("auditExport")
  async readEvents(request: ReadEventsRequest): Promise<ReadEventsResponse> {
    const limit = request.limit === 0 ? MAX_PAGE : request.limit;
    return toMessage(await this.serving.page(requireActor(), "events", parsePosition(request.from, "from"), limit));
  }

  @Serves("auditExport")
  tail(request: TailRequest): Observable<ReadEventsResponse> {
    const reader = requireActor();
    const from = parsePosition(request.from, "from");
    const signal = currentContext()?.signal;
    return new Observable((subscriber) => {
      const stop = new AbortController();
      const over = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
      this.follow(reader, from, request.maxBatch || MAX_PAGE, over, (batch) => subscriber.next(batch)).then(
        () => subscriber.complete(),
        (error: unknown) => subscriber.error(error),
      );
      return () => stop.abort();
    });
  }

  @Serves("auditExport")
  async getHead(): Promise<GetHeadResponse> {
    const [first, next] = await this.serving.head();
    return { first: first.toString(), next: next.toString() };
  }

  @Serves("auditExport")
  async getProof(request: GetProofRequest): Promise<GetProofResponse> {
    const index = parsePosition(request.index, "index");
    const { size, hashes, note } = await this.serving.proof(index);
    return { index: index.toString(), size: size.toString(), hashes: [...hashes], checkpoint: note, keys: [...this.serving.logKeys] };
  }

  private async follow(
    reader: Reader,
    from: bigint,
    most: number,
    over: AbortSignal,
    emit: (batch: ReadEventsResponse) => void,
  ): Promise<void> {
    let at = from;
    let told = -1;
    while (!over.aborted) {
      const page = await this.serving.page(reader, "stream", at, most);
      at = page.next;
      if (page.entries.length > 0) {
        emit(toMessage(page));
        continue;
      }
      const checkpoint = await this.serving.checkpoint(told, at);
      if (checkpoint === undefined) await pause(TAIL_PAUSE, over);
      else {
        emit({ entries: [], next: at.toString(), checkpoint: checkpoint.note });
        told = checkpoint.size;
      }
    }
  }
}

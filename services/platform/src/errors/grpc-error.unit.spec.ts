import { Metadata, status } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { ERROR_TABLE, isErrorCode } from "./error-table.js";
import { fromGrpcError } from "./from-grpc.js";
import { InterlockError } from "./interlock-error.js";
import { ERROR_TRAILER, publicError, toGrpcError } from "./to-grpc.js";

const codes = Object.keys(ERROR_TABLE).filter(isErrorCode);

describe("an error across gRPC", () => {
  it.each(codes.filter((code) => code !== "INTERNAL"))("keeps code, message and details of %s", (code) => {
    const sent = new InterlockError(code, `because of ${code} - ü`, { details: { field: "to", seen: ["1", { deep: null }] } });
    const received = fromGrpcError(toGrpcError(sent), "vault");
    expect(received).toMatchObject({ code, message: sent.message, details: sent.details });
  });

  it("has the status of the table", () => {
    expect(toGrpcError(new InterlockError("BUDGET_EXCEEDED", "x")).code).toBe(status.PERMISSION_DENIED);
    expect(toGrpcError(new InterlockError("CONDITION", "x")).code).toBe(status.UNAVAILABLE);
  });

  it("tells nothing of an unknown error, nor of an INTERNAL one", () => {
    for (const thrown of [new Error("hunter2"), "hunter2", new InterlockError("INTERNAL", "hunter2", { details: { a: "hunter2" } })]) {
      const error = toGrpcError(thrown);
      expect(error.code).toBe(status.INTERNAL);
      expect(JSON.stringify([error.details, error.metadata.get(ERROR_TRAILER).map(String)])).not.toContain("hunter2");
    }
  });

  it("finds an InterlockError behind a wrapper", () => {
    const inner = new InterlockError("NOT_ARMED", "not armed");
    expect(publicError(new Error("wrapped", { cause: inner }))).toBe(inner);
  });

  it("leaves details out that would not fit into a trailer", () => {
    const received = fromGrpcError(toGrpcError(new InterlockError("CONDITION", "big", { details: { big: "x".repeat(10_000) } })), "vault");
    expect(received).toMatchObject({ code: "CONDITION", message: "big", details: { truncated: true } });
  });

  it("takes the nearest code for a status without our trailer", () => {
    const error = (code: status) => Object.assign(new Error("x"), { code, details: "x", metadata: new Metadata() });
    expect(fromGrpcError(error(status.UNAVAILABLE), "vault")).toMatchObject({ code: "DEPENDENCY_UNAVAILABLE", message: "vault is away" });
    expect(fromGrpcError(error(status.DEADLINE_EXCEEDED), "vault").code).toBe("DEADLINE_EXCEEDED");
    expect(fromGrpcError(error(status.DATA_LOSS), "vault").code).toBe("INTERNAL");
    expect(fromGrpcError(new Error("odd"), "vault").code).toBe("INTERNAL");
  });

  it.each([Buffer.from("{"), Buffer.from('{"code":"MADE_UP","message":"x"}'), Buffer.from('{"code":"toString","message":"x"}')])(
    "does not believe a malformed trailer",
    (trailer) => {
      const metadata = new Metadata();
      metadata.set(ERROR_TRAILER, trailer);
      const error = Object.assign(new Error("x"), { code: status.NOT_FOUND, details: "x", metadata });
      expect(fromGrpcError(error, "vault").code).toBe("NOT_FOUND");
    },
  );
});

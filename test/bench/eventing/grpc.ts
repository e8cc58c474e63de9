import "reflect-metadata";
import { resolve } from "node:path";
import { Client, credentials, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { GrpcMethod, Transport } from "@nestjs/microservices";
import { freePort } from "../../../deploy/local/free-port.js";
import { median, rateOf } from "./measure.js";
import type { Report } from "./report.js";

const PROTO = resolve("test", "bench", "eventing", "echo.proto");
const PACKAGE = "interlock.bench.v1";
const PATH = `/${PACKAGE}.EchoService/Echo`;
const CALLS = 6_400;
const CALLERS = 64;

interface Echo {
  readonly sessionId: string;
  readonly amount: string;
}

@Controller()
class EchoController {
  @GrpcMethod("EchoService", "Echo")
  echo(request: Echo): Echo {
    return { sessionId: request.sessionId, amount: request.amount };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const definition = loadSync(PROTO, { longs: String });
const service = definition[`${PACKAGE}.EchoService`];

/** The same calls by the same client to Nest's server and to a bare one, in turns. */
export async function measureGrpc(report: Report, rounds = 9): Promise<void> {
  const arms = [await startRaw(), await startNest()];
  const [raw, nest] = arms.map(({ address }) => connect(address));
  if (raw === undefined || nest === undefined) throw new RangeError("two arms are needed");
  const rates: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const [rawRate, nestRate] = [await rateOf(CALLS, CALLERS, raw.call), await rateOf(CALLS, CALLERS, nest.call)];
    if (round < 0) continue;
    rates[0].push(rawRate);
    rates[1].push(nestRate);
  }
  for (const { close } of [raw, nest]) close();
  for (const { stop } of arms) await stop();
  report.add({ name: "grpc_raw", value: median(rates[0]), unit: "1/s", rounds });
  report.add({ name: "grpc_nest", value: median(rates[1]), unit: "1/s", rounds });
  const ratios = rates[1].map((rate, index) => rate / (rates[0][index] ?? Number.NaN));
  report.add({ name: "grpc_unary_ratio", value: median(ratios), unit: "of raw grpc-js", bar: 0.65, rounds });
}

async function startRaw() {
  const server = new Server();
  const echo = (call: ServerUnaryCall<Echo, Echo>, done: sendUnaryData<Echo>) =>
    done(null, { sessionId: call.request.sessionId, amount: call.request.amount });
  if (service === undefined || "format" in service) throw new RangeError("echo.proto has lost its service");
  server.addService(service, { Echo: echo });
  const address = `127.0.0.1:${await freePort()}`;
  await new Promise<void>((done, fail) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error === null ? done() : fail(error))),
  );
  return { address, stop: async () => server.forceShutdown() };
}

async function startNest() {
  const address = `127.0.0.1:${await freePort()}`;
  const options = { package: PACKAGE, protoPath: PROTO, url: address, loader: { longs: String } };
  const app = await NestFactory.createMicroservice(EchoModule, { transport: Transport.GRPC, options, logger: false });
  await app.listen();
  return { address, stop: () => app.close() };
}

function connect(address: string) {
  if (service === undefined || "format" in service) throw new RangeError("echo.proto has lost its service");
  const method = service.Echo;
  if (method === undefined) throw new RangeError("echo.proto has lost its method");
  const stub = new Client(address, credentials.createInsecure());
  const request = { sessionId: "0198c0de-0000-7000-8000-000000000001", amount: "10000000" };
  const call = () =>
    new Promise<void>((done, fail) => {
      const deadline = Date.now() + 10_000;
      stub.makeUnaryRequest(PATH, method.requestSerialize, method.responseDeserialize, request, { deadline }, (error) =>
        error === null ? done() : fail(error),
      );
    });
  return { call, close: () => stub.close() };
}

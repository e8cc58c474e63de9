import { Module } from "@nestjs/common";

/** The gateway has no providers: its routes are a table, mounted on the HTTP server with the one pipeline they all share. */
@Module({})
export class GatewayModule {}

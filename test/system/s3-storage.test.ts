import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { BUCKET, type S3Server, startS3Server } from "../support/s3-server.ts";
import { describeStorage } from "../support/storage-conformance.ts";

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
  Object.assign(process.env, server.env);
});
afterAll(() => server?.stop());

describeStorage("an object store", () => `s3://${BUCKET}/${randomBytes(4).toString("hex")}/place`);

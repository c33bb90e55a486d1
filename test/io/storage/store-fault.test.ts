import { describe, expect, it } from "vitest";
import { type Asked, storeFault } from "../../../src/io/storage/s3/store-fault.ts";

/** An error as the SDK throws it. */
function answer(name: string, status: number, more: Record<string, unknown> = {}): Error {
  const error = new Error("AKIAEXAMPLE said something with wJalrXUtnFEMI in it");
  return Object.assign(error, { name, $metadata: { httpStatusCode: status }, ...more });
}

const REGION = { $response: { headers: { "x-amz-bucket-region": "eu-north-1" } } };

describe("an answer of a store is said in words that name what to do", () => {
  it.each<[string, Error, Asked, string, RegExp]>([
    ["no such bucket", answer("NoSuchBucket", 404), "list", "USAGE", /no bucket bucket.*AWS_ENDPOINT_URL_S3/],
    ["no such object", answer("NoSuchKey", 404), "read", "FILE_MISSING", /no such object/],
    ["another version", answer("PreconditionFailed", 412), "read", "FILE_CHANGED", /changed after the run had begun/],
    ["no permission to read", answer("AccessDenied", 403), "read", "FILE_FORBIDDEN", /no permission.*s3:GetObject/],
    ["no permission to list", answer("AccessDenied", 403), "list", "FILE_FORBIDDEN", /s3:ListBucket/],
    ["no permission to write", answer("AccessDenied", 403), "write", "OUTPUT_UNWRITABLE", /s3:PutObject/],
    ["no permission to remove", answer("AccessDenied", 403), "remove", "OUTPUT_UNWRITABLE", /s3:DeleteObject/],
    ["an expired token", answer("ExpiredToken", 400), "read", "FILE_FORBIDDEN", /have expired.*aws sso login/],
    ["an unknown key", answer("InvalidAccessKeyId", 403), "read", "FILE_FORBIDDEN", /does not know.*AWS_PROFILE/],
    ["a wrong secret", answer("SignatureDoesNotMatch", 403), "write", "OUTPUT_UNWRITABLE", /does not know/],
    [
      "no credentials",
      Object.assign(new Error("x"), { name: "CredentialsProviderError" }),
      "list",
      "FILE_FORBIDDEN",
      /no credentials/,
    ],
    [
      "another region",
      answer("PermanentRedirect", 301, REGION),
      "list",
      "USAGE",
      /another region \(eu-north-1\).*AWS_REGION=eu-north-1/,
    ],
    ["a region that is not said", answer("AuthorizationHeaderMalformed", 400), "read", "USAGE", /Set AWS_REGION to/],
    ["no region", new Error("Region is missing"), "list", "USAGE", /no region.*AWS_REGION/],
    ["a wrong clock", answer("RequestTimeTooSkewed", 403), "read", "FILE_FORBIDDEN", /clock/],
    ["a busy store", answer("SlowDown", 503), "write", "FILE_UNREADABLE", /503 SlowDown/],
    ["a broken store", answer("InternalError", 500), "read", "FILE_UNREADABLE", /500 InternalError/],
    [
      "no store",
      Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:443"), { code: "ECONNREFUSED" }),
      "read",
      "FILE_UNREADABLE",
      /connect ECONNREFUSED 10\.0\.0\.1:443/,
    ],
    [
      "a time-out",
      Object.assign(new Error("@smithy/node-http-handler - timed out"), { name: "TimeoutError" }),
      "read",
      "FILE_UNREADABLE",
      /TimeoutError/,
    ],
    ["something odd", answer("WhoKnows", 418), "read", "FILE_UNREADABLE", /418 WhoKnows/],
  ])("%s", (_, error, asked, code, expected) => {
    const fault = storeFault(error, "s3://bucket/folder/key", asked);
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(expected);
    expect(fault.message).toMatch(/^s3:\/\/bucket\/folder\/key: /);
    expect(JSON.stringify(fault.detail)).not.toMatch(/AKIAEXAMPLE|wJalrXUtnFEMI/);
  });
});

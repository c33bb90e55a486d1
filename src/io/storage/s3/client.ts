import { S3Client } from "@aws-sdk/client-s3";

/** Tries of a request up to its answer, with growing pauses of random length between them: for the SDK, which knows what may pass. */
const ATTEMPTS = 6;
const CONNECT_WITHIN_MS = 10_000;
/** A store that says nothing for so long in the midst of an answer is asked again. */
const SILENCE_SECONDS = 30;

let client: S3Client | undefined;

/**
 * The client of this process. Region, credentials and endpoint are found as by every tool that uses AWS's SDK: `AWS_REGION`,
 * `AWS_PROFILE`, `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL_S3`, `~/.aws`, a role of the machine or container.
 */
export function s3Client(): S3Client {
  client ??= makeClient(process.env);
  return client;
}

function makeClient(env: NodeJS.ProcessEnv): S3Client {
  const silence = Number(env.FLIGHTBATCH_S3_TIMEOUT_SECONDS ?? "") || SILENCE_SECONDS;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const hasOwnEndpoint = [env.AWS_ENDPOINT_URL_S3, env.AWS_ENDPOINT_URL].some((url) => url !== undefined && url !== "");
  return new S3Client({
    retryMode: "standard",
    maxAttempts: Number(env.AWS_MAX_ATTEMPTS ?? "") || ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: 1000 * silence },
    // A bucket's name before the host is resolved by AWS; hardly any other store does.
    forcePathStyle: env.FLIGHTBATCH_S3_PATH_STYLE === undefined ? hasOwnEndpoint : isYes(env.FLIGHTBATCH_S3_PATH_STYLE),
    // Stores other than AWS take any region, but a signature has one.
    ...(region !== undefined ? { region } : hasOwnEndpoint ? { region: "us-east-1" } : {}),
  });
}

function isYes(text: string): boolean {
  return /^(1|true|yes)$/i.test(text);
}

import { Fault, type FaultCode } from "../../../faults/fault.ts";
import { parseAddress } from "../address.ts";

/** What was asked of the store. */
export type Asked = "read" | "list" | "write" | "remove";

/** What an answer of the store means: what was found (never text of the store's where that may hold keys), and what to do. */
interface Meaning {
  code: FaultCode;
  found: string;
  hint: string;
}

const EXPECTED: Partial<Record<FaultCode, string>> = {
  FILE_MISSING: "an object that can be read",
  FILE_FORBIDDEN: "an object that can be read",
  FILE_CHANGED: "the object that was listed",
  OUTPUT_UNWRITABLE: "a place where the results can be written",
};

const NEEDED: Record<Asked, string> = {
  read: "s3:GetObject",
  list: "s3:ListBucket",
  write: "s3:PutObject (and s3:AbortMultipartUpload)",
  remove: "s3:DeleteObject",
};

const CREDENTIALS = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.";

/** The fault in an error of the store. */
export function storeFault(error: unknown, path: string, asked: Asked): Fault {
  if (error instanceof Fault) return error;
  const meaning = meaningOf(error, path, asked);
  return new Fault(
    { path, expected: EXPECTED[meaning.code] ?? "a store that can be used", ...meaning },
    { cause: error },
  );
}

function meaningOf(error: unknown, path: string, asked: Asked): Meaning {
  const { name, status, region } = factsOf(error);
  const refused = asked === "write" || asked === "remove" ? "OUTPUT_UNWRITABLE" : "FILE_FORBIDDEN";
  if (name === "NoSuchBucket") return noBucket(path);
  if (name === "NoSuchKey" || name === "NotFound" || status === 404) return MISSING;
  if (name === "PreconditionFailed" || status === 412) return CHANGED;
  if (WRONG_REGION.has(name) || status === 301) return wrongRegion(region);
  if (/^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/.test(name))
    return {
      code: refused,
      found: "credentials that have expired",
      hint: "Log in again (aws sso login), or fetch a new session token.",
    };
  if (/^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|AuthFailure)$/.test(name))
    return { code: refused, found: `credentials that the store does not know (${name})`, hint: CREDENTIALS };
  if (name === "RequestTimeTooSkewed")
    return { code: refused, found: "a clock that is wrong by more than 15 minutes", hint: "Set this machine's clock." };
  if (/Credential/.test(name)) return { code: refused, found: "no credentials", hint: CREDENTIALS };
  if (status === 401 || status === 403)
    return {
      code: refused,
      found: `no permission (${name})`,
      hint: `Ask for ${NEEDED[asked]} on it (docs/object-storage.md).`,
    };
  return troubleOf(error);
}

const MISSING: Meaning = {
  code: "FILE_MISSING",
  found: "no such object",
  hint: "It was removed since it was listed, or its name is another.",
};

const CHANGED: Meaning = {
  code: "FILE_CHANGED",
  found: "an object that was changed after the run had begun",
  hint: "Run again once nothing writes to it any more.",
};

const WRONG_REGION: ReadonlySet<string> = new Set([
  "PermanentRedirect",
  "AuthorizationHeaderMalformed",
  "IllegalLocationConstraintException",
]);

function noBucket(path: string): Meaning {
  const { bucket } = parseAddress(path);
  const hint = "Check its spelling, and with a store other than AWS that AWS_ENDPOINT_URL_S3 names it.";
  return { code: "USAGE", found: `no bucket ${bucket}`, hint };
}

function wrongRegion(region: string | null): Meaning {
  const hint = region === null ? "Set AWS_REGION to the bucket's region." : `Set AWS_REGION=${region}.`;
  return { code: "USAGE", found: `a bucket of another region${region === null ? "" : ` (${region})`}`, hint };
}

/** What may pass: the store is busy or cannot be reached. */
function troubleOf(error: unknown): Meaning {
  const { name, status, message } = factsOf(error);
  if (/region is missing/i.test(message))
    return { code: "USAGE", found: "no region", hint: "Set AWS_REGION to the bucket's region." };
  const what = [status ?? "", name].filter((word) => word !== "" && word !== "Error").join(" ");
  const about = SAFE_MESSAGE.test(message) ? `: ${message}` : "";
  return {
    code: "FILE_UNREADABLE",
    found: `a store that does not answer as it should (${what || "no answer"}${about})`,
    hint: "Check the network and AWS_ENDPOINT_URL_S3; the same command then carries on.",
  };
}

/** Messages of the network: they hold no more than an address. */
const SAFE_MESSAGE = /^(connect|read|write|getaddrinfo|socket|half a body|aborted)\b/i;

interface ErrorFacts {
  name: string;
  message: string;
  status: number | null;
  region: string | null;
}

function factsOf(error: unknown): ErrorFacts {
  const {
    name = "",
    code,
    message = "",
    $metadata,
    $response,
    Region,
  } = (error ?? {}) as Record<string, unknown> & {
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
  };
  const status = $metadata?.httpStatusCode ?? null;
  const region = $response?.headers?.["x-amz-bucket-region"] ?? (typeof Region === "string" ? Region : null);
  const word = name === "Error" || name === "" ? (code ?? name) : name;
  return { name: String(word), message: String(message).split("\n")[0]!.slice(0, 200), status, region };
}

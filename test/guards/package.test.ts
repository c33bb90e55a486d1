import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
  bin?: Record<string, string>;
  files?: string[];
  license?: string;
}

const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
const PERMISSIVE = /^\(?(?:MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|MIT OR (?:Apache-2\.0|CC0-1\.0))\)?$/;
/** In the package whatever `files` says. */
const ALWAYS_PACKED = ["README.md", "LICENSE", "package.json"];

function looseVersions({ dependencies, devDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}

function installScripts({ scripts }: Manifest): string[] {
  return Object.keys(scripts ?? {}).filter((name) => INSTALL_SCRIPTS.includes(name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return readFileSync(path, "utf8").startsWith("#!/usr/bin/env node\n");
  } catch {
    return false;
  }
}

function foreignLicences(packages: Record<string, Manifest>): string[] {
  return Object.entries(packages)
    .filter(([, { license }]) => !PERMISSIVE.test(license ?? ""))
    .map(([name, { license }]) => `${name}: ${license ?? "no licence"}`);
}

const readJson = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T;
const manifest = readJson<Manifest>("package.json");

/** All packages that come with an installation, by the lock file; those of other systems are not there to be read. */
function shippedPackages(): Record<string, Manifest> {
  const { packages } = readJson<{ packages: Record<string, { dev?: boolean }> }>("package-lock.json");
  const paths = Object.keys(packages).filter((path) => path !== "" && packages[path]!.dev !== true);
  const present = paths.filter((path) => existsSync(join(path, "package.json")));
  return Object.fromEntries(present.map((path) => [path, readJson<Manifest>(join(path, "package.json"))]));
}

it("pins every dependency to one version", () => {
  expect(looseVersions(manifest)).toEqual([]);
});

it("runs nothing when it is installed, and lets no dependency run anything", () => {
  expect(installScripts(manifest)).toEqual([]);
  expect(readFileSync(".npmrc", "utf8")).toMatch(/^ignore-scripts=true$/m);
});

it("has its programs, and they can be executed", () => {
  expect(Object.values(manifest.bin ?? {}).filter((path) => !isExecutable(path))).toEqual([]);
});

it("packs what is there, the documents too", () => {
  const packed = [...(manifest.files ?? []), ...ALWAYS_PACKED];
  expect(packed.filter((path) => path !== "dist" && !existsSync(path))).toEqual([]);
  expect(packed).toEqual(expect.arrayContaining(["bin", "dist", "docs", "CHANGELOG.md"]));
});

it("ships only dependencies under permissive licences", () => {
  const packages = shippedPackages();
  expect(Object.keys(packages).length).toBeGreaterThan(Object.keys(manifest.dependencies!).length);
  expect(foreignLicences(packages)).toEqual([]);
});

it("sees each of these where it is not kept", () => {
  expect(looseVersions({ dependencies: { a: "^1.0.0", b: "1.5.6-r.1" }, devDependencies: { c: "latest" } })).toEqual([
    "a ^1.0.0",
    "c latest",
  ]);
  expect(installScripts({ scripts: { test: "vitest", postinstall: "node steal.js" } })).toEqual(["postinstall"]);
  expect(isExecutable("package.json")).toBe(false);
  expect(foreignLicences({ a: { license: "GPL-3.0" }, b: {}, c: { license: "(MIT OR CC0-1.0)" } })).toEqual([
    "a: GPL-3.0",
    "b: no licence",
  ]);
});
